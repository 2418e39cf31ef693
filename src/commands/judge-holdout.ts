// Before a version moves into a stage that asks for it: it and the stage's present version predict the holdout, and the model's gates decide.
// Only the verdict and the numbers leave this place: no row, no value of a column, no reason that could quote one.

import type { LockedData } from "../config/lock.ts";
import { mayOverlap } from "../config/retraining.ts";
import type { ModelSettings } from "../config/settings.ts";
import { describeData } from "../data/describe-data.ts";
import { readTable } from "../data/read-table.ts";
import { InputError, RefusedError } from "../errors.ts";
import type { Comparison, GateOutcome, GateVerdict } from "../evaluation/comparison.ts";
import { judge } from "../evaluation/judge.ts";
import { benchmarkMetrics } from "../evaluation/metric-description.ts";
import type { Context } from "../host/context.ts";
import { withTemporaryFolder } from "../host/temporary-folder.ts";
import { findUse } from "../registry/evaluation-use.ts";
import { createModelIndex } from "../registry/model-index.ts";
import { countSharedRows } from "../tables/compare-rows.ts";
import type { Table } from "../tables/table.ts";
import { fetchBaseline } from "./baseline-model.ts";
import { listKeys, locateSource, readPinned } from "./pinned-data.ts";
import { predictBoth } from "./predict-both.ts";
import { refuseTooMany } from "./proposed-rows.ts";
import { type HoldoutGate, type HoldoutQuestion, type HoldoutVerdict, nameHoldoutSubject } from "./recall-holdout.ts";
import { recordEvent } from "./record-event.ts";
import type { RegistrySession } from "./registry-session.ts";
import { prepareData } from "./train.ts";

/** Gates beyond this are counted in the verdict and left out of the record. */
const recordedGates = 40;

/**
 * Judges on the holdout and records that it was used, before anybody acts on the verdict; the same question about the same rows is
 * answered from the ledger. Throws what reading data, models and registry throws: without a verdict nothing moves.
 */
export async function judgeHoldout(
  settings: ModelSettings,
  root: string,
  question: HoldoutQuestion,
  session: RegistrySession,
  context: Context,
): Promise<HoldoutVerdict> {
  const holdout = settings.data?.holdout;
  if (!holdout) throw new InputError({ key: `models.${settings.name}.data.holdout`, message: "is not set" });
  await prepareData(settings, root, context);
  const source = locateSource(holdout.source, root);
  const window = holdout.window === null ? undefined : { time: settings.time ?? "", ...holdout.window };
  const options = { window, missingValues: settings.missingValues };
  const { sha256 } = await describeData(source, options, context);
  const subject = nameHoldoutSubject(settings, question);
  const known = await withTemporaryFolder(async (folder) => {
    const candidate = await fetchBaseline(
      { ...settings, baseline: question.version },
      session,
      `${folder}/candidate`,
      context,
    );
    const before = findUse(candidate.index ?? createModelIndex(settings.name), sha256, subject);
    if (before?.verdict) return { verdict: before.verdict, rows: null, gates: [] };
    context.progress(`judging ${settings.name}@${question.version} on the holdout`);
    const table = await readTable(source, { ...options, keys: listKeys(settings) }, context);
    if (candidate.baseline?.trainedOn) await refuseTrainedOn(candidate.baseline.trainedOn, table);
    const comparison = await compareOn(table);
    return { verdict: comparison.verdict, rows: comparison.rows, gates: comparison.gates.map(describeGate) };

    async function refuseTrainedOn(pin: LockedData, rows: typeof table): Promise<void> {
      const asked = { ...pin, source: holdout?.source ?? "", window: holdout?.window ?? null };
      const apart = pin.source === asked.source && !mayOverlap(pin, asked);
      const shared = apart ? 0 : await countTrainedOn(settings, pin, rows, root, context);
      if (shared === 0) return;
      throw new RefusedError({
        key: `${settings.name}@${question.version}`,
        message: `${shared} of the ${rows.rows} rows of the holdout are among the rows it was made from, so they can say nothing`,
        expected: "a holdout that neither training nor evaluation sees",
        hint: "take these rows out of the source of the training, or name other rows under `data.holdout`",
      });
    }

    async function compareOn(rows: typeof table): Promise<Comparison> {
      const { from } = question;
      const baseline =
        from === null
          ? null
          : await fetchBaseline({ ...settings, baseline: from }, session, `${folder}/baseline`, context);
      if (candidate.baseline === null) throw new InputError(`there is no version ${settings.name}@${question.version}`);
      const known = baseline?.baseline ?? null;
      const predicted = await predictBoth(settings, rows, candidate.baseline, known, root, context);
      return judge({
        rows: predicted.rows,
        candidate: predicted.candidate,
        baseline: predicted.baseline,
        metrics: settings.metrics,
        slices: settings.slices,
        confidence: settings.confidence,
        seed: sha256,
        reported: { baseline: known?.metrics ?? null, candidate: candidate.baseline.metrics },
        gates: settings.gates.filter(({ metric }) => !benchmarkMetrics.some(({ id }) => id === metric)),
        firstVersion: from === null,
        benchmark: null,
      });
    }
  });
  const uses = await record(settings, question, { ...known, sha256, subject }, session);
  return { ...known, sha256, uses };
}

/** Rows of the holdout in the data of the training, the share set aside for evaluation included; 0 where nobody can tell, which is said. */
async function countTrainedOn(
  settings: ModelSettings,
  pin: LockedData,
  rows: Table,
  root: string,
  context: Context,
): Promise<number> {
  try {
    refuseTooMany(pin);
    return countSharedRows(rows, await readPinned(settings, pin, root, context), settings);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    context.progress(
      `whether the version was trained on rows of the holdout is not known: ${error.problems[0].message}`,
    );
    return 0;
  }
}

function describeGate({ rule, outcome, value, baseline, difference, interval }: GateVerdict): HoldoutGate {
  return { rule, outcome, value, baseline, difference, interval };
}

interface Look {
  readonly subject: string;
  readonly sha256: string;
  readonly verdict: GateOutcome;
  readonly rows: number | null;
  readonly gates: readonly HoldoutGate[];
}

/** How often the holdout has been used, this look included. */
async function record(
  { name }: ModelSettings,
  { version, stage, from, actor }: HoldoutQuestion,
  { subject, sha256, verdict, rows, gates }: Look,
  session: RegistrySession,
): Promise<number> {
  const recorded = gates.slice(0, recordedGates);
  const details = { subject, verdict, purpose: "holdout", baseline: from, rows, gates: recorded };
  const { view } = await recordEvent(
    session,
    { event: "evaluation-use", model: name, version, stage, reason: null, actor, evaluationSha256: sha256, details },
    ({ index }) => findUse(index, sha256, subject) !== null,
  );
  return view.index.evaluationUses.find((use) => use.sha256 === sha256)?.uses ?? 1;
}
