// How often verdicts are right: seeded pairs of models whose true difference is known, judged for real.
import type { GateOutcome, GateVerdict } from "../src/evaluation/comparison.ts";
import { parseGate } from "../src/evaluation/gate-grammar.ts";
import { judge } from "../src/evaluation/judge.ts";
import type { EvaluationRows, Predictions } from "../src/evaluation/metric-rows.ts";
import { normalCdf, normalQuantile } from "../src/statistics/normal.ts";
import { createRandom } from "../src/statistics/rng.ts";

export interface Scenario {
  readonly pairs: number;
  readonly rows: number;
  /** Of the two models' scores within a class. */
  readonly correlation: number;
  readonly resamples: number;
  /** True loss of AUC of the candidate. */
  readonly areaLoss: number;
  readonly gates: readonly string[];
}

export interface Calibration {
  readonly verdicts: Readonly<Record<GateOutcome, number>>;
  /** Share of pairs on which each gate came out so, by gate id. */
  readonly outcomes: ReadonlyMap<string, Readonly<Record<GateOutcome, number>>>;
  /** Share of pairs where an equal model passes a margin of exactly the printed passable margin. */
  readonly passesPassable: ReadonlyMap<string, number>;
  /** Share of intervals that hold 0; the coverage when the models are equal. */
  readonly holdsZero: ReadonlyMap<string, number>;
  readonly smallestDetectableEffect: ReadonlyMap<string, number>;
}

const positiveShare = 0.4;
/** Distance of the classes in standard deviations; the AUC is Φ(strength / √2) ≈ 0.856. */
const strength = 1.5;

/** Judges `pairs` seeded pairs; the same scenario gives the same answer. */
export function calibrate(scenario: Scenario): Calibration {
  const gates = scenario.gates.map((gate) => parseGate(gate));
  const all: GateVerdict[][] = [];
  const verdicts = { pass: 0, fail: 0, inconclusive: 0 };
  for (let pair = 0; pair < scenario.pairs; pair += 1) {
    const models = drawModels(scenario, `${scenario.rows} ${scenario.correlation} ${pair}`);
    const comparison = judge({
      ...models,
      metrics: [{ kind: "built-in", id: "roc_auc", params: {} }],
      gates,
      slices: [],
      confidence: 0.95,
      seed: String(pair),
      resamples: scenario.resamples,
    });
    verdicts[comparison.verdict] += 1 / scenario.pairs;
    comparison.gates.forEach((gate, index) => {
      all[index] = [...(all[index] ?? []), gate];
    });
  }
  const share = (test: (gate: GateVerdict) => boolean) =>
    new Map(all.map((list) => [list[0]!.id, list.filter(test).length / list.length]));
  const average = (read: (gate: GateVerdict) => number) =>
    new Map(all.map((list) => [list[0]!.id, list.reduce((sum, gate) => sum + read(gate), 0) / list.length]));
  return {
    verdicts,
    outcomes: new Map(
      all.map((list) => {
        const count = (outcome: GateOutcome) => list.filter((gate) => gate.outcome === outcome).length / list.length;
        return [list[0]!.id, { pass: count("pass"), fail: count("fail"), inconclusive: count("inconclusive") }];
      }),
    ),
    passesPassable: share(holdsPassable),
    holdsZero: share(({ interval }) => interval !== null && interval[0] <= 0 && interval[1] >= 0),
    smallestDetectableEffect: average(({ smallestDetectableEffect }) => smallestDetectableEffect ?? Number.NaN),
  };
}

/** Would the gate pass if its margin were the passable margin it prints? */
function holdsPassable({ interval, passableMargin, rule }: GateVerdict): boolean {
  if (interval === null || passableMargin === null) return false;
  const loss = rule.includes("rise") ? interval[1] : -interval[0];
  return loss < passableMargin;
}

function drawModels({ rows: count, correlation, areaLoss }: Scenario, seed: string) {
  const random = createRandom(seed);
  const weaker = Math.SQRT2 * normalQuantile(normalCdf(strength / Math.SQRT2) - areaLoss);
  const labels = new Float64Array(count);
  const baseline = new Float64Array(count);
  const candidate = new Float64Array(count);
  for (let row = 0; row < count; row += 1) {
    const label = random.nextFloat() < positiveShare ? 1 : 0;
    const shared = Math.sqrt(correlation) * random.nextNormal();
    const own = Math.sqrt(1 - correlation);
    labels[row] = label;
    baseline[row] = toProbability(shared + own * random.nextNormal() + strength * label, strength);
    candidate[row] = toProbability(shared + own * random.nextNormal() + weaker * label, weaker);
  }
  const rows: EvaluationRows = {
    task: "binary",
    rows: count,
    labels,
    classes: ["0", "1"],
    threshold: 0.5,
    weights: null,
    clusters: null,
    blockLength: null,
    columns: new Map(),
  };
  const wrap = (values: Float64Array): Predictions => ({ values, probabilities: null, columns: new Map() });
  return { rows, baseline: wrap(baseline), candidate: wrap(candidate) };
}

/** The calibrated probability of the positive class for a score of this model. */
function toProbability(score: number, distance: number): number {
  const odds = distance * score - distance ** 2 / 2 + Math.log(positiveShare / (1 - positiveShare));
  return 1 / (1 + Math.exp(-odds));
}
