// Use case: move a stage back to the last good version, or to a named one.
import type { ModelSettings, StageSettings } from "../config/settings.ts";
import { RefusedError } from "../errors.ts";
import type { Context } from "../host/context.ts";
import { parseModelName, parseStageName, parseVersion } from "../registry/names.ts";
import { findStage, type StageRule } from "../registry/promotion.ts";
import { planRollback, type RollbackPlan, rollbackStage } from "../registry/rollback.ts";
import { describeActor, recallLogin, requireRegistryAccess } from "./find-actor.ts";
import { notifyConsumers } from "./notify-consumers.ts";
import type { Outcome } from "./outcome.ts";
import { describeStageChange } from "./promote.ts";
import type { StageChangeDocument } from "./registry-documents.ts";
import type { RegistrySession } from "./registry-session.ts";
import { requireCard } from "./require-card.ts";

export interface RollbackSettings {
  readonly model: string;
  /** Null = the last stage. */
  readonly stage: string | null;
  /** Null = the last good version. */
  readonly to: string | null;
  readonly reason: string | null;
  /** Login of who asks; null = whoever the token or the workflow run belongs to. */
  readonly actor: string | null;
  readonly stages: readonly (StageRule & Partial<Pick<StageSettings, "requiresHoldout">>)[];
  /** The model's config, with the card sections that it requires; null = it requires none. */
  readonly config: ModelSettings | null;
  readonly dryRun?: boolean;
}

/**
 * Throws RefusedError when the actor may not, there is nothing to go back to, or the bytes do not verify. A version that the stage
 * never held goes there by the rules of a promotion.
 */
export async function rollback(
  settings: RollbackSettings,
  session: RegistrySession,
  context: Context,
): Promise<Outcome<StageChangeDocument>> {
  const model = parseModelName(settings.model);
  const stage = parseStageName(settings.stage ?? settings.stages.at(-1)?.name ?? "production");
  const to = settings.to === null ? null : parseVersion(settings.to);
  const { reason, stages } = settings;
  const rule = findStage(stages, stage);
  const login = settings.actor ?? (await recallLogin(session.repository, context, rule));
  if (settings.actor !== null) await requireRegistryAccess(session, login);
  const actor = await describeActor(session.repository, login, rule);
  const request = { model, stage, to, reason, actor, stages };
  const common = { model, stage, actor: login, reason };
  const plan = await planRollback(session.ledger, session.releases, request);
  if (!plan.held) await requirePromotable(plan, settings, stage, session);
  if (settings.dryRun) return describeStageChange({ ...common, from: plan.from, version: plan.to }, "planned", null);
  const done = await rollbackStage(session, request, plan);
  const { from, to: version, contentSha256: digest, event } = done;
  const move = { model, stage, version, previous: from, digest, actor: login, reason, sequence: event?.sequence ?? 0 };
  const notified = await notifyConsumers(move, stages, session);
  return describeStageChange({ ...common, from, version }, "moved", done, { notified });
}

/** What a promotion asks beyond the ledger: the holdout, which a promotion alone may look at, and the card. */
async function requirePromotable(
  { to, release }: RollbackPlan,
  { model, stages, config }: RollbackSettings,
  stage: string,
  session: RegistrySession,
): Promise<void> {
  if (stages.some(({ name, requiresHoldout }) => name === stage && requiresHoldout))
    throw new RefusedError({
      message: `${stage} never held ${model}@${to}, and takes new versions only after they pass on the holdout`,
      expected: "a version that the stage held before",
      received: to,
      hint: `modelgate promote ${model} ${to} ${stage}`,
    });
  await requireCard(config, { model, version: to, stage }, { release }, session);
}
