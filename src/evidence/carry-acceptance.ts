// A maintainer's word follows the same change onto the default branch: same head, same baseline, same rows, no worse outcome.
import { z } from "zod";
import type { ModelEvidence } from "./evidence.ts";

type GateEvidence = NonNullable<ModelEvidence["comparison"]>["gates"][number];

/** One accepted gate as the ledger keeps it; fields that are missing hold for nothing. */
export interface RecordedAcceptance {
  readonly actor: string;
  readonly reason: string | null;
  readonly details: Readonly<Record<string, unknown>>;
}

const Details = z.object({
  gate: z.string(),
  headSha: z.string(),
  baselineVersion: z.string().nullable(),
  evaluationSha256: z.string().nullable(),
  outcome: z.enum(["pass", "inconclusive", "fail"]).nullable(),
});

const severity = { pass: 0, inconclusive: 1, fail: 2 } as const;

/**
 * Marks the gates of a judged model that were accepted on the pull request which brought the commit. `heads` are the heads
 * this commit merged. A gate with another baseline, other evaluation rows, or a worse outcome than the accepted one stays open.
 */
export function carryAcceptances(
  evidence: ModelEvidence,
  acceptances: readonly RecordedAcceptance[],
  heads: readonly string[],
): ModelEvidence {
  const valid = acceptances.flatMap(({ actor, reason, details }) => {
    const parsed = Details.safeParse(details);
    if (!parsed.success || !heads.includes(parsed.data.headSha)) return [];
    const { gate, outcome, baselineVersion, evaluationSha256 } = parsed.data;
    const same =
      baselineVersion === (evidence.baseline?.version ?? null) &&
      evaluationSha256 === (evidence.evaluationData?.sha256 ?? null);
    return same ? [{ gate, outcome, by: actor, reason: reason ?? "" }] : [];
  });
  const markGate = (gate: GateEvidence): GateEvidence => {
    const found = valid.find(
      (each) => each.gate === gate.id && each.outcome !== null && severity[gate.outcome] <= severity[each.outcome],
    );
    if (!found || gate.outcome === "pass") return gate;
    return { ...gate, accepted: { by: found.by, reason: found.reason } };
  };
  const mark = (comparison: ModelEvidence["comparison"]) =>
    comparison && { ...comparison, gates: comparison.gates.map(markGate) };
  const { evaluation } = evidence;
  return {
    ...evidence,
    comparison: mark(evidence.comparison),
    secondComparison: mark(evidence.secondComparison),
    evaluation: evaluation?.gates ? { ...evaluation, gates: evaluation.gates.map(markGate) } : evaluation,
  };
}

/** True when a judged model's gates all pass or were accepted; a gate of severity `warn` does not count. */
export function holdsWithAcceptances(evidence: ModelEvidence): boolean {
  if (evidence.status === "not-affected") return true;
  if (evidence.status !== "judged" || evidence.verdict === null) return false;
  if (evidence.verdict === "pass") return true;
  const gates = [evidence.comparison, evidence.secondComparison].flatMap((comparison) => comparison?.gates ?? []);
  const open = gates.filter((gate) => gate.severity === "fail" && gate.outcome !== "pass");
  return open.length > 0 && open.every((gate) => gate.accepted !== undefined);
}
