// What a verdict rests on, row by row: what a pull request does to the evaluation rows, and which of them somebody trained on.

import { sameValue } from "../config/config-diff.ts";
import type { LockedData, LockedModel } from "../config/lock.ts";
import { mayOverlap } from "../config/retraining.ts";
import type { ModelSettings } from "../config/settings.ts";
import { ModelgateError } from "../errors.ts";
import type { ProposedChange } from "../evidence/evidence.ts";
import type { Context } from "../host/context.ts";
import { compareRows, countSharedRows, type RowChanges } from "../tables/compare-rows.ts";
import type { Table } from "../tables/table.ts";
import { readEvaluationRows } from "./pinned-data.ts";
import { type ProposedRowsPlace, readProposedRows, refuseTooMany } from "./proposed-rows.ts";

export interface RowsRequest {
  /** Of the base branch, which judges. */
  readonly settings: ModelSettings;
  /** Base's pins. */
  readonly base: LockedModel;
  /** What the pull request makes of them; null = there is none, or its config or lock cannot be read. */
  readonly proposed: { readonly settings: ModelSettings; readonly pins: LockedModel } | null;
  /** The rows that judge. */
  readonly judging: LockedData;
  /** The pull request only moves windows: rows that somebody trained on make it more than that. */
  readonly retraining: boolean;
  readonly baseline: { readonly version: string; readonly trainedOn: LockedData | null } | null;
  readonly changes: readonly ProposedChange[];
}

export interface DescribedRows {
  readonly changes: readonly ProposedChange[];
  readonly notes: readonly string[];
}

/**
 * Adds to the changes of the evaluation data what it does to the rows, and says which judging rows either model was trained on. What
 * cannot be read is said, and changes nothing else; failures of the network are thrown.
 */
export async function describeRows(
  request: RowsRequest,
  place: ProposedRowsPlace,
  context: Context,
): Promise<DescribedRows> {
  const changes = await describeChanged(request, place, context);
  const shared = await describeShared(request, place, context);
  return { changes: [...changes, ...shared.changes], notes: shared.notes };
}

async function describeChanged(
  { settings, base, proposed, changes }: RowsRequest,
  place: ProposedRowsPlace,
  context: Context,
): Promise<readonly ProposedChange[]> {
  const told = changes.map(({ what, summary }) => what === "evaluation-data" && /^The evaluation /.test(summary));
  const position = told.includes(true)
    ? told.indexOf(true)
    : changes.findIndex(({ what }) => what === "evaluation-data");
  const [before, after] = [base.evaluation, proposed?.pins.evaluation ?? null];
  const moved = !sameValue(before, after) || !sameValue(settings.data?.evaluation, proposed?.settings.data?.evaluation);
  if (position < 0 || proposed === null || before === null || after === null || !moved) return changes;
  const said = await sayWhy(async () => {
    refuseTooMany(before);
    const old = await readEvaluationRows(settings, before, place.root, context);
    const now = await readProposedRows("evaluation", proposed.settings, after, place, context);
    return renderChanges(compareRows(old, now, settings));
  }, "Row by row they could not be compared");
  return changes.map((change, index) =>
    index === position ? { ...change, summary: `${change.summary} ${said}`.slice(0, 1000) } : change,
  );
}

/** `By \`id\`: 12 rows added, 3 removed, 5 relabelled; 357 stay as they are.` */
function renderChanges({ added, removed, relabelled, changed, kept, matchedBy }: RowChanges): string {
  const by =
    matchedBy.length === 0
      ? "By all columns but the label"
      : `By ${matchedBy.map((name) => `\`${name}\``).join(" and ")}`;
  const otherwise = changed === 0 ? "" : `, ${changed} with other values`;
  return `${by}: ${added} ${added === 1 ? "row" : "rows"} added, ${removed} removed, ${relabelled} relabelled${otherwise}; ${kept} ${kept === 1 ? "stays as it is" : "stay as they are"}.`;
}

async function describeShared(
  request: RowsRequest,
  place: ProposedRowsPlace,
  context: Context,
): Promise<DescribedRows> {
  const { settings, base, proposed, judging, baseline, retraining } = request;
  const trainings = [
    { of: "the candidate", settings: proposed?.settings ?? settings, pin: proposed?.pins.train ?? base.train },
    { of: baseline?.version ?? "", settings, pin: baseline?.trainedOn ?? null },
  ];
  const changes: ProposedChange[] = [];
  const notes: string[] = [];
  const counted = new Map<string, number | string>();
  let rows: Table | null = null;
  for (const { of, settings: trained, pin } of trainings) {
    if (pin === null || isApart(pin, judging, settings)) continue;
    const known = counted.get(pin.sha256);
    const count =
      known ??
      (await sayWhy(async () => {
        rows ??= await readEvaluationRows(settings, judging, place.root, context);
        return countSharedRows(rows, await readProposedRows("training", trained, pin, place, context), settings);
      }, "Which of the rows that judge somebody was trained on could not be counted"));
    counted.set(pin.sha256, count);
    if (count === 0) continue;
    const said =
      typeof count === "string"
        ? count
        : `${count} of the ${judging.rows} rows that judge ${count === 1 ? "is" : "are"} among the training rows of ${of}.`;
    if (retraining)
      changes.push({ what: "evaluation-data", summary: `This is no retraining: ${said}`, needsAccept: true });
    else if (typeof count === "number") notes.push(`Shared rows: ${said} The numbers say less than they seem to.`);
  }
  return { changes, notes };
}

/** True when no row can lie in both: other windows of time of one source, or the two sides of one share. */
function isApart(training: LockedData, judging: LockedData, settings: ModelSettings): boolean {
  if (settings.data?.evaluation.by === "share" && training.sha256 === judging.sha256) return true;
  return training.source === judging.source && training.window !== null && !mayOverlap(training, judging);
}

async function sayWhy<T>(work: () => Promise<T>, what: string): Promise<T | string> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ModelgateError) || error.family === "provider") throw error;
    return `${what}: ${error.problems[0].message}.`.slice(0, 800);
  }
}
