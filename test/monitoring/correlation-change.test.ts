// Which changes of correlations are told: clear ones, of columns both sides have; never what chance gives.
import { describe, expect, it } from "vitest";
import { compareCorrelations } from "../../src/monitoring/correlation-change.ts";
import type { Profile } from "../../src/monitoring/profile.ts";
import { profileTable } from "../../src/monitoring/profile-table.ts";
import { publishProfile } from "../../src/monitoring/published-profile.ts";
import { createRandom } from "../../src/statistics/rng.ts";

const random = createRandom("go together");

/** Columns a, b, c; a and b correlated by `tied`, c by itself. */
function draw(rows: number, tied: number, names: readonly string[] = ["a", "b", "c"]): Profile {
  const a = Float64Array.from({ length: rows }, () => random.nextNormal());
  const b = a.map((value) => tied * value + Math.sqrt(1 - tied * tied) * random.nextNormal());
  const c = a.map(() => random.nextNormal());
  const columns = [a, b, c].map((values, i) => {
    const name = names[i] ?? "";
    return [name, { name, type: "numeric" as const, values }] as const;
  });
  return profileTable({ rows, columns: new Map(columns) });
}

describe("changed correlations", () => {
  it("are told by pair, largest first, with both values", () => {
    const found = compareCorrelations(draw(2000, 0.8), draw(1500, 0.1));
    expect(found).toMatchObject({ pairs: 3, changed: [{ x: "a", y: "b" }] });
    expect(found?.changed[0]?.reference).toBeCloseTo(0.8, 1);
    expect(found?.changed[0]?.current).toBeCloseTo(0.1, 1);
  });
  it("are found in other orders of the columns, in published profiles, and not of columns left out", () => {
    const reference = draw(2000, 0.8);
    const turned = draw(2000, -0.5, ["b", "a", "c"]);
    expect(compareCorrelations(reference, turned)?.changed).toHaveLength(1);
    expect(compareCorrelations(publishProfile(reference, 10), turned)?.changed).toHaveLength(1);
    const without = { ...turned, columns: turned.columns.filter(({ name }) => name !== "a") };
    expect(compareCorrelations(reference, without)).toEqual({ pairs: 1, changed: [] });
  });
  it("are not told of few rows, of small changes, or where a side does not say", () => {
    expect(compareCorrelations(draw(40, 0.5), draw(40, 0))?.changed).toEqual([]);
    expect(compareCorrelations(draw(4000, 0.5), draw(4000, 0.4))?.changed).toEqual([]);
    expect(compareCorrelations(draw(500, 0), { ...draw(500, 0.9), relations: null })).toBeNull();
    expect(compareCorrelations(draw(500, 0), draw(500, 0, ["x", "y", "z"]))).toBeNull();
  });
  it("hardly ever come from chance: 300 runs without a change, of small and large samples", () => {
    const told = Array.from({ length: 300 }, (_, run) => {
      const rows = run % 2 === 0 ? 60 : 300;
      return compareCorrelations(draw(rows, 0.5), draw(rows, 0.5))?.changed.length ?? 0;
    });
    expect(told.filter((count) => count > 0).length).toBeLessThanOrEqual(3);
  });
});
