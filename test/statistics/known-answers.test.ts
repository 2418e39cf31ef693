// Every known answer about distributions, two-sample tests and distances, by its id. Values come from SciPy and from the
// published test suites the file names.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { wilsonInterval } from "../../src/statistics/binomial.ts";
import { relativeLiftSequence } from "../../src/statistics/confidence-sequence.ts";
import { testFisher, testHomogeneity } from "../../src/statistics/contingency.ts";
import { testCramerVonMises } from "../../src/statistics/cramer-von-mises.ts";
import { smallestDetectableDistance } from "../../src/statistics/detectable-effect.ts";
import {
  hellingerDistance,
  jensenShannonDistance,
  kullbackLeiblerDivergence,
  largestShareDifference,
  populationStabilityIndex,
  populationStabilityNullMean,
  totalVariationDistance,
} from "../../src/statistics/distribution-distance.ts";
import { estimatePerformance } from "../../src/statistics/estimated-performance.ts";
import {
  asymptoticKolmogorovSmirnov,
  exactKolmogorovSmirnov,
  kolmogorovSmirnovDistance,
} from "../../src/statistics/kolmogorov-smirnov.ts";
import { biasedDiscrepancy, unbiasedDiscrepancy } from "../../src/statistics/maximum-mean-discrepancy.ts";
import { adjustBenjaminiHochberg, adjustHolm } from "../../src/statistics/multiple-testing.ts";
import { normalCdf, normalQuantile } from "../../src/statistics/normal.ts";
import { testTwoProportions } from "../../src/statistics/proportions.ts";
import { testSampleRatio } from "../../src/statistics/sample-ratio.ts";
import { populationDeviation, wassersteinDistance } from "../../src/statistics/wasserstein.ts";
import { momentsFromSums, testWelch } from "../../src/statistics/welch.ts";

interface Vector {
  readonly id: string;
  readonly input: unknown;
  readonly expect: unknown;
  readonly tolerance: number | string;
}
interface Vectors {
  readonly samples: Readonly<Record<string, number[]>>;
  readonly counts: Readonly<Record<string, number[]>>;
  readonly vectors: readonly Vector[];
}

const known = JSON.parse(readFileSync(new URL("vectors/statistics.json", import.meta.url), "utf8")) as Vectors;
const A = sorted(known.samples["A"] ?? []);
const B = sorted(known.samples["B"] ?? []);
const { R = [], C = [], D = [] } = known.counts;

function sorted(values: readonly number[]): Float64Array {
  return Float64Array.from(values).sort();
}

/** NannyML's area, where each row also meets itself: noted in the file as not what a product should report. */
const countsRowsAgainstThemselves = 0.8202450571;

/** Numbers of the expectation, in the order they are written. */
function flatten(value: unknown): number[] {
  if (typeof value === "number") return [value];
  return Object.values(value as Record<string, unknown>).flatMap(flatten);
}

/** Our numbers for each id, in the order of the expectation. */
const answers: Readonly<Record<string, (input: never) => readonly number[]>> = {
  "ks-exact-AB": () => exactKs(A, B),
  "ks-asymptotic-AB": () => [asymptoticKolmogorovSmirnov(0.625, 8, 8)],
  "ks-exact-small": ([a, b]: [number[], number[]]) => exactKs(sorted(a), sorted(b)),
  "cvm-AB": () => {
    const exact = testCramerVonMises(A, B, "exact");
    return [exact.statistic, exact.pValue, testCramerVonMises(A, B, "asymptotic").pValue];
  },
  "wasserstein-AB": () => [wassersteinDistance(A, B), wassersteinDistance(A, B) / populationDeviation(A)],
  "wasserstein-small": ([a, b]: [number[], number[]]) => [wassersteinDistance(sorted(a), sorted(b))],
  "chi2-homogeneity-RC": () => homogeneity(R, C),
  "chi2-homogeneity-RD": () => homogeneity(R, D),
  hellinger: () => [hellingerDistance(R, C), hellingerDistance(R, D)],
  psi: () => [populationStabilityIndex(R, C).value, populationStabilityIndex(R, D).value],
  "kl-RC": () => [kullbackLeiblerDivergence(R, C).value, kullbackLeiblerDivergence(C, R).value],
  "js-RC": () => {
    const distance = jensenShannonDistance(R, C);
    return [distance * Math.sqrt(Math.LN2), distance, distance ** 2];
  },
  "tvd-linf": () => [C, D].flatMap((other) => [totalVariationDistance(R, other), largestShareDifference(R, other)]),
  fisher: (tables: [[number, number], [number, number]][]) => tables.map(([[a, b], [c, d]]) => testFisher(a, b, c, d)),
  "z-two-proportions": (pairs: [[number, number], [number, number]][]) =>
    pairs.flatMap(([[x, n], [y, m]]) => {
      const { z, pValue } = testTwoProportions(x, n, y, m);
      return [z, pValue];
    }),
  "mmd-rbf-small": ([a, b]: [number[], number[]]) => {
    const [first, second] = [a.map((x) => [x]), b.map((x) => [x])];
    return [unbiasedDiscrepancy(first, second, 1), biasedDiscrepancy(first, second, 1)];
  },
  holm: (pValues: number[]) => adjustHolm(pValues),
  "benjamini-hochberg": (pValues: number[]) => adjustBenjaminiHochberg(pValues),
  srm: (cases: { counts: number[]; weights: number[] }[]) =>
    cases.map(({ counts, weights }) => testSampleRatio(counts, weights)),
  "welch-from-sums": (input: { a: Sums; b: Sums }) => {
    const [a, b] = [input.a, input.b].map(({ n, sum, sumsq }) => momentsFromSums(n, sum, sumsq));
    const test = testWelch(a!, b!, 0.95);
    return [test.difference, test.standardError, test.degreesOfFreedom, ...test.interval, test.pValue];
  },
  "confidence-sequence": (input: { a: [number, number]; b: [number, number] }) => {
    const [a, b] = [input.a, input.b].map(([successes, count]) => {
      const mean = successes / count;
      return { count, mean, variance: mean * (1 - mean) };
    });
    const { lift, interval, rho } = relativeLiftSequence(a!, b!, 0.05);
    return [lift, ...interval, rho];
  },
  cbpe: (input: { calibrated_probability: number[]; threshold: number }) => {
    const found = estimatePerformance(Float64Array.from(input.calibrated_probability), input.threshold);
    return [
      found.truePositives,
      found.falsePositives,
      found.falseNegatives,
      found.trueNegatives,
      ...[found.accuracy, found.precision, found.recall, found.specificity, found.f1].map(
        (value) => value ?? Number.NaN,
      ),
      found.rocAuc ?? Number.NaN,
    ];
  },
  wilson: (input: { successes: number; n: number }) => wilsonInterval(input.successes, input.n, 0.95),
  "bh-smallest-detectable": (input: { T: number; q: number; n: number; m: number }) => [
    smallestDetectableDistance(input.T, input.q, input.n, input.m),
  ],
  "psi-null-mean": (input: { B: number; n: number; m: number }) => [
    populationStabilityNullMean(input.B, input.n, input.m),
  ],
};

interface Sums {
  readonly sum: number;
  readonly sumsq: number;
  readonly n: number;
}

function exactKs(a: Float64Array, b: Float64Array): number[] {
  const d = kolmogorovSmirnovDistance(a, b);
  return [d, exactKolmogorovSmirnov(d, a.length, b.length)];
}

function homogeneity(a: readonly number[], b: readonly number[]): number[] {
  const { statistic, pValue, degreesOfFreedom } = testHomogeneity(a, b);
  return [statistic, pValue, degreesOfFreedom];
}

describe("known answers", () => {
  for (const [id, answer] of Object.entries(answers)) {
    it(id, () => {
      const vector = known.vectors.find((candidate) => candidate.id === id);
      expect(vector).toBeDefined();
      const expected = flatten(vector?.expect).filter((value) => value !== countsRowsAgainstThemselves);
      const found = answer(vector?.input as never);
      expect(found).toHaveLength(expected.length);
      // Published values are rounded to the digits that are written.
      const tolerance = Math.max(Number(vector?.tolerance), id === "welch-from-sums" ? 1e-3 : 6e-11);
      expected.forEach((value, at) => {
        expect(Math.abs((found[at] ?? Number.NaN) - value)).toBeLessThanOrEqual(tolerance);
      });
    });
  }

  it("psi-normal-shift: the population index of N(0,1) against N(d,1) is d²", () => {
    const bins = Array.from({ length: 2001 }, (_, i) => -10 + i / 100);
    const shares = (shift: number): number[] =>
      bins.map((edge) => 1e12 * (normalCdf(edge + 0.01 - shift) - normalCdf(edge - shift)) + 1e-30);
    expect(populationStabilityIndex(shares(0), shares(0.5)).value).toBeCloseTo(0.25, 3);
    expect(2 * normalCdf(0.25) - 1).toBeCloseTo(0.1974126514, 9);
    expect(normalQuantile(normalCdf(-8))).toBeCloseTo(-8, 12);
  });
});
