// Counting into nested bins as values stream by gives the histogram that all values give at once.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createBinCounter } from "../../src/monitoring/bin-counter.ts";
import { estimateDistinct } from "../../src/monitoring/distinct-sketch.ts";
import { mostBins } from "../../src/monitoring/ordered-histogram.ts";
import { mergeProfiles, type Profile } from "../../src/monitoring/profile.ts";
import { profileColumn } from "../../src/monitoring/profile-table.ts";
import { createRandom } from "../../src/statistics/rng.ts";

const least = -(2n ** 63n);

function countDoubles(parts: readonly (readonly number[])[]) {
  const counter = createBinCounter("double");
  for (const part of parts) counter.add(Float64Array.from(part), part.length);
  return counter.finish();
}

function expectLikeTable(values: readonly number[], parts: readonly (readonly number[])[]): void {
  const {
    present,
    infinite,
    values: histogram,
    distinct,
  } = profileColumn({
    name: "x",
    type: "numeric",
    values: Float64Array.from(values),
  });
  expect(countDoubles(parts)).toEqual({ present, infinite, values: histogram, distinct });
}

describe("counting numbers into nested bins", () => {
  it("equals the histogram of all values, whatever they are and however they arrive", () => {
    const value = fc.oneof(
      fc.double(),
      fc.constantFrom(0, -0, Number.NaN, 1 / 0, -1 / 0, 5e-324, -5e-324),
      fc.integer(),
    );
    fc.assert(
      fc.property(fc.array(fc.array(value, { maxLength: 40 }), { maxLength: 8 }), (parts) => {
        expectLikeTable(parts.flat(), parts);
      }),
    );
  });

  it("reaches the finest level that fits, with exact sums of what was dropped", () => {
    const random = createRandom("bins");
    const samples: Readonly<Record<string, () => number>> = {
      normal: () => random.nextNormal(),
      "both signs, all sizes": () => random.nextNormal() * 10 ** (600 * (random.nextFloat() - 0.5)),
      integers: () => random.nextInteger(100_000),
      cents: () => random.nextInteger(900_000) / 100 - 4500,
    };
    for (const sample of Object.values(samples)) {
      const values = Array.from({ length: 30_000 }, sample);
      expectLikeTable(values, [values.slice(0, 3), values.slice(3, 9000), values.slice(9000)]);
      expect(countDoubles([values]).values.keys.length).toBeGreaterThan(mostBins / 4);
    }
  });

  it("counts integers of 64 bits by their value, and leaves out the least one", () => {
    const counter = createBinCounter("integer");
    const values = [3n, -5n, 2n ** 62n, least, 3n, -(2n ** 62n)];
    counter.add(BigInt64Array.from(values), values.length);
    expect(counter.finish()).toEqual({
      present: 5,
      infinite: 0,
      values: {
        scale: "integer",
        shift: 0,
        keys: BigInt64Array.of(-(2n ** 62n), -5n, 3n, 2n ** 62n),
        counts: Float64Array.of(1, 1, 2, 1),
        lows: new BigInt64Array(4),
      },
      distinct: null,
    });
  });

  it("estimates how many are different once bits were dropped, whatever the numbers are", () => {
    const random = createRandom("sketch");
    const different = 50_000;
    const samples: Readonly<Record<string, (i: number) => number>> = {
      "whole numbers": (i) => i,
      "negative cents": (i) => -i / 100,
      "random doubles": () => random.nextFloat(),
      "times of a second": (i) => 1.7e15 + i,
    };
    for (const [name, sample] of Object.entries(samples)) {
      const values = Array.from({ length: different }, (_, i) => sample(i));
      const { distinct } = countDoubles([values, values, [Number.NaN, -0, 0, 0]]);
      // Three standard errors of 3.3 %.
      expect(Math.abs(estimateDistinct(distinct ?? []) / different - 1), name).toBeLessThan(0.1);
    }
  });

  it("merges sketches of parts to that of the whole, also of parts that needed none", () => {
    const random = createRandom("sketch of parts");
    const sizes = [3000, 20_000, 10, 6000];
    const parts = sizes.map((length) => Float64Array.from({ length }, () => random.nextNormal()));
    const profile = (values: Float64Array): Profile => ({
      rows: values.length,
      columns: [profileColumn({ name: "x", type: "numeric", values })],
      relations: null,
    });
    const whole = profile(Float64Array.from(parts.flatMap((part) => [...part])));
    expect(parts.map(profile).reduce(mergeProfiles)).toEqual(whole);
    expect(whole.columns[0]?.distinct).not.toBeNull();
  });

  it("keeps sums exact over millions of equal values beside many others", () => {
    const counter = createBinCounter("double");
    const spread = Float64Array.from({ length: 10_000 }, (_, i) => 1 + i / 9_999);
    counter.add(spread, spread.length);
    const heavy = new Float64Array(3_000_000).fill(1.999_999_9);
    counter.add(heavy, heavy.length);
    const { values } = counter.finish();
    const bits = new BigUint64Array(Float64Array.of(...spread).buffer);
    const mask = (1n << BigInt(values.shift)) - 1n;
    const [heavyBits = 0n] = new BigUint64Array(heavy.buffer, 0, 1);
    const expected = bits.reduce((sum, value) => sum + (value & mask), 3_000_000n * (heavyBits & mask));
    expect([...values.lows].reduce((sum, low) => sum + low, 0n)).toBe(expected);
  });
});
