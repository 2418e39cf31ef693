// The rows as a whole: a change that no single column shows is found, its columns are named, and nothing is found in nothing.
import { describe, expect, it } from "vitest";
import { simulateJoint } from "../../bench/simulate-joint.ts";
import { defaultDriftPolicy } from "../../src/monitoring/drift-report.ts";
import { testJointly } from "../../src/monitoring/multivariate.ts";
import { decideJointly, listJointPValues } from "../../src/monitoring/multivariate-report.ts";
import { createRandom } from "../../src/statistics/rng.ts";
import { decomposeSymmetric } from "../../src/statistics/symmetric-eigen.ts";
import { testArea } from "../../src/statistics/unit-permutation.ts";
import type { Column, Table } from "../../src/tables/table.ts";

const random = createRandom("joint");
const numbers = (name: string, values: readonly number[]): Column => ({
  name,
  type: "numeric",
  values: Float64Array.from(values),
});
const table = (columns: readonly Column[]): Table => ({
  rows: columns[0]?.values.length ?? 0,
  columns: new Map(columns.map((column) => [column.name, column])),
});
/** Two standard normals with that correlation, and one alone. */
const correlated = (rows: number, rho: number): Table => {
  const a = Array.from({ length: rows }, () => random.nextNormal());
  const b = a.map((x) => rho * x + Math.sqrt(1 - rho * rho) * random.nextNormal());
  return table([
    numbers("a", a),
    numbers("b", b),
    numbers(
      "c",
      a.map(() => random.nextNormal()),
    ),
  ]);
};
const decide = (reference: Table, current: Table, keys: Parameters<typeof testJointly>[0]["keys"] = null) => {
  const test = testJointly({ reference, current, keys }, 2000, "seed");
  return test && decideJointly(test, listJointPValues(test), defaultDriftPolicy);
};

describe("a change of the rows as a whole", () => {
  it("is found when only a correlation changed, and named by its columns", () => {
    const found = decide(correlated(2000, 0), correlated(1000, 0.8));
    expect(found?.outcome).toBe("drift");
    expect(
      found?.drivers
        .map(({ name }) => name)
        .slice(0, 2)
        .sort(),
    ).toEqual(["a", "b"]);
    expect(found?.classifier?.terms[0]).toMatch(/a × b|b × a/);
    expect(found?.reason).toMatch(/classifier tells current rows .* driven by [ab], [ab]/);
  });
  it("is found between a number and a category, with missing cells and constants beside", () => {
    const mixed = (rows: number, tied: boolean): Table => {
      const x = Array.from({ length: rows }, () => random.nextNormal());
      const plan = x.map((value) => ((tied ? value > 0 : random.nextFloat() < 0.5) ? "pro" : "basic"));
      return table([
        numbers("x", x),
        { name: "plan", type: "categorical", values: plan },
        numbers(
          "gaps",
          x.map((_, i) => (i % 3 === 0 ? Number.NaN : random.nextNormal())),
        ),
        numbers(
          "constant",
          x.map(() => 7),
        ),
        { name: "empty", type: "categorical", values: x.map(() => null) },
      ]);
    };
    const found = decide(mixed(1000, false), mixed(1000, true));
    expect(found?.outcome).toBe("drift");
    expect(found?.drivers.map(({ name }) => name).sort()).toEqual(["plan", "x"]);
    expect(decide(mixed(1000, true), mixed(1000, true))?.outcome).toBe("inconclusive");
  });
  it("is the same for the same rows and seed", () => {
    const [reference, current] = [correlated(600, 0), correlated(300, 0.5)];
    expect(decide(reference, current)).toEqual(decide(reference, current));
  });
  it("cannot be told without two halves", () => {
    expect(decide(correlated(1, 0), correlated(500, 0))).toBeNull();
    expect(decide(table([numbers("k", Array(400).fill(1))]), table([numbers("k", Array(400).fill(1))]))).toBeNull();
  });
});

describe("false alarms of the rows as a whole", () => {
  it.each([
    ["rows", 1],
    ["users of 20 rows each", 20],
  ] as const)("%s: the p-values are uniform enough", (_, rowsPerUser) => {
    const runs = 25;
    const share = simulateJoint({ runs, users: Math.ceil(600 / rowsPerUser), rowsPerUser, columns: 6 }, "null");
    // 5 % of two tests each, and three standard errors.
    expect(share).toBeLessThanOrEqual(0.05 + 3 * Math.sqrt((0.05 * 0.95) / (2 * runs)));
  });
});

describe("testArea", () => {
  it("gives every arrangement the same chance: 1 of 6 for two units against two, at its most extreme", () => {
    const sample = {
      values: Float64Array.of(1, 2, 3, 4),
      sides: Uint8Array.of(0, 0, 1, 1),
      units: Int32Array.of(0, 1, 2, 3),
    };
    const { statistic, pValue } = testArea(sample, "greater", 100_000, random);
    expect(statistic).toBe(1);
    expect(pValue).toBeCloseTo(1 / 6, 1);
    expect(testArea({ ...sample, sides: new Uint8Array(4) }, "greater", 100, random)).toMatchObject({
      statistic: 0.5,
      pValue: 1,
    });
  });
});

describe("decomposeSymmetric", () => {
  it("gives back the matrix, with orthogonal vectors", () => {
    const size = 6;
    const half = Float64Array.from({ length: size * size }, () => random.nextNormal());
    const matrix = half.map((_, at) => {
      const [i, j] = [Math.floor(at / size), at % size];
      return (half[i * size + j] ?? 0) + (half[j * size + i] ?? 0);
    });
    const { values, vectors } = decomposeSymmetric(matrix, size);
    expect([...values].sort((a, b) => b - a)).toEqual(values);
    matrix.forEach((entry, at) => {
      const [i, j] = [Math.floor(at / size), at % size];
      const back = values.reduce((sum, value, k) => sum + value * (vectors[k]?.[i] ?? 0) * (vectors[k]?.[j] ?? 0), 0);
      expect(back).toBeCloseTo(entry, 10);
    });
  });
});
