// `modelgate rollback`: move a stage back to the last good version, or to a named one.
import { defineCommand } from "./command.ts";
import { readArgument, readText } from "./registry-input.ts";

export const rollback = defineCommand({
  name: "rollback",
  summary: "move a stage back to the last good version, or to a named one",
  arguments: [{ name: "model", summary: "a model of the config", required: true }],
  options: [
    { flags: "--to <version>", summary: "the version (default: the last that held the stage and was not rolled back)" },
    { flags: "--stage <stage>", summary: "the stage (default: the last of the config)" },
    { flags: "--reason <text>", summary: "kept in the ledger" },
    { flags: "--dry-run", summary: "say what would happen; write nothing" },
  ],
  examples: [
    'modelgate rollback churn --reason "false alarms since noon"',
    "modelgate rollback churn --to 1.3.0 --dry-run",
  ],
  run: async (input, context) => {
    const { connectRegistry } = await import("../commands/registry-session.ts");
    const { findModelConfig } = await import("../commands/stage-rules.ts");
    const { rollback } = await import("../commands/rollback.ts");
    const opened = await connectRegistry(input.repository, context);
    const model = readArgument(input, 0) ?? "";
    const choice = { configFile: input.configFile, named: input.repository !== undefined };
    const { settings, stages, registry } = await findModelConfig(model, choice, opened.repository, context);
    const session = opened.under({ registry });
    return rollback(
      {
        model,
        stage: readText(input, "stage"),
        to: readText(input, "to"),
        reason: readText(input, "reason"),
        actor: null,
        stages,
        config: settings,
        dryRun: input.options["dryRun"] === true,
      },
      session,
      context,
    );
  },
});
