// `modelgate registry history`: what happened in the registry, who did it, and what served when.
import { defineCommand } from "./command.ts";
import { readArgument, readText } from "./registry-input.ts";

export const registryHistory = defineCommand({
  name: "registry history",
  summary: "what happened in the registry, who did it, and what served when",
  arguments: [{ name: "model", summary: "only this model", required: false }],
  options: [{ flags: "--at <date>", summary: "up to this moment, or the end of this day in UTC" }],
  examples: ["modelgate registry history churn", "modelgate registry history --at 2026-03-01 --json"],
  run: async (input, context) => {
    const { connectReader } = await import("../commands/connect-reader.ts");
    const { readHistory } = await import("../commands/registry-history.ts");
    const session = await connectReader(input, context);
    return readHistory({ model: readArgument(input, 0), at: readText(input, "at") }, session);
  },
});
