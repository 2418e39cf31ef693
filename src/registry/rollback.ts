// Moving a stage back: to the last good version or a named one, and only to bytes that verify.
import { RefusedError } from "../errors.ts";
import { type Appended, type AppendPorts, appendEvent } from "./append-event.ts";
import type { LedgerPort } from "./ledger.ts";
import { type LedgerView, readLedgerView, readVersionRecord } from "./ledger-view.ts";
import type { ModelIndex, VersionRecord } from "./model-index.ts";
import { type Actor, checkActor, checkPromotion, describeNoVersion, findStage, type StageRule } from "./promotion.ts";
import type { Release, ReleasePort } from "./release.ts";
import { requireServable } from "./servable.ts";

export interface RollbackRequest {
  readonly model: string;
  readonly stage: string;
  /** Null = the last good version: the newest earlier holder of the stage that was not itself rolled back. */
  readonly to: string | null;
  readonly reason: string | null;
  readonly actor: Actor;
  readonly stages: readonly StageRule[];
}

export interface RollbackPlan {
  readonly view: LedgerView;
  readonly from: string;
  readonly to: string;
  /** Of the version gone back to. */
  readonly contentSha256: string;
  /** The stage held it before; else going there is a promotion, by whose rules it was found fit. */
  readonly held: boolean;
  /** As it was found to hold the version's bytes. */
  readonly release: Release;
}

export interface RollbackPorts extends AppendPorts {
  readonly releases: ReleasePort;
}

/**
 * Moves the stage back and keeps the reason, by a plan of this very request (made here when none is given). RefusedError as
 * `planRollback`, and when the stage moved meanwhile.
 */
export async function rollbackStage(
  ports: RollbackPorts,
  request: RollbackRequest,
  planned?: RollbackPlan,
): Promise<Appended & Pick<RollbackPlan, "from" | "to" | "contentSha256">> {
  const { model, stage, reason, actor } = request;
  const plan = planned ?? (await planRollback(ports.ledger, ports.releases, request));
  const appended = await appendEvent(
    ports,
    () => readLedgerView(ports.ledger, model, plan.to),
    (view) => {
      const from = view.index.stages[stage];
      // Between the check and this event the stage moved: what was asked for no longer holds.
      if (from !== plan.from)
        throw new RefusedError({
          message: `${stage} moved from ${plan.from} to ${from ?? "nothing"} meanwhile`,
          hint: "look at `modelgate registry history` and decide again",
        });
      return { event: "rollback", model, version: plan.to, stage, from, reason, actor: actor.login };
    },
    plan.view,
  );
  const { from, to, contentSha256 } = plan;
  return { ...appended, from, to, contentSha256 };
}

/**
 * Checks everything a rollback needs, writes nothing. RefusedError when the actor may not, there is nothing to go back to, a version
 * that the stage never held is not fit to be promoted there, or the bytes do not verify.
 */
export async function planRollback(
  ledger: LedgerPort,
  releases: ReleasePort,
  request: RollbackRequest,
): Promise<RollbackPlan> {
  const { model, stage, actor, stages } = request;
  const rule = findStage(stages, stage);
  const problems = checkActor(rule, actor);
  if (problems.length > 0) throw new RefusedError(problems);
  const { head, index, record: named } = await readLedgerView(ledger, model, request.to);
  const from = index.stages[stage];
  if (from === undefined)
    throw new RefusedError({ message: `${stage} of ${model} holds no version`, hint: "there is nothing to roll back" });
  const { to, record } = await findTarget(ledger, index, request, from, named, head?.commit);
  if (to === null)
    throw new RefusedError({
      message: `${stage} of ${model} has held no good version before ${from}`,
      hint: `name one: modelgate rollback ${model} --to VERSION`,
    });
  if (to === from)
    throw new RefusedError({ message: `${stage} of ${model} holds ${to} already`, hint: "name another version" });
  if (record === null) throw describeNoVersion(model, to);
  const held = (index.holders[stage] ?? []).some(({ version }) => version === to);
  if (!held) refuseUnfit(index, record, request, rule);
  const servable = await requireServable(releases, model, to, record);
  const { contentSha256 } = servable.record;
  return { view: { head, index, record: servable.record }, from, to, contentSha256, held, release: servable.release };
}

/** Nobody gets a version into a stage around its rules by calling it a rollback. */
function refuseUnfit(index: ModelIndex, record: VersionRecord, request: RollbackRequest, rule: StageRule): void {
  const { model, stage, actor, stages } = request;
  const problems = checkPromotion(index, record, stages, rule, actor);
  if (problems.length === 0) return;
  const before = [...new Set((index.holders[stage] ?? []).slice(1).map(({ version }) => version))];
  throw new RefusedError([
    {
      message: `${stage} never held ${model}@${record.version}: to go there is a promotion, and its rules say no`,
      expected: before.length > 0 ? `one that it held: ${before.join(", ")}` : "a version that it held",
      received: record.version,
      hint: `modelgate promote ${model} ${record.version} ${stage}`,
    },
    ...problems,
  ]);
}

/** The version to go back to with what is known of it: the one asked for, else the newest good one that can still be had. */
async function findTarget(
  ledger: LedgerPort,
  index: ModelIndex,
  { model, stage, to }: RollbackRequest,
  present: string,
  named: VersionRecord | null,
  commit: string | undefined,
): Promise<{ readonly to: string | null; readonly record: VersionRecord | null }> {
  if (to !== null) return { to, record: to === present ? null : named };
  for (const version of listGood(index, stage, present)) {
    const record = await readVersionRecord(ledger, model, version, commit);
    if (record?.state === "available") return { to: version, record };
  }
  return { to: null, record: null };
}

/** Earlier holders that were not left by a rollback and are not the present one, newest first, each once. */
export function listGood(index: ModelIndex, stage: string, present: string): readonly string[] {
  const holders = index.holders[stage] ?? [];
  const bad = new Set(holders.filter((holder) => holder.rolledBack).map((holder) => holder.version));
  return [...new Set(holders.map(({ version }) => version))].filter(
    (version) => version !== present && !bad.has(version),
  );
}
