// The counting loops: what they share, and what they must leave behind.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError } from "../../src/errors.ts";
import { createBinCounter } from "../../src/monitoring/bin-counter.ts";
import { shareBinMemory } from "../../src/monitoring/bin-tables.ts";
import { distinctRegisters } from "../../src/monitoring/distinct-sketch.ts";
import { sketchWords } from "../../src/monitoring/number-sketch.ts";

const memory = shareBinMemory();

describe("the sketching loop", () => {
  it.each(["double", "integer"] as const)("takes in what the plain loop does: %s", (scale) => {
    const bits = fc.oneof(
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      fc.constantFrom(0n, -(2n ** 63n), 0x7ff0000000000000n, 0x7ff0000000000001n, -1n, -(2n ** 52n)),
    );
    fc.assert(
      fc.property(fc.array(bits, { minLength: 1, maxLength: 200 }), (all) => {
        const values = BigInt64Array.from(all);
        const expected = new Uint8Array(distinctRegisters);
        sketchWords(expected, new Uint32Array(values.buffer), 0, values.length, scale);
        const table = memory.take();
        memory.stage(values, 0, values.length);
        const sketch = scale === "double" ? memory.kernels.sketchDoubles : memory.kernels.sketchIntegers;
        sketch(memory.staged, memory.staged + 8 * values.length, memory.registersOf(table));
        expect([...memory.viewRegisters(table)]).toEqual([...expected]);
        memory.giveBack(table);
      }),
    );
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
