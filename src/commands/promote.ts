// Use case: put a version into a stage, or approve that it may go there.
import type { StageSettings } from "../config/settings.ts";
import type { Context } from "../host/context.ts";
import type { Appended } from "../registry/append-event.ts";
import { findSummary, type LedgerView } from "../registry/ledger-view.ts";
import { parseModelName, parseStageName, parseVersion } from "../registry/names.ts";
import {
  approveVersion,
  type PromoteRequest,
  planApproval,
  planPromotion,
  promoteVersion,
} from "../registry/promote.ts";
import { findStage, type StageRule } from "../registry/promotion.ts";
import { askHoldout, type HoldoutAccess, needsHoldout, renderHoldout } from "./ask-holdout.ts";
import { describeActor, recallLogin, requireRegistryAccess } from "./find-actor.ts";
import { notifyConsumers } from "./notify-consumers.ts";
import type { Outcome } from "./outcome.ts";
import type { StageChangeDocument } from "./registry-documents.ts";
import type { RegistrySession } from "./registry-session.ts";
import { requireCard } from "./require-card.ts";

export interface PromoteSettings {
  readonly model: string;
  readonly version: string;
  readonly stage: string;
  readonly reason: string | null;
  /** Login of who asks; null = whoever the token or the workflow run belongs to. */
  readonly actor: string | null;
  /** The model's stages as the config orders them. */
  readonly stages: readonly (StageRule & Pick<StageSettings, "requiresHoldout">)[];
  /**
   * The model's config, with the card sections that it requires, and how stages that ask the holdout are answered; null =
   * nothing is known of the config: no section is required, and a stage that asks the holdout refuses.
   */
  readonly holdout: HoldoutAccess | null;
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
  const login = settings.actor ?? (await recallLogin(session.repository, context, rule));
  if (settings.actor !== null) await requireRegistryAccess(session, login);
  const actor = await describeActor(session.repository, login, rule);
  const request = { model, version, stage, reason, actor, stages };
  if (settings.approve) return await approve({ ...request, actor }, session, settings.dryRun === true);
  const plan = await planPromotion(session, request);
  await requireCard(settings.holdout?.settings ?? null, request, plan, session);
  if (settings.dryRun) {
    const from = plan.view.index.stages[stage] ?? null;
    const state = plan.draft === null ? "unchanged" : "planned";
    const planned = describeStageChange({ ...request, from, actor: login }, state, null);
    const asked = plan.draft !== null && needsHoldout(stages, stage) ? "; it would be judged on the holdout first" : "";
    return { ...planned, text: `${planned.text}${asked}` };
  }
  const holdout = needsHoldout(stages, stage) ? await askHoldout(settings, request, plan) : null;
  // A look at the holdout is an event of its own: the ledger has moved since the plan, and is read anew.
  const appended =
    holdout === null
      ? await promoteVersion(session, request, plan)
      : await promoteVersion(session, { ...request, from: holdout.from });
  const { event, view } = appended;
  if (event?.event !== "stage-set")
    return describeStageChange({ ...request, from: version, actor: login }, "unchanged", appended);
  const digest = (view.record ?? findSummary(view.index, version))?.contentSha256 ?? null;
  const move = { model, stage, version, previous: event.from, digest, actor: login, reason, sequence: event.sequence };
  const notified = await notifyConsumers(move, stages, session);
  const told = { notified, holdout: holdout?.said ?? null };
  return describeStageChange({ ...request, from: event.from, actor: login }, "moved", appended, told);
}

async function approve(
  request: PromoteRequest,
  session: RegistrySession,
  dryRun: boolean,
): Promise<Outcome<StageChangeDocument>> {
  const { model, version, stage, actor } = request;
  const change = (view: LedgerView) => ({ ...request, from: view.index.stages[stage] ?? null, actor: actor.login });
  if (!dryRun) {
    const appended = await approveVersion(session, request);
    const done = describeStageChange(change(appended.view), "approved", appended);
    const again = `${model} ${version}: ${actor.login} approved it for ${stage} before`;
    return appended.event === null ? { ...done, text: again } : done;
  }
  const { view, draft } = await planApproval(session.ledger, request);
  const planned = describeStageChange(change(view), draft === null ? "unchanged" : "planned", null);
  const would = draft === null ? "approved it before" : "would approve it";
  return { ...planned, text: `${model} ${version}: ${actor.login} ${would} for ${stage}` };
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
  { notified = [], holdout = null }: Partial<Pick<StageChangeDocument, "notified" | "holdout">> = {},
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
    holdout,
  };
  return { exitCode: 0, document, text: renderStageChange(document) };
}

function renderStageChange({ state, model, stage, from, to, event, notified, holdout }: StageChangeDocument): string {
  const move = from === null ? `${to} (the first)` : `${from} → ${to}`;
  if (state === "unchanged") return `${model} ${stage}: holds ${to} already`;
  if (state === "planned") return `${model} ${stage}: would ${from === null ? "hold" : "move"} ${move}`;
  const place = event === null ? "" : ` (event ${event.sequence})`;
  if (state === "approved") return `${model} ${to}: approved for ${stage}${place}`;
  const told = notified.map(({ repository, problem }) =>
    problem === null
      ? `  told ${repository}`
      : `  ${repository} was not told (${problem}); the stage moved all the same. Tell it again: modelgate registry notify ${model}@${stage}`,
  );
  return [`${model} ${stage}: ${move}${place}`, ...renderHoldout(holdout), ...told].join("\n");
}
