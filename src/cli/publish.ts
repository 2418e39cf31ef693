// `modelgate publish`: publish a model's bytes as a version: a release that stands alone, recorded in the ledger.
import { defineCommand } from "./command.ts";
import { readArgument, readList, readText } from "./registry-input.ts";

export const publish = defineCommand({
  name: "publish",
  summary: "publish a model's bytes as a version: a release that stands alone, recorded in the ledger",
  arguments: [{ name: "model", summary: "a model of the config", required: true }],
  options: [
    { flags: "--file <path...>", summary: "a file of the model, published under its base name (repeatable)" },
    { flags: "--candidate <dir>", summary: "the folder that a training left" },
    { flags: "--evidence <dir>", summary: "the folder with evidence.json: only the bytes it judged are published" },
    { flags: "--version <version>", summary: "the version (default: the same for the same bytes, else the next)" },
    { flags: "--pre", summary: "as a release candidate: the next version with -rc.1, -rc.2, …" },
    { flags: "--card <file>", summary: "the model card: text of the release" },
    { flags: "--profile <file>", summary: "the profile of the data, published beside the model" },
    { flags: "--reason <text>", summary: "kept in the ledger" },
    { flags: "--dry-run", summary: "say what would be published; write nothing" },
  ],
  examples: [
    "modelgate publish churn --file out/model.onnx",
    "modelgate publish churn --candidate out/churn --evidence evidence --json",
    "modelgate publish churn --file model.onnx --version 2.0.0-rc.1 --dry-run",
  ],
  run: async (input, context) => {
    const { connectRegistry } = await import("../commands/registry-session.ts");
    const { findModelConfig } = await import("../commands/stage-rules.ts");
    const { publish } = await import("../commands/publish.ts");
    const { readCard } = await import("../commands/read-card.ts");
    const opened = await connectRegistry(input.repository, context);
    const model = readArgument(input, 0) ?? "";
    const choice = { configFile: input.configFile, named: input.repository !== undefined };
    const { settings, root, registry } = await findModelConfig(model, choice, opened.repository, context);
    const session = opened.under({ registry });
    return publish(
      {
        model,
        config: settings,
        root,
        files: readList(input, "file"),
        candidate: readText(input, "candidate"),
        evidence: readText(input, "evidence"),
        version: readText(input, "version"),
        pre: input.options["pre"] === true,
        card: await readCard(readText(input, "card"), context),
        profile: readText(input, "profile"),
        reason: readText(input, "reason"),
        actor: null,
        dryRun: input.options["dryRun"] === true,
      },
      session,
      context,
    );
  },
});
