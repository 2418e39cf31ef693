// The points of the pictures, as evidence carries them: bounded, and of no use for finding a row.
import { z } from "zod";

const Finite = z.number().finite();
const Count = z.number().finite().nonnegative();
const Share = z.number().min(0).max(1);

const Curves = z.object({
  /** Recall at equally spaced false-positive rates from 0 to 1. */
  roc: z.array(Share).min(2).max(100).nullable(),
  calibration: z
    .array(z.object({ rows: z.number().int().nonnegative(), predicted: Share.nullable(), observed: Share.nullable() }))
    .max(100)
    .nullable(),
  confusion: z
    .object({ classes: z.array(z.string().max(200)).max(20), counts: z.array(z.array(Count).max(20)).max(20) })
    .nullable(),
  residuals: z.object({ edges: z.array(Finite).max(101), counts: z.array(Count).max(100) }).nullable(),
});

/** Both models on the same rows; mirrors `evaluation/curves.ts`. */
export const CurvesDocument = z.object({ candidate: Curves, baseline: Curves.nullable() });
export type CurvesDocument = z.infer<typeof CurvesDocument>;
