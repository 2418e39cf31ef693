// `modelgate promote`: put a version into a stage, by the rules of the config.
import { defineCommand } from "./command.ts";
import { readArgument, readText } from "./registry-input.ts";

export const promote = defineCommand({
  name: "promote",
  summary: "put a version into a stage, by the rules of the config",
  arguments: [
    { name: "model", summary: "a model of the config", required: true },
    { name: "version", summary: "a published version", required: true },
    { name: "stage", summary: "a stage of the model", required: true },
  ],
  options: [
    { flags: "--reason <text>", summary: "kept in the ledger" },
    { flags: "--approve", summary: "approve that the version may go there, without moving the stage" },
    { flags: "--dry-run", summary: "say what would happen; write nothing" },
  ],
  examples: [
    "modelgate promote churn 1.4.0 staging",
    'modelgate promote churn 1.4.0 production --reason "a week on staging"',
  ],
  run: async (input, context) => {
    const { connectRegistry } = await import("../commands/registry-session.ts");
    const { findModelConfig } = await import("../commands/stage-rules.ts");
    const { promote } = await import("../commands/promote.ts");
    const { judgeHoldout } = await import("../commands/judge-holdout.ts");
    const opened = await connectRegistry(input.repository, context);
    const model = readArgument(input, 0) ?? "";
    const choice = { configFile: input.configFile, named: input.repository !== undefined };
    const { stages, settings, root, registry } = await findModelConfig(model, choice, opened.repository, context);
    const session = opened.under({ registry });
    return promote(
      {
        model,
        version: readArgument(input, 1) ?? "",
        stage: readArgument(input, 2) ?? "",
        reason: readText(input, "reason"),
        actor: null,
        stages,
        holdout: settings && {
          settings,
          judge: root === null ? null : (question) => judgeHoldout(settings, root, question, session, context),
        },
        dryRun: input.options["dryRun"] === true,
        approve: input.options["approve"] === true,
      },
      session,
      context,
    );
  },
});
