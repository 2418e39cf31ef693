// Counting what a set of rows has judged: once per change, whoever counts, however often.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countUse, rankUse } from "../../src/registry/evaluation-use.ts";
import type { EvaluationUse } from "../../src/registry/model-index.ts";

const rows = "a".repeat(64);
const head = (n: number) => n.toString(16).padStart(40, "0");
const use = (subject: string) => ({ subject, verdict: "pass" });
const useAll = (subjects: readonly string[]) =>
  subjects.reduce<readonly EvaluationUse[]>((uses, subject) => countUse(uses, rows, use(subject)), []);

describe("countUse", () => {
  it("counts a change once, and each set by itself", () => {
    const uses = countUse(useAll([head(1), head(2), head(1)]), "b".repeat(64), use(head(1)));
    expect(uses).toMatchObject([
      { sha256: "b".repeat(64), uses: 1 },
      { sha256: rows, uses: 2 },
    ]);
  });

  it("counts what does not say what it judged, for that errs towards more", () => {
    expect(countUse([], rows, {})).toMatchObject([{ uses: 1, last: [] }]);
  });

  it("is the number of different changes while there are at most ten, and never less than that after", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 14 }), { minLength: 1, maxLength: 60 }), (heads) => {
        const [found] = useAll(heads.map(head));
        const different = new Set(heads).size;
        if (different <= 10) expect(found?.uses).toBe(different);
        else expect(found?.uses).toBeGreaterThanOrEqual(different);
        expect(found?.last.length).toBeLessThanOrEqual(10);
      }),
    );
  });
});

describe("rankUse", () => {
  it("stays what it was when others are judged later, and is the next for what is new", () => {
    const uses = useAll([head(1), head(2), head(3)]);
    expect([1, 2, 3, 4].map((n) => rankUse(uses, rows, [head(n)]))).toEqual([1, 2, 3, 4]);
    expect(rankUse(uses, "b".repeat(64), [head(1)])).toBe(1);
  });
});
