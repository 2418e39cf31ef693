import { describe, expect, test } from "vitest";
import { selectRows } from "../../src/tables/select-rows.ts";
import { splitByShare } from "../../src/tables/split-by-share.ts";
import type { Table } from "../../src/tables/table.ts";

function createTable(keys: readonly (string | null)[]): Table {
  return { rows: keys.length, columns: new Map([["user", { name: "user", type: "categorical", values: keys }]]) };
}

describe("splitByShare", () => {
  const keys = Array.from({ length: 4000 }, (_, index) => `user-${index % 2000}`);

  test("keeps rows of one key on one side and gives about the share asked for", () => {
    const { evaluation, training } = splitByShare(createTable(keys), "user", 0.2);
    const sides = new Map<string, Set<string>>();
    for (const row of evaluation) sides.set(keys[row]!, (sides.get(keys[row]!) ?? new Set()).add("evaluation"));
    for (const row of training) sides.set(keys[row]!, (sides.get(keys[row]!) ?? new Set()).add("training"));
    expect([...sides.values()].every((side) => side.size === 1)).toBe(true);
    expect(evaluation.length + training.length).toBe(4000);
    expect(evaluation.length / 4000).toBeCloseTo(0.2, 1);
  });

  test("a row stays on its side when rows are added before it", () => {
    const before = splitByShare(createTable(keys), "user", 0.5);
    const after = splitByShare(createTable(["somebody-new", ...keys]), "user", 0.5);
    const named = (table: readonly (string | null)[], rows: Int32Array) =>
      new Set(Array.from(rows, (row) => table[row]));
    const known = named(keys, before.evaluation);
    for (const key of named(["somebody-new", ...keys], after.evaluation)) {
      expect(key === "somebody-new" || known.has(key!)).toBe(true);
    }
  });

  test("without a key the position decides", () => {
    const { evaluation, training } = splitByShare(createTable(["a", "a", "a", "a"]), null, 0.5);
    expect(evaluation.length + training.length).toBe(4);
  });
});

describe("selectRows", () => {
  test("gives rows in the order asked for, missing stays missing", () => {
    const table: Table = {
      rows: 3,
      columns: new Map([
        ["x", { name: "x", type: "numeric" as const, values: Float64Array.of(1, Number.NaN, 3) }],
        ["s", { name: "s", type: "text" as const, values: ["a", null, "c"] }],
      ]),
    };
    const picked = selectRows(table, [2, 1]);
    expect(picked.rows).toBe(2);
    expect([...picked.columns.get("x")!.values]).toEqual([3, Number.NaN]);
    expect(picked.columns.get("s")!.values).toEqual(["c", null]);
  });
});
