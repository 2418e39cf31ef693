// Who scored the answers and what they cost: for the evidence, and as a sentence for people.
import type { ModelSettings } from "../config/settings.ts";
import type { Predictions } from "../evaluation/metric-rows.ts";
import type { ModelEvidence } from "../evidence/evidence.ts";
import type { PredictedRows } from "./predict-both.ts";

type Judge = NonNullable<ModelEvidence["judge"]>;

/** Null where the config names no judge. A cost is null for a model whose predictions lack the column. */
export function describeJudge({ judge }: ModelSettings, { candidate, baseline }: PredictedRows): Judge | null {
  if (judge === null) return null;
  const { version, cost } = judge;
  const total = (predictions: Predictions | null): number | null => {
    const values = predictions?.columns.get(cost ?? "")?.values;
    return values instanceof Float64Array ? values.reduce((sum, value) => sum + value, 0) : null;
  };
  return { version, cost: cost === null ? null : { candidate: total(candidate), baseline: total(baseline) } };
}

/** One remark, plain text: `Judge: gpt-4o (rubric 3); the rows cost 1.20 → 1.35.` */
export function noteJudge(judge: Judge | null): readonly string[] {
  if (judge === null) return [];
  const show = (cost: number | null): string => (cost === null ? "unknown" : String(Number(cost.toPrecision(3))));
  const { version, cost } = judge;
  const paid =
    cost === null
      ? ""
      : `; the rows cost ${cost.baseline === null ? "" : `${show(cost.baseline)} → `}${show(cost.candidate)}`;
  return [`Judge: ${version}${paid}.`.slice(0, 2000)];
}
