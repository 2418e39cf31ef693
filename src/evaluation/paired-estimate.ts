// Baseline and candidate under one metric on the same rows: every contrast candidate − k·baseline with its inference, by the best test there is.
import { inferAreaContrast, inferDelong } from "../statistics/area-inference.ts";
import { countBlockFreedom, spreadBlockDraws } from "../statistics/block-spread.ts";
import { inferFromDraws, measureJackknife } from "../statistics/bootstrap-interval.ts";
import { measureDelong } from "../statistics/delong.ts";
import { countEffectiveUnits } from "../statistics/effective-units.ts";
import type { Inference } from "../statistics/inference.ts";
import { testMcnemar } from "../statistics/mcnemar.ts";
import { inferPairedDifference, inferShare } from "../statistics/paired-proportions.ts";
import { describeTooFew, fewestRowsPerClass, type PairedEstimate, type SamplingPlan } from "./pair-contract.ts";
import { countPairedCells } from "./paired-cells.ts";
import { drawCells, drawMeans, drawRows, type PairedDraws } from "./paired-draws.ts";
import { compareSpreads } from "./paired-spreads.ts";
import { type AreaStatistic, type ConfusionStatistic, evaluateStatistic, type Statistic } from "./statistic.ts";

/** Both statistics must come from the same metric on the same rows. Contrasts are cached, so equal questions get equal answers. */
export function estimatePair(baseline: Statistic, candidate: Statistic, plan: SamplingPlan): PairedEstimate {
  const values = {
    baseline: evaluateStatistic(baseline, plan.weights),
    candidate: evaluateStatistic(candidate, plan.weights),
  };
  if (candidate.kind === "spread")
    return { ...values, ...compareSpreads(baseline.kind === "spread" ? baseline : candidate, candidate, plan) };
  const independent = plan.weights === null && plan.layout.unitOfRow === null && plan.layout.blockLength === null;
  if (independent && baseline.kind === "area" && candidate.kind === "area")
    return { ...values, ...compareAreas(baseline, candidate) };
  if (independent && baseline.kind === "confusion" && candidate.kind === "confusion")
    return { ...values, ...compareConfusions(baseline, candidate, values, plan) };
  if (plan.layout.blockLength === null && baseline.kind === "means" && candidate.kind === "means")
    return { ...values, ...compareByDraws(values, drawMeans(baseline, candidate, plan), plan) };
  return { ...values, ...compareByDraws(values, drawRows(baseline, candidate, plan), plan) };
}

type Tests = Omit<PairedEstimate, "baseline" | "candidate">;
type Values = Pick<PairedEstimate, "baseline" | "candidate">;

function compareAreas(baseline: AreaStatistic, candidate: AreaStatistic): Tests {
  const covariance = measureDelong(baseline.labels, baseline.scores, candidate.scores);
  const { positives, negatives } = covariance;
  const contrast = (factor: number): Inference => inferAreaContrast(covariance, factor);
  return {
    contrast,
    zeroTest: () => {
      const { estimate, standardError, pValueAbove, pValueBelow } = inferDelong(covariance, 1);
      const pValue = Math.min(1, 2 * Math.min(pValueAbove(0), pValueBelow(0)));
      return { test: "delong", statistic: standardError > 0 ? estimate / standardError : null, pValue };
    },
    tooFew:
      Math.min(positives, negatives) < fewestRowsPerClass
        ? `only ${positives} positive and ${negatives} negative rows (at least ${fewestRowsPerClass} of each are needed)`
        : null,
  };
}

function compareConfusions(
  baseline: ConfusionStatistic,
  candidate: ConfusionStatistic,
  values: Values,
  plan: SamplingPlan,
): Tests {
  const { proportion } = baseline;
  const cells = countPairedCells(baseline, candidate);
  const general = remember(
    (): Tests => compareByDraws(values, drawCells(cells, baseline, candidate, plan), plan, true),
  );
  if (proportion === null) return general();
  const counts = cells.countDiscordant(proportion.label);
  return {
    contrast: (factor) => {
      if (factor === 1) return inferPairedDifference(counts);
      return factor === 0 ? inferShare(counts.hits, counts.rows) : general().contrast(factor);
    },
    zeroTest: () => {
      const { statistic, midPValue } = testMcnemar(counts.losses, counts.gains);
      return { test: "mcnemar", statistic, pValue: midPValue };
    },
    tooFew: null,
  };
}

function compareByDraws(values: Values, draw: () => PairedDraws, plan: SamplingPlan, posterior = false): Tests {
  const draws = remember(draw);
  const inferences = new Map<number, Inference>();
  const contrast = (factor: number): Inference => {
    const known = inferences.get(factor);
    if (known) return known;
    const { leftOut, units, double, ...drawn } = draws();
    const take = ({ baseline, candidate }: Pick<PairedDraws, "baseline" | "candidate">) =>
      candidate.map((value, at) => value - factor * baseline[at]!);
    const jackknife = leftOut === null ? null : measureJackknife(take(leftOut));
    const { blockLength } = plan.layout;
    const single = take(drawn);
    const made = inferFromDraws({
      estimate: values.candidate - factor * values.baseline,
      draws: blockLength === null ? single : spreadBlockDraws(single, double && take(double), plan.rows, blockLength),
      acceleration: jackknife?.acceleration ?? 0,
      standardError: jackknife?.standardError ?? 0,
      freedom: blockLength === null ? units - 1 : countBlockFreedom(plan.rows, blockLength),
      stretch: blockLength === null,
      correctBias: !posterior,
    });
    inferences.set(factor, made);
    return made;
  };
  const { layout, rows, weights } = plan;
  const name = layout.blockLength === null ? (layout.unitOfRow === null ? "rows" : "groups") : "blocks";
  return {
    contrast,
    zeroTest: () => {
      const { pValueAbove, pValueBelow, estimate, standardError } = contrast(1);
      const test = { rows: "paired-bootstrap", groups: "cluster-bootstrap", blocks: "block-bootstrap" }[name];
      if (standardError === 0) return { test, statistic: null, pValue: 1 };
      const pValue = Math.min(1, 2 * Math.min(pValueAbove(0), pValueBelow(0)));
      return { test, statistic: estimate / standardError, pValue };
    },
    tooFew: describeTooFew(
      countEffectiveUnits(layout, weights, rows),
      layout.blockLength === null ? layout.units : null,
      name,
    ),
  };
}

function remember<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
