// Moving a stage forward, and approving such a move: one event each.
import { RefusedError } from "../errors.ts";
import { type Appended, type AppendPorts, appendEvent } from "./append-event.ts";
import type { EventDraft } from "./event.ts";
import type { LedgerPort } from "./ledger.ts";
import { findSummary, type LedgerView, readLedgerView } from "./ledger-view.ts";
import type { VersionSummary } from "./model-index.ts";
import { type Actor, checkActor, checkPromotion, describeNoVersion, findStage, type StageRule } from "./promotion.ts";
import type { Release, ReleasePort } from "./release.ts";
import { requireServable } from "./servable.ts";

export interface PromoteRequest {
  readonly model: string;
  readonly version: string;
  readonly stage: string;
  readonly reason: string | null;
  readonly actor: Actor;
  /** The stages of the model, as the config orders them. */
  readonly stages: readonly StageRule[];
  /** The holder of the stage that was judged against; missing = nothing depends on who holds it. */
  readonly from?: string | null;
}

/** `version`: what the rules ask of it. */
interface PromotionView extends LedgerView {
  readonly version: VersionSummary | null;
}

export interface PromotePorts extends AppendPorts {
  readonly releases: ReleasePort;
}

export interface PromotionPlan {
  readonly view: PromotionView;
  /** Null = the stage holds the version already. */
  readonly draft: EventDraft | null;
  /** As it was found to hold the version's bytes; null when there is nothing to write, so that nothing was looked at. */
  readonly release: Release | null;
}

/**
 * Puts the version into the stage: one event, by a plan of this very request (made here when none is given). When the
 * ledger moved meanwhile, the rules are asked again. No event when it is there already; RefusedError as `planPromotion`.
 */
export async function promoteVersion(
  ports: PromotePorts,
  request: PromoteRequest,
  planned?: PromotionPlan,
): Promise<Appended> {
  const { view } = planned ?? (await planPromotion(ports, request));
  return await appendEvent(
    ports,
    () => readPromotionView(ports.ledger, request),
    (now) => decidePromotion(now, request),
    view,
  );
}

/**
 * What `promoteVersion` would append now; nothing is written. @throws RefusedError with every rule that is not met, and
 * when they all are but the release does not hold the bytes that were published.
 */
export async function planPromotion(
  { ledger, releases }: Pick<PromotePorts, "ledger" | "releases">,
  request: PromoteRequest,
): Promise<PromotionPlan> {
  const view = await readPromotionView(ledger, request);
  const draft = decidePromotion(view, request);
  if (draft === null) return { view, draft, release: null };
  const { release } = await requireServable(releases, request.model, request.version, view.record);
  return { view, draft, release };
}

/** Records that the actor approves the version for the stage; they must be one who may set it. No event the second time. */
export async function approveVersion(ports: AppendPorts, request: PromoteRequest): Promise<Appended> {
  return await appendEvent(
    ports,
    () => readPromotionView(ports.ledger, request),
    (view) => decideApproval(view, request),
  );
}

/** What `approveVersion` would append now; nothing is written. */
export async function planApproval(
  ledger: LedgerPort,
  request: PromoteRequest,
): Promise<Pick<PromotionPlan, "view" | "draft">> {
  const view = await readPromotionView(ledger, request);
  return { view, draft: decideApproval(view, request) };
}

/** The index tells of the newest versions, each one's own file of all others: both are read together, so that every version costs the same. */
async function readPromotionView(ledger: LedgerPort, { model, version }: PromoteRequest): Promise<PromotionView> {
  const view = await readLedgerView(ledger, model, version);
  const { index, record } = view;
  const older = record === null ? null : { ...record, createdAt: record.reserved.at, createdBy: record.reserved.actor };
  return { ...view, version: findSummary(index, version) ?? older };
}

function decidePromotion(view: PromotionView, request: PromoteRequest): EventDraft | null {
  const { model, version, stage, reason, actor, stages } = request;
  const rule = findStage(stages, stage);
  if (view.index.stages[stage] === version) return null;
  if (view.version === null) throw describeNoVersion(model, version);
  const problems = checkPromotion(view.index, view.version, stages, rule, actor);
  if (problems.length > 0) throw new RefusedError(problems);
  const from = view.index.stages[stage] ?? null;
  if (request.from !== undefined && request.from !== from)
    throw new RefusedError({
      message: `${stage} moved from ${request.from ?? "nothing"} to ${from ?? "nothing"} meanwhile`,
      hint: "the verdict was against what it held before: run the same command again",
    });
  return { event: "stage-set", model, version, stage, from, reason, actor: actor.login };
}

function decideApproval(view: PromotionView, request: PromoteRequest): EventDraft | null {
  const { model, version, stage, reason, actor, stages } = request;
  const rule = findStage(stages, stage);
  const refused = checkActor(rule, actor);
  if (refused.length > 0) throw new RefusedError(refused);
  if (view.version === null) throw describeNoVersion(model, version);
  const { state } = view.version;
  if (state !== "available") throw new RefusedError(`${model}@${version} is ${state}, not available`);
  const known = view.version.approvals.some(
    (approval) => approval.stage === stage && approval.actor.toLowerCase() === actor.login.toLowerCase(),
  );
  return known ? null : { event: "approve", model, version, stage, reason, actor: actor.login };
}
