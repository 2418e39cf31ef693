// What a stage command needs: the stages' rules from the default branch, and who asks.
import { readBaseConfig } from "../../src/commands/read-base-config.ts";
import { InputError } from "../../src/errors.ts";
import { type PermissionLevel, readPermission } from "../../src/github/permissions.ts";
import type { Actor, StageRule } from "../../src/registry/promotion.ts";
import type { Session } from "../session.ts";

export interface StageAsk {
  readonly model: string;
  readonly stages: readonly StageRule[];
  readonly actor: Actor;
}

/** Rules of the model on the default branch; teams are not looked up, so a rule that names only teams refuses here. */
export async function readStageAsk(model: string, login: string, session: Session): Promise<StageAsk> {
  const base = await readBaseConfig(session.repository, session.defaultBranch);
  const settings = base?.config.models.get(model);
  if (!settings) {
    throw new InputError({
      message: `there is no model ${model} in the config of ${session.defaultBranch}`,
      expected: base === null ? ".github/modelgate.yml" : `one of ${[...base.config.models.keys()].join(", ")}`,
    });
  }
  const permission: PermissionLevel = await readPermission(session.repository, login);
  return { model, stages: settings.stages, actor: { login, permission, teams: [] } };
}
