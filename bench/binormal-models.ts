// Two simulated classifiers whose true metrics are known: scores are normal within a class, the classes `strength` standard deviations apart.
import type { EvaluationRows, Predictions } from "../src/evaluation/metric-rows.ts";
import { normalCdf, normalQuantile } from "../src/statistics/normal.ts";
import { createRandom } from "../src/statistics/rng.ts";

export interface ModelPair {
  readonly rows: EvaluationRows;
  readonly baseline: Predictions;
  readonly candidate: Predictions;
}

export interface Population {
  readonly rows: number;
  /** Of the two models' scores within a class. */
  readonly correlation: number;
  /** True AUC of the baseline, and how much of it the candidate loses. */
  readonly area: number;
  readonly areaLoss: number;
}

const positiveShare = 0.4;
/** Share of rows with `plan` = small; it depends on nothing else, so every metric is in truth the same in every slice. */
const smallShare = 0.1;

/** Distance of the classes, in standard deviations, that has this AUC: Φ(strength / √2). */
function findStrength(area: number): number {
  return Math.SQRT2 * normalQuantile(area);
}

/** The same seed gives the same pair. */
export function drawModels({ rows: count, correlation, area, areaLoss }: Population, seed: string): ModelPair {
  const random = createRandom(seed);
  const [stronger, weaker] = [findStrength(area), findStrength(area - areaLoss)];
  const labels = new Float64Array(count);
  const baseline = new Float64Array(count);
  const candidate = new Float64Array(count);
  const plan: string[] = [];
  const own = Math.sqrt(1 - correlation);
  for (let row = 0; row < count; row += 1) {
    const label = random.nextFloat() < positiveShare ? 1 : 0;
    const shared = Math.sqrt(correlation) * random.nextNormal();
    labels[row] = label;
    baseline[row] = toProbability(shared + own * random.nextNormal() + stronger * label, stronger);
    candidate[row] = toProbability(shared + own * random.nextNormal() + weaker * label, weaker);
    plan.push(random.nextFloat() < smallShare ? "small" : "large");
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
    columns: new Map([["plan", { name: "plan", type: "categorical", values: plan }]]),
  };
  const wrap = (values: Float64Array): Predictions => ({ values, probabilities: null, columns: new Map() });
  return { rows, baseline: wrap(baseline), candidate: wrap(candidate) };
}

/** The calibrated probability of the positive class for a score of this model. */
function toProbability(score: number, strength: number): number {
  const odds = strength * score - strength ** 2 / 2 + Math.log(positiveShare / (1 - positiveShare));
  return 1 / (1 + Math.exp(-odds));
}

/** True values by metric id of a model with this AUC, its decisions at 0.5. */
export function measureTruth(area: number): Readonly<Record<string, number>> {
  const strength = findStrength(area);
  const cut = strength / 2 - Math.log(positiveShare / (1 - positiveShare)) / strength;
  const recall = normalCdf(strength - cut);
  const specificity = normalCdf(cut);
  const found = positiveShare * recall;
  const precision = found / (found + (1 - positiveShare) * (1 - specificity));
  const expect = (loss: (probability: number, label: number) => number): number =>
    [0, 1].reduce(
      (sum, label) =>
        sum +
        (label === 1 ? positiveShare : 1 - positiveShare) *
          integrateNormal((z) => loss(toProbability(z + strength * label, strength), label)),
      0,
    );
  return {
    roc_auc: area,
    accuracy: found + (1 - positiveShare) * specificity,
    recall,
    specificity,
    precision,
    f1: (2 * precision * recall) / (precision + recall),
    log_loss: expect((probability, label) => -Math.log(label === 1 ? probability : 1 - probability)),
    brier_score: expect((probability, label) => (probability - label) ** 2),
  };
}

/** Expectation over a standard normal number, by the trapezoid rule (which is exact to rounding for it). */
function integrateNormal(value: (z: number) => number): number {
  const step = 1 / 64;
  let sum = 0;
  for (let z = -9; z <= 9; z += step) sum += value(z) * Math.exp((-z * z) / 2);
  return (sum * step) / Math.sqrt(2 * Math.PI);
}
