// Use case: move a stage back to the last good version, or to a named one.
import type { Context } from "../host/context.ts";
import { parseModelName, parseStageName, parseVersion } from "../registry/names.ts";
import { findStage, type StageRule } from "../registry/promotion.ts";
import { planRollback, rollbackStage } from "../registry/rollback.ts";
import { describeActor, recallLogin, requireRegistryAccess } from "./find-actor.ts";
import { notifyConsumers } from "./notify-consumers.ts";
import type { Outcome } from "./outcome.ts";
import { describeStageChange } from "./promote.ts";
import type { StageChangeDocument } from "./registry-documents.ts";
import type { RegistrySession } from "./registry-session.ts";

export interface RollbackSettings {
  readonly model: string;
  /** Null = the last stage. */
  readonly stage: string | null;
  /** Null = the last good version. */
  readonly to: string | null;
  readonly reason: string | null;
  /** Login of who asks; null = whoever the token or the workflow run belongs to. */
  readonly actor: string | null;
  readonly stages: readonly StageRule[];
  readonly dryRun?: boolean;
}

/** Throws RefusedError when the actor may not, there is nothing to go back to, or the bytes do not verify. */
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
  if (settings.dryRun) {
    const plan = await planRollback(session.ledger, session.releases, request);
    return describeStageChange({ ...common, from: plan.from, version: plan.to }, "planned", null);
  }
  const done = await rollbackStage(session, request);
  const { from, to: version, contentSha256: digest, event } = done;
  const move = { model, stage, version, previous: from, digest, actor: login, reason, sequence: event?.sequence ?? 0 };
  const notified = await notifyConsumers(move, stages, session);
  return describeStageChange({ ...common, from, version }, "moved", done, { notified });
}
