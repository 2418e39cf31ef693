// `modelgate registry show`: one model of the registry: its versions with their state, verdict and stages.
import { defineCommand } from "./command.ts";
import { readArgument } from "./registry-input.ts";

export const registryShow = defineCommand({
  name: "registry show",
  summary: "one model of the registry: its versions with their state, verdict and stages",
  options: [{ flags: "--all", summary: "every version of a large registry too: one request per 100 events" }],
  arguments: [{ name: "model", summary: "a model of the registry", required: true }],
  examples: ["modelgate registry show churn", "modelgate registry show churn --json"],
  run: async (input, context) => {
    const { connectReader } = await import("../commands/connect-reader.ts");
    const { listRegistry } = await import("../commands/registry-list.ts");
    return listRegistry(readArgument(input, 0), await connectReader(input, context), {
      all: input.options["all"] === true,
    });
  },
});
