// Explanation and behaviours inside the evidence, within bounds; mirrors `evaluation/explanation/explanation.ts` and `evaluation/behaviours/behaviour.ts`.
import { z } from "zod";

const text = (limit: number) => z.string().max(limit);
const Finite = z.number().finite();
const Count = z.number().int().nonnegative();
const Interval = z.tuple([Finite, Finite]);
const ExplainedValue = z.object({ value: Finite, interval: Interval.nullable() });
const column = text(200);

const ColumnImportance = z.object({
  column,
  metric: text(200),
  baseline: ExplainedValue.nullable(),
  candidate: ExplainedValue,
  difference: ExplainedValue.nullable(),
  adjustedPValue: Finite.nullable(),
  used: z.object({ baseline: z.boolean().nullable(), candidate: z.boolean() }),
});

const ShapleySummary = z.object({
  rows: Count,
  background: Count,
  base: z.object({ baseline: Finite.nullable(), candidate: Finite }),
  largestError: z.object({ baseline: Finite.nullable(), candidate: Finite }),
  addsUp: z.boolean(),
  columns: z.array(z.object({ column, baseline: Finite.nullable(), candidate: Finite })).max(250),
  examples: z
    .array(
      z.object({
        row: Count,
        prediction: Finite,
        baselinePrediction: Finite.nullable(),
        parts: z.array(z.object({ column, value: Finite })).max(50),
      }),
    )
    .max(10),
});

const ColumnDependence = z.object({
  column,
  points: z
    .array(z.object({ value: z.union([Finite, text(500)]), baseline: Finite.nullable(), candidate: Finite }))
    .max(100),
});

export const ExplanationDocument = z.object({
  reason: text(2000).nullable(),
  metric: text(200).nullable(),
  output: text(600).nullable(),
  rows: Count,
  shuffles: Count,
  predictions: Count,
  confidence: Finite,
  importances: z.array(ColumnImportance).max(250),
  shapley: ShapleySummary.nullable(),
  dependence: z.array(ColumnDependence).max(250),
  changes: z.array(text(2000)).max(20),
  remarks: z.array(text(2000)).max(20),
});
export type ExplanationDocument = z.infer<typeof ExplanationDocument>;

const BehaviourRate = z.object({ passed: Count, rate: Finite, interval: Interval.nullable() });

export const BehaviourDocument = z.object({
  id: text(100),
  kind: z.enum(["invariance", "directional", "minimum-functionality"]),
  severity: z.enum(["fail", "warn"]),
  minPass: Finite,
  outcome: z.enum(["pass", "fail", "inconclusive"]),
  reason: text(2000),
  rows: Count,
  skipped: Count,
  candidate: BehaviourRate.nullable(),
  baseline: BehaviourRate.nullable(),
  difference: z.object({ value: Finite, interval: Interval.nullable() }).nullable(),
  failing: z
    .array(
      z.object({
        name: text(100),
        given: z.record(column, z.union([text(500), Finite, z.boolean(), z.null()])),
        what: text(1000),
      }),
    )
    .max(10),
});
export type BehaviourDocument = z.infer<typeof BehaviourDocument>;
