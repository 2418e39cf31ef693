// `modelgate expect infer`: expectations that data already meets, for review.
import { defineCommand } from "./command.ts";

export const expectInfer = defineCommand({
  name: "expect infer",
  summary: "suggest expectations from data or a profile, as a block of YAML to review",
  arguments: [{ name: "data", summary: "data or a profile: file, glob or https address", required: true }],
  options: [{ flags: "--missing <text...>", summary: "cells read as missing (default: empty, NA, NaN, null, None)" }],
  examples: ["modelgate expect infer data/train.parquet", "modelgate expect infer train-profile.json"],
  run: async (input, context) => {
    const { inferExpectations } = await import("../commands/infer-expectations.ts");
    const missing = input.options["missing"];
    const missingValues = Array.isArray(missing) ? (missing as readonly string[]) : undefined;
    return inferExpectations(String(input.arguments[0]), { missingValues }, context);
  },
});
