// `modelgate registry history`: what happened in the registry, who did it, and what served when.
import { defineCommand } from "./command.ts";
import { readArgument, readCount, readText } from "./registry-input.ts";

export const registryHistory = defineCommand({
  name: "registry history",
  summary: "what happened in the registry, who did it, and what served when",
  arguments: [{ name: "model", summary: "only this model", required: false }],
  options: [
    { flags: "--at <date>", summary: "up to this moment, or the end of this day in UTC" },
    { flags: "--limit <count>", summary: "at most so many events, the newest (of more than 2,000 events: 100)" },
    { flags: "--before <event>", summary: "only events before this one (its number), this moment or this day" },
    { flags: "--after <event>", summary: "only events after this one, this moment or this day" },
  ],
  examples: [
    "modelgate registry history churn",
    "modelgate registry history --at 2026-03-01 --json",
    "modelgate registry history churn --before 18000 --limit 500",
    "modelgate registry history --after 2026-03-01",
  ],
  run: async (input, context) => {
    const { connectReader } = await import("../commands/connect-reader.ts");
    const { readHistory } = await import("../commands/registry-history.ts");
    const limit = readCount(input, "limit", 1);
    const session = await connectReader(input, context);
    const [at, before, after] = [readText(input, "at"), readText(input, "before"), readText(input, "after")];
    return readHistory({ model: readArgument(input, 0), at, before, after, limit }, session);
  },
});
