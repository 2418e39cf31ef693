// The record that a training run leaves: what was run, on which code and data, what came out.
import { z } from "zod";

const Digest = z.string().regex(/^[0-9a-f]{64}$/);

/** Kind `run-record`. Durations in seconds, memory and sizes in bytes, times as ISO 8601 in UTC. */
export const RunRecord = z.object({
  kind: z.literal("run-record"),
  schemaVersion: z.literal(1),
  model: z.string(),
  trainer: z.string(),
  params: z.record(z.string(), z.unknown()),
  seed: z.number().int().nullable(),
  code: z.object({ sha: z.string().nullable(), dirty: z.boolean() }),
  data: z.array(
    z.object({
      name: z.string(),
      source: z.string(),
      window: z.object({ from: z.string().optional(), to: z.string().optional() }).nullable(),
      sha256: Digest,
      rows: z.number().int().nonnegative(),
      columns: z.array(z.string()),
    }),
  ),
  /** The model's input columns in the order the training gave them. */
  features: z.array(z.string()),
  environment: z.record(z.string(), z.string()),
  startedAt: z.string(),
  durationSeconds: z.number().nonnegative(),
  peakMemoryBytes: z.number().int().nonnegative().nullable(),
  exitCode: z.number().int(),
  cost: z.object({ amount: z.number(), currency: z.string() }).nullable(),
  outputs: z.array(z.object({ path: z.string(), sha256: Digest, bytes: z.number().int().nonnegative() })),
  metrics: z.record(z.string(), z.number()),
});
export type RunRecord = z.infer<typeof RunRecord>;
