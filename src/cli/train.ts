// `modelgate train`: train a model: writes the model, its run record and its metrics.
import { defineCommand } from "./command.ts";

export const train = defineCommand({
  name: "train",
  summary: "train a model: writes the model, its run record and its metrics",
  arguments: [{ name: "model", summary: "a model of the config", required: true }],
  options: [{ flags: "--out <dir>", summary: "folder for the results", required: true }],
  examples: ["modelgate train churn --out out/churn", "modelgate train churn --out out/churn --json"],
  run: async (input, context) => {
    const { train } = await import("../commands/train.ts");
    const [model] = input.arguments;
    return train({ model: String(model), out: String(input.options["out"]), configFile: input.configFile }, context);
  },
});
