// How often verdicts and intervals are right: seeded pairs of models whose truth is known, judged for real.
import type { Comparison, GateOutcome, GateVerdict } from "../src/evaluation/comparison.ts";
import { evaluate } from "../src/evaluation/evaluate.ts";
import { parseGate } from "../src/evaluation/gate-grammar.ts";
import { judge } from "../src/evaluation/judge.ts";
import { drawModels, measureTruth, type Population } from "./binormal-models.ts";
import type { Tally } from "./spread.ts";

export interface Scenario extends Population {
  readonly pairs: number;
  readonly resamples: number;
  readonly gates: readonly string[];
}

export interface Calibration {
  readonly verdicts: Readonly<Record<GateOutcome, number>>;
  /** Share of pairs on which each gate came out so, by gate id. */
  readonly outcomes: ReadonlyMap<string, Readonly<Record<GateOutcome, number>>>;
  /** Share of pairs where an equal model passes a margin of exactly the printed passable margin; gates with a margin only. */
  readonly passesPassable: ReadonlyMap<string, number>;
  /** Share of intervals of the change that hold the true change; gates with a margin only. */
  readonly covers: ReadonlyMap<string, number>;
}

const settings = { slices: [], confidence: 0.95 } as const;

/** Judges `pairs` seeded pairs; the same scenario gives the same answer. */
export function calibrate(scenario: Scenario): Calibration {
  return readCalibration(tallyJudged(scenario, "", 0, scenario.pairs), scenario.pairs);
}

/** Counts over pairs: verdicts, and of each gate its outcomes, whether its interval holds the truth, and whether it passes its passable margin. */
export function tallyJudged(scenario: Scenario, _seed: string, from: number, to: number): Tally {
  const [before, after] = [measureTruth(scenario.area), measureTruth(scenario.area - scenario.areaLoss)];
  const tally: Record<string, number> = {};
  const count = (name: string, happened = true): void => {
    tally[name] = (tally[name] ?? 0) + Number(happened);
  };
  for (const { verdict, gates } of judgePairs(scenario, from, to)) {
    count(`verdict/${verdict}`);
    for (const gate of gates) {
      count(`${gate.outcome}/${gate.id}`);
      if (gate.id.includes(">=")) continue;
      count(`passable/${gate.id}`, holdsPassable(gate));
      count(`covers/${gate.id}`, holds(gate.interval, after[gate.metric]! - before[gate.metric]!));
    }
  }
  return tally;
}

/** `pairs` = how many were tallied. */
export function readCalibration(tally: Tally, pairs: number): Calibration {
  const share = (name: string): number => (tally[name] ?? 0) / pairs;
  const readShares = (prefix: string): ReadonlyMap<string, number> =>
    new Map(
      Object.keys(tally)
        .filter((name) => name.startsWith(prefix))
        .map((name) => [name.slice(prefix.length), share(name)]),
    );
  const shares = (of: string) => ({
    pass: share(`pass/${of}`),
    fail: share(`fail/${of}`),
    inconclusive: share(`inconclusive/${of}`),
  });
  const gates = Object.keys(tally).flatMap((name) => {
    const [kind, id] = [name.slice(0, name.indexOf("/")), name.slice(name.indexOf("/") + 1)];
    return ["pass", "fail", "inconclusive"].includes(kind) ? [id] : [];
  });
  return {
    verdicts: { pass: share("verdict/pass"), fail: share("verdict/fail"), inconclusive: share("verdict/inconclusive") },
    outcomes: new Map(gates.map((id) => [id, shares(id)])),
    passesPassable: readShares("passable/"),
    covers: readShares("covers/"),
  };
}

/** Mean of the smallest detectable effect that is printed for this gate. */
export function measureDetectable(scenario: Scenario, id: string): number {
  const effects = judgePairs(scenario, 0, scenario.pairs).map(
    ({ gates }) => gates.find((gate) => gate.id === id)?.smallestDetectableEffect ?? Number.NaN,
  );
  return effects.reduce((sum, effect) => sum + effect, 0) / effects.length;
}

function judgePairs(scenario: Scenario, from: number, to: number): readonly Comparison[] {
  const gates = scenario.gates.map((gate) => parseGate(gate));
  return Array.from({ length: to - from }, (_, at) =>
    judge({
      ...settings,
      ...drawModels(scenario, seedOf(scenario, from + at)),
      metrics: [{ kind: "built-in", id: "roc_auc", params: {} }],
      gates,
      seed: String(from + at),
      resamples: scenario.resamples,
    }),
  );
}

export interface ValueScenario extends Population {
  readonly pairs: number;
  readonly resamples: number;
  readonly metrics: readonly string[];
  /** False: over all rows alone. Default: by `plan` too. */
  readonly slices?: boolean;
}

/** Share of the intervals of a model's own value that hold the truth, by metric, then by `metric[slice]`. */
export function coverValues(scenario: ValueScenario): ReadonlyMap<string, number> {
  return readCover(tallyValues(scenario, "", 0, scenario.pairs));
}

/** Intervals of a model's own values, and those that hold the truth. */
export function tallyValues(scenario: ValueScenario, _seed: string, from: number, to: number): Tally {
  const truth = measureTruth(scenario.area);
  const metrics = scenario.metrics.map((id) => ({ kind: "built-in", id, params: {} }) as const);
  const tally: Record<string, number> = {};
  for (let pair = from; pair < to; pair += 1) {
    const { rows, baseline } = drawModels(scenario, seedOf(scenario, pair));
    const slices = scenario.slices === false ? [] : ([{ kind: "columns", name: "plan", columns: ["plan"] }] as const);
    const request = { ...settings, rows, candidate: baseline, metrics, slices, seed: String(pair) };
    const evaluation = evaluate({ ...request, resamples: scenario.resamples, minRows: 1 });
    for (const { metric, slice, interval, value } of evaluation.metrics) {
      const id = slice === null ? metric : `${metric}[${slice}]`;
      // A sample in which nothing varies has no interval, and decides nothing.
      if (value === null || interval === null) continue;
      tally[`seen/${id}`] = (tally[`seen/${id}`] ?? 0) + 1;
      tally[`held/${id}`] = (tally[`held/${id}`] ?? 0) + Number(holds(interval, truth[metric]!));
    }
  }
  return tally;
}

/** Shares of `held/…` among `seen/…`. */
export function readCover(tally: Tally): ReadonlyMap<string, number> {
  const ids = Object.keys(tally).flatMap((name) => (name.startsWith("seen/") ? [name.slice(5)] : []));
  return new Map(ids.map((id) => [id, (tally[`held/${id}`] ?? 0) / tally[`seen/${id}`]!]));
}

function seedOf({ rows, correlation }: Population, pair: number): string {
  return `${rows} ${correlation} ${pair}`;
}

function holds(interval: readonly [number, number] | null, truth: number): boolean {
  return interval !== null && interval[0] <= truth && truth <= interval[1];
}

/** Would the gate pass if its margin were the passable margin it prints? */
function holdsPassable({ interval, passableMargin, rule }: GateVerdict): boolean {
  if (interval === null || passableMargin === null) return false;
  const loss = rule.includes("rise") ? interval[1] : -interval[0];
  return loss < passableMargin;
}
