// Sorting by digits gives what sorting by comparison gives.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRandom } from "../../src/statistics/rng.ts";
import { sortNumbers } from "../../src/statistics/sort-numbers.ts";

const rows = 5000;

describe("sorting numbers", () => {
  it("ascends, whatever the sizes and signs and however close together, and loses none", () => {
    const random = createRandom("sort");
    const samples: Readonly<Record<string, () => number>> = {
      normal: () => random.nextNormal(),
      "all sizes": () => random.nextNormal() * 10 ** (600 * (random.nextFloat() - 0.5)),
      "a narrow range": () => 1000 + random.nextFloat(),
      "a narrow range below 0": () => -1000 - random.nextFloat(),
      "apart in the last bits only": () => 1 + random.nextInteger(4096) * 2 ** -52,
      "one far value": () => (random.nextInteger(rows) === 0 ? -1e300 : 1 + random.nextInteger(4096) * 2 ** -52),
      ties: () => random.nextInteger(3),
      ends: () =>
        [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 5e-324, -5e-324][random.nextInteger(5)] as number,
    };
    for (const [name, sample] of Object.entries(samples)) {
      const values = Float64Array.from({ length: rows }, sample);
      const expected = values.slice().sort();
      sortNumbers(values);
      expect(values, name).toEqual(expected);
    }
  });

  it("works on part of an array", () => {
    const value = fc.double({ noNaN: true });
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 30 }), (few) => {
        const values = Float64Array.from(
          { length: rows + 2 },
          (_, i) => (few[i % few.length] as number) * (1 + (i % 97)) + 0,
        );
        const part = values.subarray(1, rows + 1);
        const expected = part.slice().sort();
        const ends = [values[0], values[rows + 1]];
        sortNumbers(part);
        expect(part).toEqual(expected);
        expect([values[0], values[rows + 1]]).toEqual(ends);
      }),
      { numRuns: 30 },
    );
  });
});
