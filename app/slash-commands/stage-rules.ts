// What a stage command needs of the config on the default branch: the model's stages, and whether the commenter may set one.
import { lookUpActor } from "../../src/commands/find-actor.ts";
import { readBaseConfig } from "../../src/commands/read-base-config.ts";
import type { Config, StageSettings } from "../../src/config/settings.ts";
import { InputError, ModelgateError, RefusedError } from "../../src/errors.ts";
import { checkKnownActor, findStage } from "../../src/registry/promotion.ts";
import type { Session } from "../session.ts";

/** The config on the default branch. @throws InputError when there is none. */
export async function readDefaultConfig(session: Session): Promise<Config> {
  const base = await readBaseConfig(session.repository, session.defaultBranch);
  if (base) return base.config;
  throw new InputError(`there is no .github/modelgate.yml on ${session.defaultBranch}`);
}

/** The model's stages in the config's order. @throws InputError naming the known models. */
export function findStages(config: Config, model: string): readonly StageSettings[] {
  const settings = config.models.get(model);
  if (settings) return settings.stages;
  throw new InputError({
    message: `there is no model ${model} in the config`,
    expected: `one of ${[...config.models.keys()].join(", ")}`,
  });
}

/**
 * The commenter may set the stage: by its `who`, or where the config says nothing with the right to maintain. The App's own token
 * could write the ledger for anybody, so who asks is always looked up. @throws RefusedError when they may not, or GitHub did not say.
 */
export async function requireMaySet(
  stages: readonly StageSettings[],
  stage: string,
  login: string,
  session: Session,
): Promise<void> {
  findStage(stages, stage);
  const found = stages.find(({ name }) => name === stage);
  if (found === undefined) return;
  const rule = found.who.stated ? found : { ...found, who: { ...found.who, permission: "maintain" as const } };
  let problems: ReturnType<typeof checkKnownActor>;
  try {
    problems = checkKnownActor(rule, await lookUpActor(session.repository, login, rule));
  } catch (error) {
    if (!(error instanceof ModelgateError)) throw error;
    session.context.progress(`what ${login} may could not be read: ${error.message}`);
    throw new RefusedError({ message: `GitHub did not say what ${login} may`, hint: "try again later" });
  }
  if (problems.length > 0) throw new RefusedError(problems);
}
