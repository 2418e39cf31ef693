// `modelgate profile`: a mergeable summary of a data set, without any of its values.
import { defineCommand } from "./command.ts";
import { readSmallestGroup, smallestGroupOption } from "./smallest-group.ts";

export const profile = defineCommand({
  name: "profile",
  summary: "summarise a data set so that it can be compared and merged without its rows",
  arguments: [
    {
      name: "data",
      summary: "file, glob, or an address that begins with https://, s3:// or clickhouse://",
      required: true,
    },
  ],
  options: [
    { flags: "--out <file>", summary: "write the profile to this .json file" },
    { flags: "--time <column>", summary: "time column of the window" },
    { flags: "--from <date>", summary: "first day of the window" },
    { flags: "--to <date>", summary: "last day of the window" },
    { flags: "--missing <text...>", summary: "cells read as missing (default: empty, NA, NaN, null, None)" },
    smallestGroupOption,
  ],
  examples: [
    "modelgate profile data/train.parquet --out train-profile.json",
    "modelgate profile 'logs/*.csv' --time at --from 2026-11-01 --to 2026-11-30 --json",
    "modelgate profile clickhouse://node1:8123,node2:8123/logs/predictions --out profile.json --smallest-group 10",
  ],
  run: async (input, context) => {
    const { profile: run } = await import("../commands/profile.ts");
    const text = (name: string): string | undefined => {
      const value = input.options[name];
      return typeof value === "string" ? value : undefined;
    };
    const missing = input.options["missing"];
    return run(
      {
        source: String(input.arguments[0]),
        out: text("out"),
        smallestGroup: readSmallestGroup(input),
        time: text("time"),
        from: text("from"),
        to: text("to"),
        missingValues: Array.isArray(missing) ? (missing as readonly string[]) : undefined,
      },
      context,
    );
  },
});
