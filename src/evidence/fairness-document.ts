// Fairness inside comparison and evaluation documents, as evidence carries it.
import { z } from "zod";

const text = (limit: number) => z.string().max(limit);
const Finite = z.number().finite();
const Interval = z.tuple([Finite, Finite]).nullable();

const RateEstimate = z.object({
  rows: z.number().int().nonnegative(),
  value: Finite.nullable(),
  interval: Interval,
  reason: text(1000).nullable(),
});
const GroupRates = z.object({
  selectionRate: RateEstimate,
  truePositiveRate: RateEstimate,
  falsePositiveRate: RateEstimate,
  precision: RateEstimate,
});
/** How groups of people fare, for one attribute; mirrors `evaluation/comparison.ts`. */
export const FairnessDocument = z.object({
  by: z.array(text(200)).max(5),
  privileged: text(500).nullable(),
  confidence: Finite,
  minRows: z.number().int().positive(),
  groups: z
    .array(
      GroupRates.extend({
        group: text(500),
        rows: z.number().int().nonnegative(),
        positives: z.number().int().nonnegative(),
        outcome: z.enum(["measured", "insufficient"]),
        baseline: GroupRates.nullable(),
      }),
    )
    .max(100),
  measures: z
    .array(
      z.object({
        metric: text(200),
        direction: z.enum(["higher", "lower"]),
        value: Finite.nullable(),
        interval: Interval,
        baseline: Finite.nullable(),
        difference: Finite.nullable(),
        differenceInterval: Interval,
        pValue: Finite.nullable(),
        reason: text(1000).nullable(),
      }),
    )
    .max(20),
  pairs: z
    .array(
      z.object({
        rate: z.enum(["selectionRate", "truePositiveRate", "falsePositiveRate", "precision"]),
        first: text(500),
        second: text(500),
        difference: Finite,
        interval: z.tuple([Finite, Finite]),
      }),
    )
    .max(1000),
  reason: text(1000).nullable(),
});
export type FairnessDocument = z.infer<typeof FairnessDocument>;
