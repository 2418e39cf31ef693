// The loops over the slots of a table: what they list is in the order of the values, and they leave an empty table.
import fc from "fast-check";
import { expect, it } from "vitest";
import { shareBinMemory } from "../../src/monitoring/bin-tables.ts";
import { orderedBits } from "../../src/monitoring/ordered-histogram.ts";

const memory = shareBinMemory();

function count(values: Float64Array, shift: number): number {
  const table = memory.take();
  memory.stage(values, 0, values.length);
  memory.kernels.countDoubles(memory.staged, memory.staged + 8 * values.length, table, shift);
  return table;
}

const doubles = fc.array(fc.double({ noNaN: true }), { minLength: 1, maxLength: 60 });

it("lists keys in the order of the values", () => {
  fc.assert(
    fc.property(doubles, (values) => {
      const table = count(Float64Array.from(values), 0);
      const { at, end } = memory.listKeys(table, "double");
      const { buffer } = shareWords();
      const keys = [...new BigInt64Array(buffer, at, (end - at) / 8)];
      memory.giveBack(table);
      const expected = [...new Set(values.map((value) => orderedBits(value)))].sort((x, y) => (x < y ? -1 : 1));
      expect(keys).toEqual(expected);
    }),
  );
});

it("reads the bins of any level, and what they count together", () => {
  fc.assert(
    fc.property(doubles, fc.integer({ min: 0, max: 63 }), (values, shift) => {
      const table = count(Float64Array.from(values), shift);
      const { keys, counts, present } = memory.readBins(table, shift, "double");
      memory.giveBack(table);
      const expected = new Map<bigint, number>();
      for (const value of values) {
        const key = orderedBits(value) >> BigInt(shift);
        expected.set(key, (expected.get(key) ?? 0) + 1);
      }
      expect(present).toBe(values.length);
      expect(new Map([...keys].map((key, i) => [key, counts[i]]))).toEqual(expected);
      expect([...keys]).toEqual([...expected.keys()].sort((x, y) => (x < y ? -1 : 1)));
    }),
  );
});

it("counts by the highest bit in which neighbours differ", () => {
  const table = count(Float64Array.of(1, 2, 4, -1), 0);
  const keys = memory.listKeys(table, "double");
  const apart = memory.countApart(keys);
  memory.giveBack(table);
  // The sign; 1 and 2 differ in every bit of the exponent but its sign, 2 and 4 in its lowest bit.
  expect([apart[63], apart[62], apart[52]]).toEqual([1, 1, 1]);
  expect(apart.reduce((sum, one) => sum + one, 0)).toBe(3);
});

it("empties a table, and reads nothing from it", () => {
  const table = count(Float64Array.of(1, -2, 1 / 0), 0);
  memory.giveBack(table);
  expect(memory.take()).toBe(table);
  expect(memory.usedOf(table)).toBe(0);
  const { keys, counts, lows, present } = memory.readBins(table, 0, "double");
  expect([keys.length, counts.length, lows.length, present]).toEqual([0, 0, 0, 0]);
  memory.giveBack(table);
});

function shareWords(): { readonly buffer: ArrayBufferLike } {
  const table = memory.take();
  const { buffer } = memory.viewRegisters(table);
  memory.giveBack(table);
  return { buffer };
}
