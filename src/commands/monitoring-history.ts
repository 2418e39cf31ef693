// What the ledger knows of earlier checks and of versions that served before.
import { z } from "zod";
import type { PastCheck } from "../monitoring/findings.ts";
import type { ModelIndex } from "../registry/model-index.ts";

const Details = z.object({
  decision: z.enum(["ok", "warn", "retrain", "rollback"]),
  kinds: z.array(z.enum(["drift", "performance", "data", "freshness", "anomaly"])),
  streak: z.number().int().nonnegative(),
  window: z.object({ from: z.string().optional(), to: z.string().optional() }).nullable(),
});

/** Earlier checks, newest first; events of another shape are left out. */
export function readHistory(index: ModelIndex): readonly PastCheck[] {
  return index.findings.flatMap(({ details }) => {
    const parsed = Details.safeParse(details);
    if (!parsed.success) return [];
    const { from, to } = parsed.data.window ?? {};
    const window =
      parsed.data.window === null
        ? null
        : { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
    return [{ ...parsed.data, window }];
  });
}

/** The version that held the stage before the present one and was not rolled back from; null = none. */
export function findLastGood(index: ModelIndex, stage: string): string | null {
  const [present, ...before] = index.holders[stage] ?? [];
  return before.find(({ version, rolledBack }) => !rolledBack && version !== present?.version)?.version ?? null;
}
