// What each gate can show with given rows, before anyone chooses a number: equal models are simulated and judged for real.
import { normalCdf } from "../statistics/normal.ts";
import { measureDetectableDistance } from "../statistics/power.ts";
import { createRandom, type Random } from "../statistics/rng.ts";
import type { GateVerdict } from "./comparison.ts";
import type { Gate } from "./gate.ts";
import { judge } from "./judge.ts";
import type { MetricChoice, SliceChoice } from "./judge-request.ts";
import type { EvaluationRows, Predictions } from "./metric-rows.ts";

export interface PlanRequest {
  readonly rows: EvaluationRows;
  /** A model's predictions on these rows; null: a model of middling strength is assumed from the labels. */
  readonly model: Predictions | null;
  readonly gates: readonly Gate[];
  readonly metrics: readonly MetricChoice[];
  readonly slices: readonly SliceChoice[];
  readonly confidence: number;
  readonly seed: string;
}

export interface PlannedGate {
  readonly id: string;
  readonly rule: string;
  readonly resolved: string;
  readonly metric: string;
  readonly slice: string | null;
  readonly rows: number | null;
  /** What the gate allows; null for gates without a margin. */
  readonly margin: number | null;
  /** The smallest margin that an equal model would pass with 80 % chance. */
  readonly passableMargin: number | null;
  /** The smallest loss it would call a fail with 80 % chance. */
  readonly smallestDetectableEffect: number | null;
  /** Chance that an equal model passes this gate as it is written. */
  readonly passChance: number | null;
  /** Rows with which an equal model would pass it with 80 % chance. */
  readonly rowsNeeded: number | null;
  /** Why there are no numbers, or what to know of them. */
  readonly note: string | null;
}

export interface PlannedCase {
  /** Correlation of the scores of baseline and candidate that was assumed. */
  readonly correlation: number;
  readonly gates: readonly PlannedGate[];
}

export interface GatePlan {
  readonly rows: number;
  readonly assumed: "model" | "labels";
  readonly cases: readonly PlannedCase[];
}

/** A small change of the same model, and a model made anew: how alike baseline and candidate may be. */
const usualCorrelations = [0.95, 0.8] as const;

/** The same request gives the same plan. */
export function planGates(request: PlanRequest): GatePlan {
  return {
    rows: request.rows.rows,
    assumed: request.model === null ? "labels" : "model",
    cases: usualCorrelations.map((correlation) => ({ correlation, gates: planCase(request, correlation) })),
  };
}

function planCase(request: PlanRequest, correlation: number): readonly PlannedGate[] {
  const random = createRandom(`${request.seed}\nplan\n${correlation}`);
  const { rows } = request;
  const model = request.model ?? assumeModel(rows, random);
  const twin = () => disturb(rows, model, correlation, random);
  const { gates } = judge({ ...request, candidate: twin(), baseline: twin() });
  return gates.map((gate) => planGate(gate, request.confidence));
}

function planGate(gate: GateVerdict, confidence: number): PlannedGate {
  const { id, rule, resolved, metric, slice, rows, passableMargin, smallestDetectableEffect, interval } = gate;
  const base = { id, rule, resolved, metric, slice, rows };
  const nothing = { passChance: null, rowsNeeded: null, passableMargin: null, smallestDetectableEffect: null };
  if (gate.pValuePass === null || passableMargin === null || interval === null) {
    const compares = gate.value !== null ? "compares numbers as they are; nothing is tested" : gate.reason;
    const note = gate.rows === null ? "measured or reported elsewhere, not on these rows" : compares;
    return { ...base, ...nothing, margin: null, note };
  }
  const margin = gate.difference !== null && !/^[<>]=/.test(resolved) ? gate.threshold : null;
  if (margin === null)
    return { ...base, ...nothing, passableMargin, smallestDetectableEffect, margin, note: "distance from the limit" };
  if (/^gain/.test(resolved))
    return {
      ...base,
      ...nothing,
      smallestDetectableEffect: passableMargin,
      margin,
      note: "demands a gain: an equal model does not pass",
    };
  const half = (interval[1] - interval[0]) / 2;
  const error = half / measureDetectableDistance(1, (1 - confidence) / 2, 0.5);
  return {
    ...base,
    margin,
    passableMargin,
    smallestDetectableEffect,
    passChance: error > 0 ? normalCdf((margin - half) / error) : null,
    rowsNeeded: rows !== null && margin > 0 ? Math.ceil(rows * (passableMargin / margin) ** 2) : null,
    note: margin > 0 ? null : "no margin at all: an equal model does not pass, however many rows",
  };
}

/** A model with an AUC of about 0.85, or an error of half the labels' spread. */
function assumeModel(rows: EvaluationRows, random: Random): Predictions {
  const { task, labels, classes } = rows;
  if (task === "multiclass") {
    const raw = classes.map((_, label) =>
      Float64Array.from(labels, (own) => Math.exp((own === label ? 1.5 : 0) + random.nextNormal())),
    );
    return { values: new Float64Array(0), probabilities: normalize(raw), columns: new Map() };
  }
  const spread = deviation(labels);
  const values =
    task === "binary"
      ? Float64Array.from(labels, (label) => toShare(1.5 * (label === 1 ? 1 : 0) - 0.75 + random.nextNormal()))
      : task === "score"
        ? Float64Array.from({ length: rows.rows }, () => random.nextNormal())
        : Float64Array.from(labels, (label) => label + 0.5 * spread * random.nextNormal());
  return { values, probabilities: null, columns: new Map() };
}

/** The model with noise of its own, so that two of these agree as `correlation` says and neither is better. */
function disturb(rows: EvaluationRows, model: Predictions, correlation: number, random: Random): Predictions {
  const size = Math.sqrt(1 / correlation - 1);
  if (model.probabilities !== null) {
    const raw = model.probabilities.map((column) =>
      column.map((value) => Math.max(1e-9, value) * Math.exp(size * random.nextNormal())),
    );
    return { ...model, probabilities: normalize(raw) };
  }
  if (rows.task === "binary") {
    const odds = model.values.map((value) => toLogOdds(value));
    const noise = size * (deviation(odds) || 1);
    return { ...model, values: odds.map((value) => toShare(value + noise * random.nextNormal())) };
  }
  // Errors, not values, are what differs between two regressions of the same strength.
  const errors = rows.labels.length > 0 ? model.values.map((value, row) => value - rows.labels[row]!) : model.values;
  const noise = size * deviation(errors);
  return { ...model, values: model.values.map((value) => value + noise * random.nextNormal()) };
}

function normalize(columns: readonly Float64Array[]): readonly Float64Array[] {
  const sums = new Float64Array(columns[0]?.length ?? 0);
  for (const column of columns) for (let row = 0; row < sums.length; row += 1) sums[row] = sums[row]! + column[row]!;
  return columns.map((column) => column.map((value, row) => value / sums[row]!));
}

function toShare(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

function toLogOdds(share: number): number {
  const inside = Math.min(1 - 1e-9, Math.max(1e-9, share));
  return Math.log(inside / (1 - inside));
}

function deviation(values: Float64Array): number {
  let mean = 0;
  for (const value of values) mean += value / values.length;
  let sum = 0;
  for (const value of values) sum += (value - mean) ** 2;
  return values.length > 1 ? Math.sqrt(sum / (values.length - 1)) : 0;
}
