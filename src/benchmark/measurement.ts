// What the measuring processes are asked and what they answer: plain data, sent as JSON.
import { z } from "zod";

const TableData = z.object({
  rows: z.number().int().positive(),
  columns: z.array(
    z.discriminatedUnion("type", [
      z.object({ name: z.string(), type: z.enum(["numeric", "datetime"]), values: z.array(z.number().nullable()) }),
      z.object({
        name: z.string(),
        type: z.enum(["categorical", "boolean", "text"]),
        values: z.array(z.string().nullable()),
      }),
    ]),
  ),
});
export type TableData = z.infer<typeof TableData>;

const ModelToMeasure = z.object({ path: z.string(), features: z.array(z.string()).nullable() });
export type ModelToMeasure = z.infer<typeof ModelToMeasure>;

/** `alone`: memory and throughput of one model in a process of its own. `together`: latencies, interleaved. */
export const MeasureRequest = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("alone"),
    model: ModelToMeasure,
    table: TableData.nullable(),
    budgetSeconds: z.number().positive(),
  }),
  z.object({
    kind: z.literal("together"),
    /** In the order in which they are opened. */
    models: z.array(z.object({ role: z.enum(["baseline", "candidate", "again"]), model: ModelToMeasure })),
    table: TableData.nullable(),
    budgetSeconds: z.number().positive(),
    rounds: z.number().int().positive(),
  }),
]);
export type MeasureRequest = z.infer<typeof MeasureRequest>;

const Engine = z.object({ name: z.string(), version: z.string(), threads: z.number().int() });
export type MeasuredEngine = z.infer<typeof Engine>;

/** Seconds per call, one entry per round. */
const Blocks = z.object({ p50: z.array(z.number()), p99: z.array(z.number()), callsPerBlock: z.number().int() });
export type Blocks = z.infer<typeof Blocks>;

export const AloneAnswer = z.object({
  engine: Engine,
  rowsPerSecond: z.number(),
  peakMemoryBytes: z.number(),
});
export type AloneAnswer = z.infer<typeof AloneAnswer>;

export const TogetherAnswer = z.object({
  engines: z.array(Engine),
  blocks: z.object({
    baseline: Blocks.optional(),
    candidate: Blocks.optional(),
    /** The baseline a second time, or the candidate where there is none. */
    again: Blocks.optional(),
  }),
});
export type TogetherAnswer = z.infer<typeof TogetherAnswer>;

/** What a measuring process prints: its answer, or why there is none. */
export const MeasureAnswer = z.union([
  z.object({ ok: z.literal(true), answer: z.union([TogetherAnswer, AloneAnswer]) }),
  z.object({
    ok: z.literal(false),
    family: z.enum(["refused", "input", "provider", "bug"]),
    problems: z.array(z.unknown()),
  }),
]);
