// How a model stands after everything was taken into account: gates, acceptances, trust, what the change proposes.
// The conclusion of the check follows from the worst standing; nothing becomes green by being unknown.

import type { z } from "zod";
import type { ComparisonDocument, Evidence, ModelEvidence, ProposedChange } from "../evidence/evidence.ts";
import type { Acceptance, ReportContext } from "./report-context.ts";

export type Conclusion = "success" | "failure" | "neutral" | "action_required";

/** From best to worst. */
const order = [
  "not-affected",
  "pass",
  "warned",
  "inconclusive",
  "unaccepted",
  "unbelieved",
  "missing",
  "fail",
  "failed",
] as const;

/**
 * `warned`: inconclusive where the config only warns; `unaccepted`: waits for an `/accept` of a change such as the evaluation data;
 * `unbelieved`: the evidence is not enough; `missing`: concerned, but the evidence does not speak of it; `failed`: no verdict.
 */
export type Standing = (typeof order)[number];

export type GateVerdict = z.infer<typeof ComparisonDocument>["gates"][number];

/** A gate with the acceptance that lets it through, if any. What the evidence itself says of acceptances is not believed. */
export interface StandingGate {
  readonly gate: GateVerdict;
  readonly acceptance: Acceptance | null;
  /** From the comparison on the old evaluation set. */
  readonly second: boolean;
}

export interface ModelStanding {
  readonly name: string;
  readonly standing: Standing;
  /** Null when `missing`. */
  readonly evidence: ModelEvidence | null;
  readonly gates: readonly StandingGate[];
  readonly changes: readonly (ProposedChange & { readonly acceptance: Acceptance | null })[];
}

export interface OverallStanding {
  readonly conclusion: Conclusion;
  readonly standing: Standing;
  /** The evidence is about another commit than the head. */
  readonly outdated: boolean;
  /** Worst first, then by name. */
  readonly models: readonly ModelStanding[];
}

/** Takes evidence and what its reader knows together. */
export function decideStanding(evidence: Evidence, context: ReportContext): OverallStanding {
  const outdated = evidence.headSha !== context.headSha;
  const judged = evidence.models.map((model) => decideModel(model, evidence.inconclusive, context));
  const named = new Set(evidence.models.map((model) => model.model));
  const missing = (context.affected ?? [])
    .filter((name) => !named.has(name))
    .map((name): ModelStanding => ({ name, standing: "missing", evidence: null, gates: [], changes: [] }));
  const models = [...judged, ...missing].sort(
    (left, right) => rankOf(right.standing) - rankOf(left.standing) || (left.name < right.name ? -1 : 1),
  );
  const repository = context.changes.some(
    (change) => change.needsAccept && !findAcceptance(context, null, change.what),
  );
  const worst = models[0]?.standing ?? "missing";
  const standing = repository && rankOf(worst) < rankOf("unaccepted") ? "unaccepted" : worst;
  const conclusion =
    outdated && standing !== "fail" && standing !== "failed" ? "action_required" : concludeFrom(standing);
  return { conclusion, standing, outdated, models };
}

/** success · failure · neutral ("not shown to be safe") · action_required. */
export function concludeFrom(standing: Standing): Conclusion {
  switch (standing) {
    case "not-affected":
    case "pass":
      return "success";
    case "warned":
      return "neutral";
    case "fail":
    case "failed":
      return "failure";
    case "inconclusive":
    case "unaccepted":
    case "unbelieved":
    case "missing":
      return "action_required";
  }
}

function decideModel(model: ModelEvidence, inconclusive: "block" | "warn", context: ReportContext): ModelStanding {
  const gates = listGates(model, context);
  const changes = model.changes.map((change) => ({
    ...change,
    acceptance: findAcceptance(context, model.model, change.what),
  }));
  const standing = decideModelStanding(model, gates, inconclusive, context, changes);
  return { name: model.model, standing, evidence: model, gates, changes };
}

function decideModelStanding(
  model: ModelEvidence,
  gates: readonly StandingGate[],
  inconclusive: "block" | "warn",
  context: ReportContext,
  changes: ModelStanding["changes"],
): Standing {
  if (model.status === "not-affected") return context.affected?.includes(model.model) ? "missing" : "not-affected";
  if (model.status !== "judged" || model.verdict === null) return "failed";
  const verdict = decideVerdict(model.verdict, gates);
  if (verdict === "fail") return "fail";
  if (!context.trust.accepted) return "unbelieved";
  if (changes.some((change) => change.needsAccept && change.acceptance === null)) return "unaccepted";
  if (verdict === "inconclusive") return inconclusive === "warn" ? "warned" : "inconclusive";
  return "pass";
}

/**
 * The verdict with accepted gates taken as passed. A verdict worse than its gates explain has another reason, which no acceptance
 * of a gate removes: then it stays.
 */
function decideVerdict(verdict: NonNullable<ModelEvidence["verdict"]>, gates: readonly StandingGate[]) {
  const deciding = gates.filter(({ gate }) => gate.severity === "fail");
  const explained = worstOutcome(deciding.map(({ gate }) => gate.outcome));
  if (outcomes.indexOf(verdict) > outcomes.indexOf(explained)) return verdict;
  return worstOutcome(deciding.map(({ gate, acceptance }) => (acceptance ? "pass" : gate.outcome)));
}

const outcomes = ["pass", "inconclusive", "fail"] as const;

function worstOutcome(list: readonly (typeof outcomes)[number][]): (typeof outcomes)[number] {
  return outcomes[Math.max(0, ...list.map((outcome) => outcomes.indexOf(outcome)))]!;
}

function listGates(model: ModelEvidence, context: ReportContext): StandingGate[] {
  const take = (comparison: ModelEvidence["comparison"], second: boolean) =>
    (comparison?.gates ?? []).map((gate) => ({
      gate,
      acceptance: gate.outcome === "pass" ? null : findAcceptance(context, model.model, gate.id),
      second,
    }));
  return [...take(model.comparison, false), ...take(model.secondComparison, true)];
}

function findAcceptance(context: ReportContext, model: string | null, gate: string): Acceptance | null {
  return context.acceptances.find((one) => one.gate === gate && (model === null || one.model === model)) ?? null;
}

function rankOf(standing: Standing): number {
  return order.indexOf(standing);
}
