// `modelgate lock`: pin the data of a model, or of all, in modelgate.lock as it is now.
import { defineCommand } from "./command.ts";

export const lock = defineCommand({
  name: "lock",
  summary: "pin the data of a model, or of all, in modelgate.lock as it is now",
  arguments: [{ name: "model", summary: "a model of the config; default: all that name data", required: false }],
  options: [{ flags: "--dry-run", summary: "print what would be written" }],
  examples: ["modelgate lock", "modelgate lock churn --dry-run"],
  run: async (input, context) => {
    const { lock } = await import("../commands/lock.ts");
    const [model] = input.arguments;
    return lock(
      {
        model: typeof model === "string" ? model : null,
        configFile: input.configFile,
        dryRun: input.options["dryRun"] === true,
      },
      context,
    );
  },
});
