// Rows on their way to another thread, both ends on this one.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRing, emptyRing, fillRing } from "../../src/data/counting-ring.ts";

describe("a ring", () => {
  it("gives what was filled in, in order, until its end", () => {
    const group = fc.array(fc.tuple(fc.double(), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })), {
      minLength: 1,
      maxLength: 20,
    });
    fc.assert(
      fc.property(fc.array(group, { maxLength: 31 }), (groups) => {
        const ring = createRing([false, true]);
        const { room, take, end } = fillRing(ring);
        for (const rows of groups) {
          const columns = room();
          for (const [row, values] of rows.entries())
            for (const [column, value] of values.entries()) Reflect.set(columns[column] ?? [], row, value);
          take({ rowCount: rows.length, columns });
        }
        end();
        const seen: (readonly [unknown, unknown])[] = [];
        emptyRing(ring, ({ rowCount, columns: [numbers, integers] }) => {
          for (let row = 0; row < rowCount; row++) seen.push([numbers?.[row], integers?.[row]]);
        });
        expect(seen).toEqual(groups.flat());
      }),
      { numRuns: 30 },
    );
  });

  it("leaves out groups without rows, which would end it", () => {
    const ring = createRing([false]);
    const { room, take, end } = fillRing(ring);
    for (const rowCount of [2, 0, 3]) take({ rowCount, columns: room() });
    end();
    const seen: number[] = [];
    emptyRing(ring, ({ rowCount }) => seen.push(rowCount));
    expect(seen).toEqual([2, 3]);
  });

  it("takes no more once whoever empties it has failed", () => {
    const ring = createRing([false]);
    const { room, take } = fillRing(ring);
    take({ rowCount: 1, columns: room() });
    const fail = () => {
      throw new RangeError("no more");
    };
    expect(() => emptyRing(ring, fail)).toThrow("no more");
    expect(() => room()).toThrow("the thread that counts the rows ended before it was done");
  });
});
