// How often verdicts and intervals are right: seeded pairs of models whose truth is known, judged for real.
import type { GateOutcome, GateVerdict } from "../src/evaluation/comparison.ts";
import { evaluate } from "../src/evaluation/evaluate.ts";
import { parseGate } from "../src/evaluation/gate-grammar.ts";
import { judge } from "../src/evaluation/judge.ts";
import { drawModels, measureTruth, type Population } from "./binormal-models.ts";

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
  readonly smallestDetectableEffect: ReadonlyMap<string, number>;
}

const settings = { slices: [], confidence: 0.95 } as const;

/** Judges `pairs` seeded pairs; the same scenario gives the same answer. */
export function calibrate(scenario: Scenario): Calibration {
  const gates = scenario.gates.map((gate) => parseGate(gate));
  const [before, after] = [measureTruth(scenario.area), measureTruth(scenario.area - scenario.areaLoss)];
  const all = new Map<string, GateVerdict[]>();
  const verdicts = { pass: 0, fail: 0, inconclusive: 0 };
  for (let pair = 0; pair < scenario.pairs; pair += 1) {
    const comparison = judge({
      ...settings,
      ...drawModels(scenario, seedOf(scenario, pair)),
      metrics: [{ kind: "built-in", id: "roc_auc", params: {} }],
      gates,
      seed: String(pair),
      resamples: scenario.resamples,
    });
    verdicts[comparison.verdict] += 1 / scenario.pairs;
    for (const gate of comparison.gates) all.set(gate.id, [...(all.get(gate.id) ?? []), gate]);
  }
  const summarise = <T>(read: (list: readonly GateVerdict[]) => T): ReadonlyMap<string, T> =>
    new Map([...all].map(([id, list]) => [id, read(list)]));
  const shareOf = (list: readonly GateVerdict[], test: (gate: GateVerdict) => boolean): number =>
    list.filter(test).length / list.length;
  const margins = new Map([...all].filter(([id]) => !id.includes(">=")));
  const shareOfMargins = (test: (gate: GateVerdict) => boolean): ReadonlyMap<string, number> =>
    new Map([...margins].map(([id, list]) => [id, shareOf(list, test)]));
  return {
    verdicts,
    outcomes: summarise((list) => ({
      pass: shareOf(list, ({ outcome }) => outcome === "pass"),
      fail: shareOf(list, ({ outcome }) => outcome === "fail"),
      inconclusive: shareOf(list, ({ outcome }) => outcome === "inconclusive"),
    })),
    passesPassable: shareOfMargins(holdsPassable),
    covers: shareOfMargins(({ interval, metric }) => holds(interval, after[metric]! - before[metric]!)),
    smallestDetectableEffect: summarise(
      (list) =>
        list.reduce((sum, gate) => sum + (gate.smallestDetectableEffect ?? Number.NaN), 0) / Math.max(1, list.length),
    ),
  };
}

export interface ValueScenario extends Population {
  readonly pairs: number;
  readonly resamples: number;
  readonly metrics: readonly string[];
}

/** Share of the intervals of a model's own value that hold the truth, by metric, then by `metric[slice]`. */
export function coverValues(scenario: ValueScenario): ReadonlyMap<string, number> {
  const truth = measureTruth(scenario.area);
  const metrics = scenario.metrics.map((id) => ({ kind: "built-in", id, params: {} }) as const);
  const held = new Map<string, number>();
  const seen = new Map<string, number>();
  for (let pair = 0; pair < scenario.pairs; pair += 1) {
    const { rows, baseline } = drawModels(scenario, seedOf(scenario, pair));
    const slices = [{ kind: "columns", name: "plan", columns: ["plan"] }] as const;
    const request = { ...settings, rows, candidate: baseline, metrics, slices, seed: String(pair) };
    const evaluation = evaluate({ ...request, resamples: scenario.resamples, minRows: 1 });
    for (const { metric, slice, interval, value } of evaluation.metrics) {
      const id = slice === null ? metric : `${metric}[${slice}]`;
      // A sample in which nothing varies has no interval, and decides nothing.
      if (value === null || interval === null) continue;
      seen.set(id, (seen.get(id) ?? 0) + 1);
      held.set(id, (held.get(id) ?? 0) + Number(holds(interval, truth[metric]!)));
    }
  }
  return new Map([...seen].map(([id, count]) => [id, held.get(id)! / count]));
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
