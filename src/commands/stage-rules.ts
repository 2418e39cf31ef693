// The stages of a model and who may set them: from the config at hand, else from the repository's default branch.
import { configFileName, decodeConfig, parseConfig } from "../config/parse.ts";
import { defaultStages } from "../config/resolve-stages.ts";
import type { ModelSettings, StageSettings } from "../config/settings.ts";
import { InputError } from "../errors.ts";
import type { RepositoryClient } from "../github/client.ts";
import { readDefaultBranchFile } from "../github/default-branch-file.ts";
import type { Context } from "../host/context.ts";
import { findModel, loadConfig } from "./load-config.ts";

export interface ModelConfig {
  readonly settings: ModelSettings | null;
  /** `OWNER/NAME` of a registry apart. */
  readonly registry: string | null;
  /** Folder the config's paths are relative to; null when the config is not on this disk. */
  readonly root: string | null;
  readonly stages: readonly StageSettings[];
}

export interface ConfigChoice {
  /** `--config FILE`. */
  readonly configFile: string | undefined;
  /** `--repo OWNER/NAME` was given: the clone this stands in may be another repository's. */
  readonly named: boolean;
}

/**
 * What the config says of a model. With `--repo` and no `--config` it is read from that repository; a repository without
 * a config has the two default stages. InputError for a model that the config does not know.
 */
export async function findModelConfig(
  model: string,
  choice: ConfigChoice,
  repository: RepositoryClient,
  context: Context,
): Promise<ModelConfig> {
  if (choice.configFile !== undefined || !choice.named) {
    const loaded = await loadConfig(choice.configFile, context);
    const settings = findModel(loaded, model);
    return { settings, registry: loaded.config.registry, root: loaded.root, stages: settings.stages };
  }
  const bytes = await readDefaultBranchFile(repository, configFileName);
  if (bytes === null) return { settings: null, registry: null, root: null, stages: defaultStages };
  const file = `${repository.owner}/${repository.name}:${configFileName}`;
  const config = parseConfig(decodeConfig(bytes, file), file);
  const settings = config.models.get(model);
  if (settings === undefined)
    throw new InputError({ message: "the config does not name this model", file, received: model });
  return { settings, registry: config.registry, root: null, stages: settings.stages };
}
