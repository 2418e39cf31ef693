// Two-sample tests against SciPy on random samples with and without ties, and what they do at the edges.
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { testAndersonDarling } from "../../src/statistics/anderson-darling.ts";
import { testFisher, testHomogeneity, testLikelihoodRatio } from "../../src/statistics/contingency.ts";
import { testCramerVonMises } from "../../src/statistics/cramer-von-mises.ts";
import { totalVariationDistance, totalVariationNullMean } from "../../src/statistics/distribution-distance.ts";
import { kolmogorovLimitSurvival, kolmogorovSurvival } from "../../src/statistics/kolmogorov.ts";
import {
  asymptoticKolmogorovSmirnov,
  exactKolmogorovSmirnov,
  kolmogorovSmirnovDistance,
  testKolmogorovSmirnov,
} from "../../src/statistics/kolmogorov-smirnov.ts";
import { testMannWhitney } from "../../src/statistics/mann-whitney.ts";
import { newcombeInterval } from "../../src/statistics/proportions.ts";
import { compareSorted, energyDistance, wassersteinDistance } from "../../src/statistics/wasserstein.ts";
import { momentsFromSums, testWelch } from "../../src/statistics/welch.ts";

const sample = (values: readonly number[]): Float64Array => Float64Array.from(values).sort();
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const moments = (values: readonly number[]) =>
  momentsFromSums(values.length, sum(values), sum(values.map((value) => value * value)));
type Lists = [number[], number[]];

const answers: Readonly<Record<string, (input: never) => readonly number[]>> = {
  kolmogorovSurvival: ([d, n]: [number, number]) => [kolmogorovSurvival(d, n)],
  kolmogorovLimitSurvival: ([x]: [number]) => [kolmogorovLimitSurvival(x)],
  ksExact: ([a, b]: Lists) => {
    const d = kolmogorovSmirnovDistance(sample(a), sample(b));
    return [d, exactKolmogorovSmirnov(d, a.length, b.length)];
  },
  ksAsymp: ([a, b]: Lists) => {
    const d = kolmogorovSmirnovDistance(sample(a), sample(b));
    return [d, asymptoticKolmogorovSmirnov(d, a.length, b.length)];
  },
  w1: ([a, b]: Lists) => [wassersteinDistance(sample(a), sample(b))],
  energy: ([a, b]: Lists) => [energyDistance(sample(a), sample(b))],
  cvmAsymp: ([a, b]: Lists) => {
    const { statistic, pValue } = testCramerVonMises(sample(a), sample(b), "asymptotic");
    return [statistic, pValue];
  },
  cvmExact: ([a, b]: Lists) => {
    const { statistic, pValue } = testCramerVonMises(sample(a), sample(b), "exact");
    return [statistic, pValue];
  },
  mw: ([a, b]: Lists) => {
    const { statistic, pValue } = testMannWhitney(sample(a), sample(b));
    return [statistic, pValue];
  },
  ad: ([a, b]: Lists) => {
    const { statistic, tabledPValue } = testAndersonDarling(sample(a), sample(b));
    return [statistic, tabledPValue];
  },
  welch: ([a, b]: Lists) => {
    const { statistic, pValue, degreesOfFreedom } = testWelch(moments(a), moments(b), 0.95);
    return [statistic, pValue, degreesOfFreedom];
  },
  chi2: ([a, b]: Lists) => {
    const { statistic, pValue, degreesOfFreedom } = testHomogeneity(a, b);
    return [statistic, pValue, degreesOfFreedom];
  },
  g: ([a, b]: Lists) => {
    const { statistic, pValue, degreesOfFreedom } = testLikelihoodRatio(a, b);
    return [statistic, pValue, degreesOfFreedom];
  },
  fisher: ([a, b, c, d]: [number, number, number, number]) => [testFisher(a, b, c, d)],
};

const { vectors } = JSON.parse(readFileSync(new URL("vectors/two-sample.json", import.meta.url), "utf8")) as {
  vectors: readonly { test: string; input: unknown; expect: number[] }[];
};

describe("two-sample tests agree with SciPy to 1e-9 of the value", () => {
  for (const [name, answer] of Object.entries(answers)) {
    it(name, () => {
      const chosen = vectors.filter((vector) => vector.test === name);
      expect(chosen.length).toBeGreaterThan(0);
      for (const vector of chosen) {
        answer(vector.input as never).forEach((found, at) => {
          const expected = vector.expect[at] ?? Number.NaN;
          // SciPy's asymptotic Cramér-von Mises p is 1 minus a distribution function: exact to 1e-12, not in the far tail.
          const slack = name === "cvmAsymp" ? 1e-11 : 1e-300;
          expect(Math.abs(found - expected)).toBeLessThan(1e-9 * Math.abs(expected) + slack);
        });
      }
    });
  }
});

describe("edges", () => {
  const empty = new Float64Array(0);
  const some = Float64Array.of(1, 2, 3);
  it("an empty sample is no difference and p = 1, never NaN", () => {
    expect(testKolmogorovSmirnov(kolmogorovSmirnovDistance(empty, some), 0, 3)).toMatchObject({
      statistic: 0,
      pValue: 1,
    });
    expect(testCramerVonMises(empty, some)).toMatchObject({ statistic: 0, pValue: 1 });
    expect(testMannWhitney(empty, some).pValue).toBe(1);
    expect(testHomogeneity([0, 0], [3, 4])).toEqual({ statistic: 0, pValue: 1, degreesOfFreedom: 0 });
    expect(newcombeInterval(0, 0, 1, 2, 0.95)).toEqual([-1, 1]);
    expect(wassersteinDistance(empty, some)).toBe(0);
  });
  it("constant columns are equal", () => {
    const same = Float64Array.of(7, 7, 7);
    expect(kolmogorovSmirnovDistance(same, same)).toBe(0);
    expect(testMannWhitney(same, same).pValue).toBe(1);
    expect(testAndersonDarling(same, same)).toEqual({ statistic: 0, tabledPValue: 0.25 });
    expect(testWelch(moments([7, 7]), moments([7, 7]), 0.95).pValue).toBe(1);
  });
  it("infinities are values like others for ranks and distribution functions", () => {
    const a = sample([Number.NEGATIVE_INFINITY, 1, Number.POSITIVE_INFINITY]);
    expect(kolmogorovSmirnovDistance(a, a)).toBe(0);
    expect(kolmogorovSmirnovDistance(a, sample([1, 1, 1]))).toBeCloseTo(1 / 3, 12);
  });
});

describe("properties", () => {
  const values = fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 1, maxLength: 40 });
  it("D is symmetric, in [0, 1], and the same under a monotone map", () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        const d = kolmogorovSmirnovDistance(sample(a), sample(b));
        expect(kolmogorovSmirnovDistance(sample(b), sample(a))).toBe(d);
        expect(kolmogorovSmirnovDistance(sample(a.map((x) => x ** 3)), sample(b.map((x) => x ** 3)))).toBe(d);
        expect(d).toBeGreaterThanOrEqual(0);
        expect(d).toBeLessThanOrEqual(1);
      }),
    );
  });
  it("the exact p falls as D grows, and is 1 at the smallest D", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 30 }), (n, m) => {
        const steps = [0.01, 0.2, 0.4, 0.6, 0.8, 1].map((d) => exactKolmogorovSmirnov(d, n, m));
        expect(steps.every((p, i) => i === 0 || p <= (steps[i - 1] ?? 1))).toBe(true);
        expect(exactKolmogorovSmirnov(0, n, m)).toBe(1);
      }),
    );
  });
  it("are the same from one walk along both samples as each from its own", () => {
    const few = fc.array(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ min: -9, max: 9, noNaN: true })), {
      minLength: 1,
      maxLength: 40,
    });
    fc.assert(
      fc.property(few, few, (a, b) => {
        const [left, right] = [sample(a), sample(b)];
        const both = compareSorted(left, right);
        expect(both.kolmogorovSmirnov).toBe(kolmogorovSmirnovDistance(left, right));
        expect(both.wasserstein).toBeCloseTo(wassersteinDistance(left, right), 12);
      }),
    );
  });

  it("moving a sample by c moves it by exactly c in Wasserstein-1", () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 0, max: 9 }), (a, shift) => {
        expect(wassersteinDistance(sample(a), sample(a.map((x) => x + shift)))).toBeCloseTo(shift, 9);
      }),
    );
  });
  it("total variation exceeds 0.10 without any drift on many categories, and its null mean says so", () => {
    const counts = Array.from({ length: 100 }, () => 20);
    const noisy = counts.map((count, i) => count / 10 + (i % 2 === 0 ? 1 : -1) * 1.1);
    expect(totalVariationDistance(counts, noisy)).toBeGreaterThan(0.1);
    expect(totalVariationNullMean(counts, noisy)).toBeGreaterThan(0.25);
  });
});

it("takes samples of hundreds of thousands: even numbers against odd ones", () => {
  const count = 200_000;
  const even = Float64Array.from({ length: count }, (_, i) => 2 * i);
  const odd = even.map((value) => value + 1);
  // The ranks of both together are 2i + 1 and 2i + 2: by the definition, i and i + 1 above those within a sample.
  const u = count * (sumOfSquares(count - 1) + sumOfSquares(count));
  const product = count * count;
  const statistic = u / (product * 2 * count) - (4 * product - 1) / (12 * count);
  expect(testCramerVonMises(even, odd).statistic).toBeCloseTo(statistic, 6);
});

function sumOfSquares(last: number): number {
  return (last * (last + 1) * (2 * last + 1)) / 6;
}
