import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { inferArea, inferAreaContrast } from "../../src/statistics/area-inference.ts";
import { wilsonInterval } from "../../src/statistics/binomial.ts";
import { testCorrectedResampledT } from "../../src/statistics/corrected-resampled-t.ts";
import { measureDelong } from "../../src/statistics/delong.ts";
import { inferNormal } from "../../src/statistics/inference.ts";
import { testMcnemar } from "../../src/statistics/mcnemar.ts";
import { inferPairedDifference, inferShare, newcombeInterval } from "../../src/statistics/paired-proportions.ts";
import { estimateRowsNeeded, measureDetectableDistance } from "../../src/statistics/power.ts";
import { createRandom } from "../../src/statistics/rng.ts";
import { inferSkewed } from "../../src/statistics/skewed-t.ts";

interface Vector {
  readonly id: string;
  // biome-ignore lint/suspicious/noExplicitAny: every vector has its own shape.
  readonly input: any;
  // biome-ignore lint/suspicious/noExplicitAny: every vector has its own shape.
  readonly expect: any;
}

const file = new URL("vectors/statistics.json", import.meta.url);
const { vectors } = JSON.parse(readFileSync(file, "utf8")) as { vectors: Vector[] };
const vector = (id: string): Vector => vectors.find((one) => one.id === id)!;

describe("known answers", () => {
  test("McNemar", () => {
    const { input, expect: expected } = vector("mcnemar");
    const result = testMcnemar(input[0][1], input[1][0]);
    expect(result.corrected.statistic).toBeCloseTo(expected.corrected.chi2, 9);
    expect(result.corrected.pValue).toBeCloseTo(expected.corrected.p, 12);
    expect(result.statistic).toBeCloseTo(expected.uncorrected.chi2, 9);
    expect(result.pValue).toBeCloseTo(expected.uncorrected.p, 12);
    expect(result.exactPValue).toBeCloseTo(expected.exact_p, 12);
  });

  test("McNemar mid-p", () => {
    const { input, expect: expected } = vector("mcnemar-midp");
    const result = testMcnemar(input.b, input.c);
    expect(result.exactPValue).toBeCloseTo(expected.exact_p, 9);
    expect(result.midPValue).toBeCloseTo(expected.mid_p, 9);
    expect(testMcnemar(5, 5).midPValue).toBeCloseTo(1 - 252 / 1024, 12);
    expect(testMcnemar(0, 0).midPValue).toBe(1);
  });

  test("DeLong, and its margin test", () => {
    const { input, expect: expected } = vector("delong-paired");
    const { areas, variances, covariance } = measureDelong(
      Float64Array.from(input.y),
      Float64Array.from(input.s1),
      Float64Array.from(input.s2),
    );
    expect(areas[0]).toBeCloseTo(expected.auc[0], 12);
    expect(areas[1]).toBeCloseTo(expected.auc[1], 12);
    expect(variances[0]).toBeCloseTo(expected.variance[0], 12);
    expect(variances[1]).toBeCloseTo(expected.variance[1], 12);
    expect(covariance).toBeCloseTo(expected.covariance, 12);
    const inference = inferNormal(areas[1] - areas[0], Math.sqrt(variances[0] + variances[1] - 2 * covariance));
    expect(inference.estimate / inference.standardError).toBeCloseTo(-expected.z, 9);
    expect(2 * inference.pValueBelow(0)).toBeCloseTo(expected.p, 9);
    const margin = vector("non-inferiority-auc").expect;
    expect(inference.standardError).toBeCloseTo(margin.standard_error, 5);
    expect(inference.pValueAbove(-0.05)).toBeCloseTo(margin.p_one_sided, 4);
    expect(inference.interval(0.95)[0]).toBeCloseTo(margin.interval[0], 4);
    expect(inference.interval(0.95)[1]).toBeCloseTo(margin.interval[1], 4);
  });

  test("DeLong with ties is the sum over pairs", () => {
    const labels = Float64Array.of(1, 0, 1, 0, 1, 0, 0, 1);
    const scores = Float64Array.of(0.5, 0.5, 0.7, 0.2, 0.2, 0.7, 0.1, 0.9);
    let sum = 0;
    for (let i = 0; i < 8; i += 1)
      for (let j = 0; j < 8; j += 1)
        if (labels[i] === 1 && labels[j] === 0) sum += scores[i]! > scores[j]! ? 1 : scores[i] === scores[j] ? 0.5 : 0;
    expect(measureDelong(labels, scores, scores).areas[0]).toBeCloseTo(sum / 16, 12);
  });

  test("corrected resampled t", () => {
    const { input, expect: expected } = vector("corrected-resampled-t");
    const { t, pValue } = testCorrectedResampledT(input, 1 / 9);
    expect(t).toBeCloseTo(expected.t, 9);
    expect(pValue).toBeCloseTo(expected.p, 9);
  });

  test("one share: the lower end of mid-p, the upper end of mid-p, or Wilson's, whichever is farther", () => {
    // SciPy: root of binom.sf(k, n, p) + binom.pmf(k, n, p) / 2 = 0.025 in p, for k = 8 and for k = 2, n = 10.
    const [low, high] = inferShare(8, 10).interval(0.95);
    expect(low).toBeCloseTo(0.48049033688, 9);
    expect(high).toBeCloseTo(0.9650016992, 9);
    expect(inferShare(50, 100).interval(0.95)[0]).toBeCloseTo(wilsonInterval(50, 100, 0.95)[0], 2);
    expect(inferShare(0, 0).interval(0.95)).toEqual([0, 1]);
  });

  test.each([
    [8, 10],
    [50, 100],
    [0, 30],
    [30, 30],
    [99, 100],
  ])("one share: interval and test of %i of %i invert each other, and hold Wilson's", (hits, trials) => {
    const inference = inferShare(hits, trials);
    const [low, high] = inference.interval(0.95);
    const [from, to] = wilsonInterval(hits, trials, 0.95);
    expect(low).toBeLessThanOrEqual(from);
    expect(high).toBeGreaterThanOrEqual(to);
    if (low > 0) expect(inference.pValueAbove(low)).toBeCloseTo(0.025, 9);
    if (high < 1) expect(inference.pValueBelow(high)).toBeCloseTo(0.025, 9);
  });

  const area = (value: number, standardError: number, positives: number, negatives: number) =>
    inferArea({ area: value, standardError, positives, negatives });

  test("one area: interval and test on the logit scale", () => {
    // SciPy: logit(0.8) ± t.ppf(0.975, 19) · 0.03 / 0.16, and t.sf((logit(0.8) − logit(0.7)) / (0.03 / 0.16), 19).
    const inference = area(0.8, 0.03, 20, 40);
    const [low, high] = inference.interval(0.95);
    expect(low).toBeCloseTo(0.7298481619, 9);
    expect(high).toBeCloseTo(0.8555407633, 9);
    expect(inference.pValueAbove(0.7)).toBeCloseTo(0.0048519740308, 9);
    expect(inference.pValueAbove(low)).toBeCloseTo(0.025, 9);
    expect(inference.pValueBelow(high)).toBeCloseTo(0.025, 9);
    expect([inference.pValueAbove(0), inference.pValueBelow(1), inference.pValueAbove(1)]).toEqual([0, 0, 1]);
  });

  test("one area near 1: the farther ends of that and of Newcombe's score interval", () => {
    // SciPy's brentq on (θ − A)² = z² V(θ) for 20 and 30 rows of the classes: 0.8799170356 … 0.9966667178 at A = 0.98.
    const inference = area(0.98, 0.001, 20, 30);
    expect(inference.interval(0.95)[0]).toBeCloseTo(0.8799170356, 9);
    expect(inference.interval(0.95)[1]).toBeCloseTo(0.9966667178, 9);
    expect(inference.pValueAbove(0.8799170356)).toBeCloseTo(0.025, 8);
    // Where a row out of order hangs on others, DeLong's error reaches farther.
    expect(area(0.98, 0.04, 20, 30).interval(0.95)[0]).toBeLessThan(0.7);
  });

  test("an area of 1 shows no variation, and is known only as far as its rows reach", () => {
    const [one, zero] = [area(1, 0, 20, 30), area(0, 0, 20, 30)];
    expect(one).toMatchObject({ estimate: 1, standardError: 0 });
    expect(one.interval(0.95)[0]).toBeCloseTo(0.9159389279, 9);
    expect(one.interval(0.95)[1]).toBe(1);
    expect(zero.interval(0.95)[1]).toBeCloseTo(1 - 0.9159389279, 9);
    expect(one.pValueAbove(0.9159389279)).toBeCloseTo(0.025, 8);
    expect(area(1, Number.NaN, 1, 30).interval(0.95)).toEqual([1, 1]);
  });

  test("a difference of areas near 1: the farther ends of DeLong's and of one from the areas' own", () => {
    // By the formula of Zou and Donner (2008) on the logit scale with SciPy's t of 39 degrees; DeLong's alone: −0.0604056927 … 0.0204056927.
    const covariance = { areas: [0.95, 0.93], variances: [0.015 ** 2, 0.02 ** 2], covariance: 1e-4 } as const;
    const inference = inferAreaContrast({ ...covariance, positives: 40, negatives: 60 }, 1);
    expect(inference.estimate).toBeCloseTo(-0.02, 12);
    const [low, high] = inference.interval(0.95);
    expect(low).toBeCloseTo(-0.0701558667, 9);
    expect(high).toBeCloseTo(0.0221699411, 9);
    expect(inference.pValueAbove(low)).toBeCloseTo(0.025, 7);
    expect(inference.pValueBelow(high)).toBeCloseTo(0.025, 7);
    // 90 · 0.05 = 4.5 rows out of order: half way between the two, with SciPy's t of 89 degrees (Zou and Donner's: −0.0690622354 … 0.0213347302).
    const between = inferAreaContrast({ ...covariance, positives: 90, negatives: 120 }, 1);
    expect(between.interval(0.95)[0]).toBeCloseTo(-0.064733964, 9);
    expect(between.interval(0.95)[1]).toBeCloseTo(0.0208702114, 9);
    expect(between.pValueAbove(between.interval(0.9)[0])).toBeCloseTo(0.05, 7);
    // From six on it is DeLong's as it is.
    const enough = inferAreaContrast({ ...covariance, positives: 120, negatives: 120 }, 1).interval(0.95);
    expect(enough[0]).toBeCloseTo(-0.0604056927, 9);
    // With fewer than twenty rows of a class nothing passes, and the interval is DeLong's as it is.
    const few = inferAreaContrast({ ...covariance, positives: 19, negatives: 60 }, 1).interval(0.95);
    expect(few[0]).toBeCloseTo(-0.0604056927, 9);
    // Two perfect areas show no variation at all.
    const perfect = { areas: [1, 1], variances: [0, 0], covariance: 0, positives: 50, negatives: 60 } as const;
    expect(inferAreaContrast(perfect, 1).interval(0.95)).toEqual([0, 0]);
  });

  test("Student's t without its skewness", () => {
    // SciPy: brentq on g(t) = t + 2at² + 4a²t³/3 + a against ± t.ppf(0.975, 9), a = 0.1, and t.sf(g(2), 9).
    const inference = inferSkewed(2, 0.5, 9, 0.1);
    expect(inference.interval(0.95)[0]).toBeCloseTo(1.2012792408, 9);
    expect(inference.interval(0.95)[1]).toBeCloseTo(6.3681890635, 9);
    expect(inference.pValueAbove(1)).toBeCloseTo(0.0073977888, 9);
    const plain = inferSkewed(2, 0.5, 9, 0);
    expect(plain.interval(0.95)[1]).toBeCloseTo(2 + 0.5 * 2.2621571628, 9);
    expect(plain.pValueBelow(plain.interval(0.95)[1])).toBeCloseTo(0.025, 9);
  });

  test("Newcombe's method 10 for pairs 36/12/2/0 of 50", () => {
    // Newcombe (1998), table III, row (a): 36 both, 12 and 2 discordant, 0 neither.
    const [low, high] = newcombeInterval({ both: 36, losses: 12, gains: 2, neither: 0 }, 0.95);
    expect(-high).toBeCloseTo(0.0569, 4);
    expect(-low).toBeCloseTo(0.3404, 4);
  });

  test("Tango's interval for 12 against 2 discordant pairs of 50", () => {
    // Tango (1998), the same example: 0.0618 to 0.3452.
    const [low, high] = inferPairedDifference({ rows: 50, gains: 2, losses: 12 }).interval(0.95);
    expect(-high).toBeCloseTo(0.0611, 2);
    expect(-low).toBeCloseTo(0.3447, 2);
  });
});

describe("Tango's test and interval invert each other", () => {
  test.each([
    [50, 2, 12],
    [20, 0, 0],
    [10, 0, 3],
    [500, 30, 25],
    [8, 8, 0],
  ])("%i pairs, %i gains, %i losses", (rows, gains, losses) => {
    const inference = inferPairedDifference({ rows, gains, losses });
    const [low, high] = inference.interval(0.95);
    expect(low).toBeLessThan(inference.estimate + 1e-9);
    expect(high).toBeGreaterThan(inference.estimate - 1e-9);
    if (low > -1) expect(inference.pValueAbove(low)).toBeCloseTo(0.025, 6);
    if (high < 1) expect(inference.pValueBelow(high)).toBeCloseTo(0.025, 6);
  });

  test("no disagreement in n pairs still leaves z²/(n + z²) open", () => {
    const [low, high] = inferPairedDifference({ rows: 10, gains: 0, losses: 0 }).interval(0.95);
    expect(high).toBeCloseTo(3.841459 / (10 + 3.841459), 5);
    expect(low).toBeCloseTo(-high, 9);
  });
});

describe("power", () => {
  test("(1.96 + 0.84) standard errors", () => {
    expect(measureDetectableDistance(1, 0.025)).toBeCloseTo(1.959964 + 0.841621, 5);
  });
  test("half the distance takes four times the rows", () => {
    expect(estimateRowsNeeded(100, 0.1, 0.1, 0.025)).toBe(Math.ceil(100 * 2.801585 ** 2));
    expect(estimateRowsNeeded(100, 0.1, 0.05, 0.025) / estimateRowsNeeded(100, 0.1, 0.1, 0.025)).toBeCloseTo(4, 1);
    expect(estimateRowsNeeded(100, 0.1, 0, 0.025)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe("random numbers", () => {
  test("the same text gives the same stream, another text another", () => {
    const draw = (seed: string) => Array.from({ length: 5 }, createRandom(seed).nextUint32);
    expect(draw("abc")).toEqual(draw("abc"));
    expect(draw("abc")).not.toEqual(draw("abd"));
  });
  test("uniform, normal and gamma have their moments", () => {
    const random = createRandom("moments");
    const mean = (next: () => number, power = 1) => {
      let sum = 0;
      for (let at = 0; at < 40000; at += 1) sum += next() ** power;
      return sum / 40000;
    };
    expect(mean(random.nextFloat)).toBeCloseTo(0.5, 1.9);
    expect(mean(random.nextNormal)).toBeCloseTo(0, 1.6);
    expect(mean(random.nextNormal, 2)).toBeCloseTo(1, 1.3);
    expect(mean(() => random.nextGamma(0.5))).toBeCloseTo(0.5, 1.5);
    expect(mean(() => random.nextGamma(3.5))).toBeCloseTo(3.5, 1);
    const counts = new Uint32Array(7);
    for (let at = 0; at < 70000; at += 1) counts[random.nextInteger(7)]! += 1;
    for (const count of counts) expect(Math.abs(count - 10000)).toBeLessThan(400);
  });
});
