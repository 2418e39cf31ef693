// What of a model's evidence counts as a use of evaluation rows.
import { expect, it } from "vitest";
import { listJudgedSets } from "../../src/evidence/judged-sets.ts";
import { comparison } from "../report/example-evidence.ts";
import { makeModel } from "./sample.ts";

const [fresh, old] = ["1".repeat(64), "2".repeat(64)];
const evaluationData = { source: "a.csv", window: null, sha256: fresh, rows: 300 };

it("the rows that judged, and those of before beside them, each with its verdict", () => {
  const plain = makeModel("pass", { evaluationData });
  expect(listJudgedSets(plain)).toEqual([{ model: "rain", sha256: fresh, verdict: "pass" }]);
  const secondComparison = comparison({ verdict: "inconclusive", gates: [], remarks: [] });
  const retrained = { ...plain, verdict: "inconclusive" as const, secondComparison, secondEvaluationSha256: old };
  expect(listJudgedSets(retrained)).toEqual([
    { model: "rain", sha256: fresh, verdict: "pass" },
    { model: "rain", sha256: old, verdict: "inconclusive" },
  ]);
});

it("nothing where nothing was judged, or nobody says on what", () => {
  expect(listJudgedSets(makeModel("pass"))).toEqual([]);
  expect(listJudgedSets(makeModel("pass", { evaluationData, status: "failed" }))).toEqual([]);
});
