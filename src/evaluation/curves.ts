// What the pictures of an evaluation are drawn from: few points, no rows, nothing of a class or bin too small to hide a row in.
import { type EvaluationRows, joinPredictions, type MetricRows, type Predictions } from "./metric-rows.ts";
import { countDecisions } from "./tabulate-confusion.ts";

/** Points of one model's curves; null = there is none for the task, or too few rows. */
export interface Curves {
  /** Recall at equally spaced false-positive rates from 0 to 1 (straight between the points of the ROC curve). */
  readonly roc: readonly number[] | null;
  /** Bins of equal width of the predicted probability; `observed` and `predicted` are null in a bin of fewer than five rows. */
  readonly calibration: readonly CalibrationBin[] | null;
  /** `counts[true][predicted]`, weighted rows. */
  readonly confusion: { readonly classes: readonly string[]; readonly counts: readonly (readonly number[])[] } | null;
  /** Histogram of prediction − label; rows beyond the outer edges are counted in the outer bins. */
  readonly residuals: { readonly edges: readonly number[]; readonly counts: readonly number[] } | null;
}

export interface CalibrationBin {
  readonly rows: number;
  readonly predicted: number | null;
  readonly observed: number | null;
}

/** Both models on the same rows, with the same bins. */
export interface CurvePair {
  readonly candidate: Curves;
  readonly baseline: Curves | null;
}

export const rocPoints = 21;
const bins = 10;
const residualBins = 20;
const mostClasses = 12;
const fewestRows = 5;
const fewestOfClass = 10;

/** Null for tasks without pictures, and without rows. */
export function traceCurves(
  rows: EvaluationRows,
  candidate: Predictions,
  baseline: Predictions | null,
): CurvePair | null {
  if (rows.rows === 0 || rows.task === "score" || rows.task === "ranking") return null;
  const joined = joinPredictions(rows, candidate);
  const before = baseline === null ? null : joinPredictions(rows, baseline);
  const edges = rows.classes.length > 0 ? null : chooseEdges([joined, ...(before === null ? [] : [before])]);
  const trace = (model: MetricRows): Curves => ({
    roc: rows.task === "binary" ? traceRoc(model) : null,
    calibration: rows.task === "binary" ? calibrate(model) : null,
    confusion:
      rows.classes.length > 0 && rows.classes.length <= mostClasses
        ? { classes: rows.classes, counts: countDecisions(model) }
        : null,
    residuals: edges === null ? null : countResiduals(model, edges),
  });
  return { candidate: trace(joined), baseline: before === null ? null : trace(before) };
}

function traceRoc({ labels, values, weights }: MetricRows): readonly number[] | null {
  const order = Int32Array.from(labels, (_, row) => row).sort((left, right) => values[right]! - values[left]!);
  const count = (label: number): number => labels.reduce((sum, one) => sum + Number(one === label), 0);
  if (Math.min(count(0), count(1)) < fewestOfClass) return null;
  const corners: [number, number][] = [[0, 0]];
  let [positives, negatives] = [0, 0];
  order.forEach((row, at) => {
    const weight = weights?.[row] ?? 1;
    if (labels[row] === 1) positives += weight;
    else negatives += weight;
    const next = order[at + 1];
    if (next === undefined || values[next] !== values[row]) corners.push([negatives, positives]);
  });
  if (!(positives > 0 && negatives > 0)) return null;
  let corner = 0;
  return Array.from({ length: rocPoints }, (_, at) => {
    const wanted = (at / (rocPoints - 1)) * negatives;
    while (corner + 1 < corners.length && corners[corner + 1]![0] <= wanted) corner += 1;
    const [x, y] = corners[corner]!;
    const next = corners[corner + 1];
    const height = next === undefined || x === wanted ? y : y + ((next[1] - y) * (wanted - x)) / (next[0] - x);
    return roundTo(height / positives);
  });
}

function calibrate({ labels, values, weights }: MetricRows): readonly CalibrationBin[] {
  const sums = Array.from({ length: bins }, () => ({ rows: 0, weight: 0, predicted: 0, observed: 0 }));
  for (let row = 0; row < values.length; row += 1) {
    const sum = sums[Math.min(bins - 1, Math.floor(values[row]! * bins))]!;
    const weight = weights?.[row] ?? 1;
    sum.rows += 1;
    sum.weight += weight;
    sum.predicted += weight * values[row]!;
    sum.observed += weight * labels[row]!;
  }
  return sums.map(({ rows, weight, predicted, observed }) =>
    rows < fewestRows || weight === 0
      ? { rows, predicted: null, observed: null }
      : { rows, predicted: roundTo(predicted / weight), observed: roundTo(observed / weight) },
  );
}

/** From the 1st to the 99th percentile of both models' residuals: outliers do not show their values. Null when they do not vary. */
function chooseEdges(models: readonly MetricRows[]): readonly number[] | null {
  const ends = models.map(({ labels, values }) => {
    const sorted = values.map((value, row) => value - labels[row]!).sort();
    return [sorted[Math.floor(0.01 * (sorted.length - 1))]!, sorted[Math.ceil(0.99 * (sorted.length - 1))]!] as const;
  });
  const low = Math.min(...ends.map(([one]) => one));
  const high = Math.max(...ends.map(([, one]) => one));
  if (!(high > low) || !Number.isFinite(high - low)) return null;
  return Array.from({ length: residualBins + 1 }, (_, at) => low + ((high - low) * at) / residualBins);
}

function countResiduals({ labels, values, weights }: MetricRows, edges: readonly number[]): Curves["residuals"] {
  const counts = Array.from({ length: residualBins }, () => 0);
  const [low, high] = [edges[0]!, edges[residualBins]!];
  for (let row = 0; row < values.length; row += 1) {
    const bin = Math.floor(((values[row]! - labels[row]! - low) / (high - low)) * residualBins);
    const at = Math.min(residualBins - 1, Math.max(0, bin));
    counts[at] = counts[at]! + (weights?.[row] ?? 1);
  }
  return { edges, counts };
}

function roundTo(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
