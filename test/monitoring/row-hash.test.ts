// The hash of a row, against its definition.
import fc from "fast-check";
import { expect, it } from "vitest";
import { hashedRows, hashFactors, hashRows, missingWord, mixing } from "../../src/monitoring/row-hash.ts";

function hashPlainly(row: readonly number[]): number {
  let hash = 0;
  for (const [index, value] of row.entries()) {
    const [lowFactor, highFactor] = hashFactors(index);
    const [low = 0, high = 0] = Number.isNaN(value)
      ? [0, missingWord]
      : new Uint32Array(Float64Array.of(value + 0).buffer);
    hash = (hash + Math.imul(low, lowFactor) + Math.imul(high, highFactor)) | 0;
  }
  for (const { shift, factor } of mixing) hash = Math.imul(hash ^ (hash >>> shift), factor);
  return hash | 0;
}

it("is that of the numbers by their position, whatever they are and however many rows come together", () => {
  const value = fc.oneof(fc.double(), fc.constantFrom(0, -0, Number.NaN, 1 / 0, -1 / 0, 5e-324), fc.integer());
  fc.assert(
    fc.property(fc.array(fc.tuple(value, value, value), { minLength: 1, maxLength: 30 }), fc.nat(5), (rows, from) => {
      const start = Math.min(from, rows.length - 1);
      const columns = [0, 1, 2].map((index) => Float64Array.from(rows, (row) => row[index] as number));
      expect([...hashRows(columns, start, rows.length).hashes]).toEqual(rows.slice(start).map(hashPlainly));
    }),
  );
});

it("takes as many rows as it says", () => {
  const column = Float64Array.from({ length: hashedRows }, (_, i) => i / 3);
  expect([...hashRows([column], 0, hashedRows).hashes]).toEqual([...column].map((value) => hashPlainly([value])));
});

it("does not change from one release to the next, since published profiles hold what it chose", () => {
  const columns = [Float64Array.of(1, 0, Number.NaN), Float64Array.of(2.5, 0, -7)];
  expect([...hashRows(columns, 0, 3).hashes]).toEqual([1011665907, 0, 1910335953]);
});

it("chooses the rows whose hashes have a 0 for every bit of a mask", () => {
  const column = Float64Array.from({ length: 1000 }, (_, i) => i / 7);
  for (const mask of [0, 3, 15, -1]) {
    const { hashes, chosen } = hashRows([column], 100, 1000, mask);
    const expected = [...hashes.keys()].filter((row) => ((hashes[row] as number) & mask) === 0);
    expect([...chosen], `mask ${mask}`).toEqual(expected);
  }
});
