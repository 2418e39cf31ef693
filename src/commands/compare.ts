// Compares two predictions files without a config: rows matched by id, labels agreeing, gates given on the command line.
import { readTable } from "../data/read-table.ts";
import { InputError, type Problem } from "../errors.ts";
import { findMetric } from "../evaluation/catalog.ts";
import type { Comparison, Task } from "../evaluation/comparison.ts";
import type { Gate } from "../evaluation/gate.ts";
import { parseGates } from "../evaluation/gate-grammar.ts";
import { judge } from "../evaluation/judge.ts";
import type { FairnessChoice, MetricChoice, SliceChoice } from "../evaluation/judge-request.ts";
import { matchRows } from "../evaluation/match-rows.ts";
import { checkMetricChoices } from "../evaluation/metric-choice.ts";
import type { EvaluationRows, Predictions } from "../evaluation/metric-rows.ts";
import { collectNumbers, listClasses, preparePredictions } from "../evaluation/prepare-predictions.ts";
import { type CrossValidation, prepareRows } from "../evaluation/prepare-rows.ts";
import { layOutTime } from "../evaluation/time-blocks.ts";
import type { Context } from "../host/context.ts";
import { sha256Hex } from "../json/digest.ts";
import { renderComparisonText } from "../report/comparison-text.ts";
import { selectRows } from "../tables/select-rows.ts";
import type { Table } from "../tables/table.ts";
import type { Outcome } from "./outcome.ts";

export interface CompareSettings {
  /** Data files, as everywhere: paths, globs, https, s3. */
  readonly baseline: string;
  readonly candidate: string;
  readonly task: Task;
  /** May be null for the task `score`. */
  readonly label: string | null;
  /** Column of the prediction, or what the names of the columns per class begin with. */
  readonly prediction: string;
  readonly id: string | null;
  readonly group: string | null;
  /** Column to order the rows by, whose blocks are then resampled whole. */
  readonly time: string | null;
  readonly blockLength: number | "auto" | null;
  /** The files hold the test rows of every split of a cross-validation. */
  readonly crossValidation: CrossValidation | null;
  readonly positive: string | null;
  readonly threshold: number;
  readonly confidence: number;
  readonly gates: readonly string[];
  /** Ids of built-in metrics, with parameters; empty = the usual ones of the task. */
  readonly metrics: readonly MetricChoice[];
  readonly slices: readonly SliceChoice[];
  readonly fairness: readonly FairnessChoice[];
}

/** Exit 1 when the verdict is fail or inconclusive. Throws InputError for anything in the files or rules that makes no sense. */
export async function compare(settings: CompareSettings, context: Context): Promise<Outcome<Comparison>> {
  const gates = readGates(settings);
  const reading = { keys: [settings.id ?? "id", settings.group ?? ""] };
  const baseline = { table: await readTable(settings.baseline, reading, context), file: settings.baseline };
  const candidate = { table: await readTable(settings.candidate, reading, context), file: settings.candidate };
  const partners = matchRows({ ...keyByRepeat(baseline, candidate, settings), id: settings.id });
  const { order, blockLength } = layOutTime(baseline.table, settings, baseline.file);
  const sorted = order === null ? baseline : { file: baseline.file, table: selectRows(baseline.table, order) };
  const partnersInOrder = order === null ? partners : order.map((row) => partners[row]!);
  const matched = { file: candidate.file, table: selectRows(candidate.table, partnersInOrder) };
  const rows = prepareBoth(sorted, matched, blockLength, settings);
  const document = judge({
    rows,
    baseline: readPredictions(rows, sorted, settings, gates),
    candidate: readPredictions(rows, matched, settings, gates),
    metrics: settings.metrics,
    gates,
    slices: settings.slices,
    fairness: settings.fairness,
    confidence: settings.confidence,
    seed: digestRows(rows),
  });
  return {
    exitCode: document.verdict === "pass" ? 0 : 1,
    document,
    text: renderComparisonText(document),
  };
}

/** A row is tested once per repetition of a cross-validation: its key is both. */
function keyByRepeat(baseline: Side, candidate: Side, { id, crossValidation }: CompareSettings) {
  const key = id ?? "id";
  const repeat = crossValidation?.repeat ?? null;
  const extend = (side: Side): Side => {
    const [keys, rounds] = [side.table.columns.get(key), side.table.columns.get(repeat ?? "")];
    if (!keys || !rounds) return side;
    const values = Array.from(keys.values as ArrayLike<string | number | null>, (value, row) =>
      value === null || Number.isNaN(value) ? null : `${value} (${rounds.values[row]})`,
    );
    const columns = new Map(side.table.columns).set(key, { name: key, type: "text", values });
    return { ...side, table: { ...side.table, columns } };
  };
  return { baseline: extend(baseline), candidate: extend(candidate) };
}

interface Side {
  readonly table: Table;
  readonly file: string;
}

function readGates(settings: CompareSettings): readonly Gate[] {
  const { gates, problems } = parseGates(settings.gates);
  const asked: readonly MetricChoice[] = gates.flatMap((gate) =>
    findMetric(gate.metric) ? [{ kind: "built-in", id: gate.metric, params: Object.fromEntries(gate.parameters) }] : [],
  );
  const all: Problem[] = [
    ...problems,
    ...checkMetricChoices(asked, settings.task).map(({ key: _, ...problem }) => ({ key: "--gate", ...problem })),
    ...checkMetricChoices(settings.metrics, settings.task),
  ];
  if (all.length > 0) throw new InputError(all);
  return gates;
}

/** The baseline's rows; the candidate's labels must be the same, if it has any. */
function prepareBoth(
  baseline: Side,
  candidate: Side,
  blockLength: number | null,
  settings: CompareSettings,
): EvaluationRows {
  const { task, label, positive, threshold, group, prediction, crossValidation } = settings;
  const names = [...baseline.table.columns.keys(), ...candidate.table.columns.keys()];
  const classes = task === "multiclass" ? [...new Set(listClasses(names, prediction).keys())].sort() : [];
  const options = { task, label, positive, threshold, group, classes };
  const rows = prepareRows(baseline.table, { ...options, blockLength, crossValidation, file: baseline.file });
  if (label === null || !candidate.table.columns.has(label)) return rows;
  const other = prepareRows(candidate.table, { ...options, group: null, file: candidate.file });
  const nameOf = (from: EvaluationRows, row: number) => from.classes[from.labels[row]!] ?? from.labels[row]!;
  const differing = Array.from({ length: rows.rows }, (_, row) => row).filter(
    (row) => nameOf(rows, row) !== nameOf(other, row),
  );
  if (differing.length === 0) return rows;
  const [first] = differing as [number];
  throw new InputError({
    message: `the labels of ${differing.length} of ${rows.rows} rows differ between the two files`,
    file: candidate.file,
    key: label,
    expected: `${nameOf(rows, first)} in row ${first + 1} of ${baseline.file}`,
    received: String(nameOf(other, first)),
    hint: "both models must be judged on the same labels",
  });
}

function readPredictions(
  rows: EvaluationRows,
  { table, file }: Side,
  settings: CompareSettings,
  gates: readonly Gate[],
): Predictions {
  const numbers = collectNumbers(table, { ...settings, name: settings.prediction, file });
  // Only columns that a metric names belong to what the model says: others may differ without the predictions differing.
  const named = new Set<string | number>([
    ...gates.flatMap(({ parameters }) => [...parameters.values()]),
    ...settings.metrics.flatMap((metric) => (metric.kind === "built-in" ? Object.values(metric.params) : [])),
  ]);
  const columns = new Map([...table.columns].filter(([name]) => named.has(name)));
  return preparePredictions(rows, numbers, { name: settings.prediction, file, columns });
}

/** What the random streams start from: the same rows and labels give the same verdict. */
function digestRows(rows: EvaluationRows): string {
  const bytes = new Uint8Array(rows.labels.buffer, rows.labels.byteOffset, rows.labels.byteLength);
  return sha256Hex(`${rows.task}\n${rows.rows}\n${rows.classes.join("\n")}\n${sha256Hex(bytes)}`);
}
