// What happened to a set of rows: counted by key, whatever the order, repeats and types.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareRows, countSharedRows, type RowKey } from "../../src/tables/compare-rows.ts";
import type { Table } from "../../src/tables/table.ts";

type Row = Readonly<Record<string, string | number | null>>;

function makeTable(names: readonly string[], rows: readonly Row[]): Table {
  const columns = names.map((name) => {
    const values = rows.map((row) => row[name] ?? null);
    const numeric = values.every((value) => typeof value === "number" || value === null);
    return numeric
      ? ({ name, type: "numeric", values: Float64Array.from(values, (value) => Number(value ?? Number.NaN)) } as const)
      : ({
          name,
          type: "categorical",
          values: values.map((value) => (value === null ? null : String(value))),
        } as const);
  });
  return { rows: rows.length, columns: new Map(columns.map((column) => [column.name, column])) };
}

const names = ["id", "day", "x", "y"];
const key: RowKey = { id: null, time: null, label: "y" };
const before = makeTable(names, [
  { id: 1, day: "a", x: 10, y: 0 },
  { id: 2, day: "a", x: 20, y: 1 },
  { id: 3, day: "a", x: 30, y: 0 },
  { id: 4, day: "a", x: null, y: 1 },
]);

describe("compareRows", () => {
  test("counts by id what came, went, got another label and otherwise changed", () => {
    const after = makeTable(names, [
      { id: 9, day: "a", x: 90, y: 1 },
      { id: 4, day: "a", x: null, y: 1 },
      { id: 2, day: "a", x: 20, y: 0 },
      { id: 1, day: "a", x: 11, y: 0 },
    ]);
    const expected = { added: 1, removed: 1, relabelled: 1, changed: 1, kept: 1, matchedBy: ["id"] };
    expect(compareRows(before, after, key)).toEqual(expected);
  });

  test("takes a time for part of the key, and without an id everything but the label", () => {
    const later = makeTable(names, [{ id: 1, day: "b", x: 10, y: 1 }]);
    expect(compareRows(before, later, { ...key, time: "day" })).toMatchObject({ added: 1, removed: 4, relabelled: 0 });
    expect(compareRows(before, later, key)).toMatchObject({ added: 0, removed: 3, relabelled: 1 });
    const nameless = (table: Table): Table => ({ ...table, columns: new Map([...table.columns].slice(1)) });
    const relabelled = makeTable(names, [{ id: 7, day: "a", x: 20, y: 0 }]);
    expect(compareRows(nameless(before), nameless(relabelled), key)).toMatchObject({
      added: 0,
      removed: 3,
      relabelled: 1,
      matchedBy: [],
    });
  });

  test("matches a key that repeats as often as it occurs on both sides, and numbers with texts", () => {
    const twice = makeTable(
      ["id", "y"],
      [
        { id: 1, y: 0 },
        { id: 1, y: 1 },
      ],
    );
    const once = makeTable(["id", "y"], [{ id: "1", y: 1 }]);
    expect(compareRows(twice, once, key)).toMatchObject({ added: 0, removed: 1, relabelled: 0, kept: 1 });
    expect(compareRows(once, twice, key)).toMatchObject({ added: 1, removed: 0 });
  });

  test("adds up on both sides, and finds nothing between a table and its shuffle", () => {
    const rows = fc.array(fc.record({ id: fc.integer({ min: 0, max: 6 }), y: fc.integer({ min: 0, max: 1 }) }));
    fc.assert(
      fc.property(rows, rows, (left, right) => {
        const { added, removed, relabelled, changed, kept } = compareRows(
          makeTable(["id", "y"], left),
          makeTable(["id", "y"], right),
          key,
        );
        expect(kept + relabelled + changed + removed).toBe(left.length);
        expect(kept + relabelled + changed + added).toBe(right.length);
        expect(Math.min(added, removed, relabelled, changed, kept)).toBeGreaterThanOrEqual(0);
        const same = compareRows(makeTable(["id", "y"], left), makeTable(["id", "y"], [...left].reverse()), key);
        expect(same).toMatchObject({ added: 0, removed: 0, relabelled: 0, changed: 0, kept: left.length });
      }),
    );
  });
});

describe("countSharedRows", () => {
  test("counts rows with the key of another, each as often as it occurs; without an id whole rows", () => {
    const others = makeTable(names, [
      { id: 2, day: "z", x: 0, y: 0 },
      { id: 2, day: "z", x: 0, y: 0 },
      { id: 5, day: "z", x: 0, y: 0 },
    ]);
    expect(countSharedRows(before, others, key)).toBe(1);
    expect(countSharedRows(others, before, key)).toBe(2);
    expect(countSharedRows(before, others, { ...key, time: "day" })).toBe(0);
    const values = (rows: readonly Row[]) => makeTable(["x", "y"], rows);
    expect(countSharedRows(values([{ x: 1, y: 0 }]), values([{ x: 1, y: 1 }]), key)).toBe(0);
    expect(countSharedRows(values([{ x: 1, y: 0 }]), values([{ x: 1, y: 0 }]), key)).toBe(1);
    expect(countSharedRows(values([{ x: 1, y: 0 }]), makeTable(["q"], [{ q: 1 }]), key)).toBe(0);
  });
});
