// Special functions against SciPy, relative to the value, also far out in the tails.
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as beta from "../../src/statistics/beta.ts";
import * as binomial from "../../src/statistics/binomial.ts";
import * as chiSquare from "../../src/statistics/chi-square.ts";
import * as gamma from "../../src/statistics/gamma.ts";
import * as normal from "../../src/statistics/normal.ts";
import * as studentT from "../../src/statistics/student-t.ts";

const functions = { ...beta, ...binomial, ...chiSquare, ...gamma, ...normal, ...studentT } as unknown as Readonly<
  Record<string, (...input: readonly number[]) => number>
>;
const { vectors } = JSON.parse(readFileSync(new URL("vectors/distributions.json", import.meta.url), "utf8")) as {
  vectors: readonly { function: string; input: number[]; expect: number }[];
};

describe("distributions agree with SciPy to 1e-9 of the value", () => {
  for (const name of new Set(vectors.map((vector) => vector.function))) {
    it(name, () => {
      for (const vector of vectors.filter((candidate) => candidate.function === name)) {
        const found = functions[name]?.(...vector.input) ?? Number.NaN;
        expect(Math.abs(found / vector.expect - 1), `${name}(${vector.input})`).toBeLessThan(1e-9);
      }
    });
  }
});

describe("quantiles undo distribution functions", () => {
  it("normal", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-300, max: 0.999999, noNaN: true }), (p) => {
        expect(Math.abs(normal.normalCdf(normal.normalQuantile(p)) / p - 1)).toBeLessThan(1e-10);
      }),
    );
  });
  it("Student's t, from one degree of freedom to a million", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-9, max: 0.5, noNaN: true }),
        fc.double({ min: 1, max: 1e6, noNaN: true }),
        (p, df) => {
          expect(Math.abs(studentT.studentTCdf(studentT.studentTQuantile(p, df), df) / p - 1)).toBeLessThan(1e-8);
        },
      ),
      { numRuns: 40 },
    );
  });
  it("outside [0, 1] there is no quantile", () => {
    for (const quantile of [normal.normalQuantile, (p: number) => studentT.studentTQuantile(p, 3)]) {
      expect(quantile(-0.1)).toBeNaN();
      expect(quantile(Number.NaN)).toBeNaN();
      expect(quantile(1)).toBe(Number.POSITIVE_INFINITY);
    }
  });
});

describe("intervals for a share", () => {
  it("Clopper-Pearson holds its tail probabilities exactly", () => {
    const [low, high] = binomial.clopperPearsonInterval(8, 10, 0.95);
    expect(binomial.binomialSurvival(7, 10, low)).toBeCloseTo(0.025, 10);
    expect(binomial.binomialCdf(8, 10, high)).toBeCloseTo(0.025, 10);
    expect(binomial.clopperPearsonInterval(0, 0, 0.95)).toEqual([0, 1]);
    expect(binomial.wilsonInterval(0, 0, 0.95)).toEqual([0, 1]);
  });
});
