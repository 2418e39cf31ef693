import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sortIndices, sortWithTies } from "../../src/statistics/sort-order.ts";

describe("sorting indices", () => {
  test("agrees with a plain stable sort, below and above the size where digits are used", () => {
    const number = fc.oneof(fc.double(), fc.integer({ min: -3, max: 3 }), fc.constantFrom(-0, 0, Number.NaN, 1e-310));
    fc.assert(
      fc.property(fc.array(number, { minLength: 1, maxLength: 60 }), fc.constantFrom(1, 60), (piece, times) => {
        const values = Float64Array.from({ length: piece.length * times }, (_, at) => piece[at % piece.length]!);
        const key = (index: number) => (Number.isNaN(values[index]!) ? Number.POSITIVE_INFINITY : values[index]!);
        const isNan = (index: number) => Number(Number.isNaN(values[index]!));
        const expected = Array.from(values.keys()).sort(
          (left, right) =>
            isNan(left) - isNan(right) || (key(left) < key(right) ? -1 : key(left) > key(right) ? 1 : left - right),
        );
        expect(Array.from(sortIndices(values))).toEqual(expected);
      }),
      { seed: 3, numRuns: 150 },
    );
  });

  test("marks where runs of equal values end", () => {
    expect(Array.from(sortWithTies(Float64Array.of(2, 1, 2, 3)).ends)).toEqual([1, 3, 4]);
    expect(Array.from(sortWithTies(new Float64Array(0)).ends)).toEqual([]);
  });
});
