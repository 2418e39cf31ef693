// `modelgate registry resolve`: print the version that a stage holds, in one request.
import { defineCommand } from "./command.ts";
import { readArgument } from "./registry-input.ts";

export const registryResolve = defineCommand({
  name: "registry resolve",
  summary: "print the version that a stage holds, in one request",
  arguments: [{ name: "reference", summary: "MODEL@STAGE or MODEL@VERSION", required: true }],
  options: [{ flags: "--no-cache", summary: "do not ask by what this user's cache folder holds of earlier answers" }],
  examples: ["modelgate registry resolve churn@production"],
  run: async (input, context) => {
    const { connectReader } = await import("../commands/connect-reader.ts");
    const { resolve } = await import("../commands/registry-resolve.ts");
    return resolve(readArgument(input, 0) ?? "", await connectReader(input, context));
  },
});
