// What a stage command needs of the config: the stages of the model, from the default branch.
import { readBaseConfig } from "../../src/commands/read-base-config.ts";
import type { Config } from "../../src/config/settings.ts";
import { InputError } from "../../src/errors.ts";
import type { StageRule } from "../../src/registry/promotion.ts";
import type { Session } from "../session.ts";

/** The config on the default branch. @throws InputError when there is none. */
export async function readDefaultConfig(session: Session): Promise<Config> {
  const base = await readBaseConfig(session.repository, session.defaultBranch);
  if (base) return base.config;
  throw new InputError(`there is no .github/modelgate.yml on ${session.defaultBranch}`);
}

/** The model's stages in the config's order. @throws InputError naming the known models. */
export function findStages(config: Config, model: string): readonly StageRule[] {
  const settings = config.models.get(model);
  if (settings) return settings.stages;
  throw new InputError({
    message: `there is no model ${model} in the config`,
    expected: `one of ${[...config.models.keys()].join(", ")}`,
  });
}
