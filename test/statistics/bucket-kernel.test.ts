// Numbers in their buckets, as a plain loop puts them there.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fillBuckets, gatherOpen } from "../../src/statistics/bucket-kernel.ts";
import { keyOf, planBuckets, type ValueBuckets } from "../../src/statistics/value-buckets.ts";

function placeOf(value: number, { offset, cells }: ValueBuckets): number {
  const [, high = 0] = new Int32Array(Float64Array.of(value - offset + 0).buffer);
  const key = keyOf(high);
  const cell = cells[key >>> 16] ?? 0;
  return (cell >>> 5) + ((key & 0xffff) >>> (cell & 31));
}

const finite = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0, -0, 1, 5e-324),
  fc.integer(),
);
const samples = fc.array(finite, { minLength: 1, maxLength: 300 }).map((values) => Float64Array.from(values));

describe("buckets", () => {
  it("count every number and add up its distance, in the order of the numbers", () => {
    fc.assert(
      fc.property(samples, samples, (a, b) => {
        const buckets = planBuckets(a, b);
        const counts = new Uint32Array(buckets.count);
        const sums = new Float64Array(buckets.count);
        for (const value of a) {
          const place = placeOf(value, buckets);
          counts[place] = (counts[place] ?? 0) + 1;
          sums[place] = (sums[place] ?? 0) + (value - (buckets.origins[place] ?? 0));
        }
        const filled = fillBuckets(a, buckets);
        expect(Buffer.compare(new Uint8Array(filled.counts.buffer), new Uint8Array(counts.buffer))).toBe(0);
        expect(Buffer.compare(new Uint8Array(filled.sums.buffer), new Uint8Array(sums.buffer))).toBe(0);
      }),
    );
  });

  it("give the numbers of those that are asked for, also of more than one call takes", () => {
    fc.assert(
      fc.property(samples, fc.constantFrom(1, 200), fc.integer({ min: 1, max: 4 }), (some, times, every) => {
        const values = Float64Array.from({ length: some.length * times }, (_, i) => some[i % some.length] as number);
        const buckets = planBuckets(values, some);
        const isOpen = Uint8Array.from({ length: buckets.count }, (_, k) => (k % every === 0 ? 1 : 0));
        const { counts } = fillBuckets(values, buckets);
        const { numbers, ends } = gatherOpen(values, buckets, counts, isOpen);
        const places = [...values].map((value) => placeOf(value, buckets));
        for (const place of new Set(places)) {
          const end = ends[place] ?? 0;
          const found = isOpen[place] ? numbers.subarray(end - (counts[place] ?? 0), end) : new Float64Array(0);
          expect([...found]).toEqual(isOpen[place] ? [...values.filter((_, i) => places[i] === place)] : []);
        }
      }),
      { numRuns: 30 },
    );
  });
});
