// The action `train`: trains the models a change concerns and uploads what came of it.

import { resolve } from "node:path";
import { findChangedPaths } from "../../src/commands/find-changed-paths.ts";
import { trainModels } from "../../src/commands/train-models.ts";
import { hasFiles, uploadFolder } from "../artifacts.ts";
import { readVariables } from "../read-variables.ts";
import { runAction } from "../run-action.ts";
import { openRepository } from "../runner.ts";
import { Inputs } from "./inputs.ts";

export async function run(): Promise<void> {
  await runAction(Inputs, async (inputs, { context, runner }) => {
    const repository = openRepository(runner, context.environment["GITHUB_TOKEN"], context);
    const changedPaths = inputs.models.length > 0 ? null : await findChangedPaths(repository, runner.event);
    const outcome = await trainModels(
      { models: inputs.models, changedPaths, out: inputs.out, configFile: inputs.config },
      { ...context, environment: { ...context.environment, ...readVariables(inputs.variables) } },
    );
    const folder = resolve(context.folder, inputs.out);
    const upload = inputs.artifact !== "none" && (await hasFiles(folder));
    const artifact = upload ? await uploadFolder(inputs.artifact, folder) : null;
    const models = outcome.document.models.map(({ model }) => model);
    return {
      outcome,
      outputs: { models: JSON.stringify(models), candidates: folder, "artifact-id": artifact?.id ?? null },
    };
  });
}
