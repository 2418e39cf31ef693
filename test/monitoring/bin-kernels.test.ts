// The counting loops: what they share, and what they must leave behind.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError } from "../../src/errors.ts";
import { createBinCounter } from "../../src/monitoring/bin-counter.ts";
import { shareBinMemory } from "../../src/monitoring/bin-tables.ts";
import { distinctRegisters } from "../../src/monitoring/distinct-sketch.ts";
import { sketchWords } from "../../src/monitoring/number-sketch.ts";
import { limitOf } from "../../src/monitoring/sketch-kernels.ts";

const memory = shareBinMemory();

describe("the sketching loop", () => {
  const bits = fc.oneof(
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.double().map((value) => new BigInt64Array(Float64Array.of(value).buffer)[0] ?? 0n),
    fc.constantFrom(0n, -(2n ** 63n), 0x7ff0000000000000n, 0x7ff0000000000001n, -1n, -(2n ** 52n)),
  );

  it.each(["double", "integer"] as const)(
    "takes in what the plain loop does, whatever was known before: %s",
    (scale) => {
      const sketch = scale === "double" ? memory.kernels.sketchDoubles : memory.kernels.sketchIntegers;
      fc.assert(
        fc.property(fc.array(bits, { minLength: 1, maxLength: 200 }), fc.nat(3), fc.nat(23), (all, skipped, least) => {
          const values = BigInt64Array.from(all);
          const start = Math.min(skipped, values.length - 1);
          const before = new Uint8Array(distinctRegisters).fill(least);
          const expected = before.slice();
          sketchWords(expected, new Uint32Array(values.buffer), start, values.length, scale);
          const table = memory.take();
          memory.viewRegisters(table).set(before);
          memory.stage(values, 0, values.length);
          const { staged } = memory;
          sketch(staged + 8 * start, staged + 8 * values.length, memory.registersOf(table), limitOf(least));
          expect([...memory.viewRegisters(table)]).toEqual([...expected]);
          memory.giveBack(table);
        }),
        { numRuns: 300 },
      );
    },
  );

  it("says of many values what the plain loop says", () => {
    const values = Float64Array.from({ length: 300_000 }, (_, i) => (i % 50 === 0 ? Number.NaN : Math.sin(i) * i));
    const expected = new Uint8Array(distinctRegisters);
    sketchWords(expected, new Uint32Array(values.buffer), 0, values.length, "double");
    const counter = createBinCounter("double");
    for (let start = 0; start < values.length; start += 2047) {
      const some = values.subarray(start, start + 2047);
      counter.add(some, some.length);
    }
    expect(counter.finish().distinct).toEqual([...expected]);
  });
});

describe("a counter's table", () => {
  const many = Float64Array.from({ length: 20_000 }, (_, i) => Math.sin(i));

  it("serves the next one empty, whether the counter was finished or abandoned", () => {
    const count = () => {
      const counter = createBinCounter("double");
      counter.add(many, many.length);
      return counter.finish();
    };
    const takeTwo = (): ReadonlySet<number> => {
      const tables = [memory.take(), memory.take()];
      for (const table of tables) memory.giveBack(table);
      return new Set(tables);
    };
    const expected = count();
    const before = takeTwo();
    const abandoned = createBinCounter("double");
    abandoned.add(many, many.length);
    abandoned.abandon();
    abandoned.abandon();
    expect(count()).toEqual(expected);
    expect(takeTwo(), "no new memory was taken").toEqual(before);
  });

  it("stays that counter's while others count", () => {
    const counters = [1, 2, 3].map((factor) => ({ factor, counter: createBinCounter("double") }));
    for (let start = 0; start < many.length; start += 1000)
      for (const { factor, counter } of counters)
        counter.add(
          many.slice(start, start + 1000).map((value) => value * factor),
          1000,
        );
    for (const { factor, counter } of counters) {
      const alone = createBinCounter("double");
      alone.add(
        many.map((value) => value * factor),
        many.length,
      );
      expect(counter.finish()).toEqual(alone.finish());
    }
  });

  it("is refused to a counter that has ended", () => {
    const counter = createBinCounter("double");
    counter.finish();
    expect(() => counter.add(many, 1)).toThrow("ended");
  });

  it("never counts more rows than its sums hold", () => {
    const counter = createBinCounter("double");
    const claimed = { add: () => counter.add(new Float64Array(1), 2 ** 32) };
    expect(claimed.add).toThrow(InputError);
    counter.abandon();
  });
});
