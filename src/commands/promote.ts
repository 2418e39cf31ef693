// Use case: put a version into a stage, or approve that it may go there.
import type { Context } from "../host/context.ts";
import type { Appended } from "../registry/append-event.ts";
import { findSummary } from "../registry/ledger-view.ts";
import { parseModelName, parseStageName, parseVersion } from "../registry/names.ts";
import { approveVersion, planPromotion, promoteVersion } from "../registry/promote.ts";
import { findStage, type StageRule } from "../registry/promotion.ts";
import { describeActor, findLogin, requireRegistryAccess } from "./find-actor.ts";
import { type Notification, notifyConsumers } from "./notify-consumers.ts";
import type { Outcome } from "./outcome.ts";
import type { StageChangeDocument } from "./registry-documents.ts";
import type { RegistrySession } from "./registry-session.ts";

export interface PromoteSettings {
  readonly model: string;
  readonly version: string;
  readonly stage: string;
  readonly reason: string | null;
  /** Login of who asks; null = whoever the token or the workflow run belongs to. */
  readonly actor: string | null;
  /** The model's stages as the config orders them. */
  readonly stages: readonly StageRule[];
  readonly dryRun?: boolean;
  /** Record an approval instead of moving the stage. */
  readonly approve?: boolean;
}

/** Throws RefusedError with every rule that speaks against it. Done already = `unchanged`, exit 0. */
export async function promote(
  settings: PromoteSettings,
  session: RegistrySession,
  context: Context,
): Promise<Outcome<StageChangeDocument>> {
  const model = parseModelName(settings.model);
  const version = parseVersion(settings.version);
  const stage = parseStageName(settings.stage);
  const { reason, stages } = settings;
  const rule = findStage(stages, stage);
  const login = settings.actor ?? (await findLogin(session.repository, context));
  if (settings.actor !== null) await requireRegistryAccess(session, login);
  const actor = await describeActor(session.repository, login, rule);
  const request = { model, version, stage, reason, actor, stages };
  if (settings.dryRun) {
    const { view, draft } = await planPromotion(session.ledger, request);
    const from = view.index.stages[stage] ?? null;
    return describeStageChange({ ...request, from, actor: login }, draft === null ? "unchanged" : "planned", null);
  }
  if (settings.approve) {
    const appended = await approveVersion(session, request);
    const from = appended.view.index.stages[stage] ?? null;
    return describeStageChange({ ...request, from, actor: login }, "approved", appended);
  }
  const appended = await promoteVersion(session, request);
  const { event, view } = appended;
  if (event?.event !== "stage-set")
    return describeStageChange({ ...request, from: version, actor: login }, "unchanged", appended);
  const digest = (view.record ?? findSummary(view.index, version))?.contentSha256 ?? null;
  const move = { model, stage, version, previous: event.from, digest, actor: login, reason, sequence: event.sequence };
  const notified = await notifyConsumers(move, stages, session);
  return describeStageChange({ ...request, from: event.from, actor: login }, "moved", appended, notified);
}

interface StageChange {
  readonly model: string;
  readonly version: string;
  readonly stage: string;
  readonly from: string | null;
  readonly actor: string;
  readonly reason: string | null;
}

/** The outcome of a stage move as document and text. */
export function describeStageChange(
  change: StageChange,
  state: StageChangeDocument["state"],
  appended: Appended | null,
  notified: readonly Notification[] = [],
): Outcome<StageChangeDocument> {
  const { model, version, stage, from, actor, reason } = change;
  const event = appended?.event ?? null;
  const commit = appended?.view.head?.commit ?? null;
  const document: StageChangeDocument = {
    kind: "stage-change",
    schemaVersion: 1,
    state,
    model,
    stage,
    from,
    to: version,
    actor,
    reason,
    event: event === null || commit === null ? null : { sequence: event.sequence, commit, at: event.at },
    notified,
  };
  return { exitCode: 0, document, text: renderStageChange(document) };
}

function renderStageChange({ state, model, stage, from, to, event, notified }: StageChangeDocument): string {
  const move = from === null ? `${to} (the first)` : `${from} → ${to}`;
  if (state === "unchanged") return `${model} ${stage}: holds ${to} already`;
  if (state === "planned") return `${model} ${stage}: would move ${move}`;
  const place = event === null ? "" : ` (event ${event.sequence})`;
  if (state === "approved") return `${model} ${to}: approved for ${stage}${place}`;
  const told = notified.map(({ repository, problem }) =>
    problem === null
      ? `  told ${repository}`
      : `  ${repository} was not told (${problem}); the stage moved all the same. Tell it again: modelgate registry notify ${model}@${stage}`,
  );
  return [`${model} ${stage}: ${move}${place}`, ...told].join("\n");
}
