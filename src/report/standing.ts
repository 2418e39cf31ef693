// How each model stands, for the words of the report: read off the decision that was taken, never decided a second time.
import type { z } from "zod";
import type { Decision, Obstacle } from "../evidence/decide-check.ts";
import type { ComparisonDocument, Evidence, ModelEvidence, ProposedChange } from "../evidence/evidence.ts";
import type { Acceptance, ReportContext } from "./report-context.ts";

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
  /** What stands in the way and is not one of the gates. */
  readonly obstacles: readonly Obstacle[];
}

export interface OverallStanding {
  readonly conclusion: Decision["state"];
  /** The worst of the models'; `not-affected` when there are none. */
  readonly standing: Standing;
  /** What stands in the way of the whole pull request, such as evidence about another commit. */
  readonly obstacles: readonly Obstacle[];
  /** Worst first, then by name. */
  readonly models: readonly ModelStanding[];
}

/** Sorts evidence and decision by model. Without evidence only the models of the decision are there. */
export function describeStanding(evidence: Evidence | null, context: ReportContext): OverallStanding {
  const { obstacles, state } = context.decision;
  const known = (evidence?.models ?? []).map((model) => describeModel(model, context));
  const names = new Set(known.map(({ name }) => name));
  const others = [...new Set(obstacles.map(({ model }) => model))].filter((name) => name !== null && !names.has(name));
  const missing = others.map((name): ModelStanding => {
    const own = obstacles.filter((obstacle) => obstacle.model === name);
    return { name: name ?? "", standing: "missing", evidence: null, gates: [], changes: [], obstacles: own };
  });
  const models = [...known, ...missing].sort(
    (left, right) => order.indexOf(right.standing) - order.indexOf(left.standing) || (left.name < right.name ? -1 : 1),
  );
  return {
    conclusion: state,
    standing: models[0]?.standing ?? "not-affected",
    obstacles: obstacles.filter(({ model }) => model === null),
    models,
  };
}

function describeModel(model: ModelEvidence, context: ReportContext): ModelStanding {
  const own = context.decision.obstacles.filter((obstacle) => obstacle.model === model.model);
  const gates = listGates(model, context);
  const changes = model.changes.map((change) => ({
    ...change,
    acceptance: findAcceptance(context, model.model, change.what),
  }));
  const said = new Set([
    ...gates.map(({ gate }) => gate.id),
    ...model.changes.filter((change) => change.needsAccept).map((change) => change.what),
  ]);
  return {
    name: model.model,
    standing: findStanding(model, own, context),
    evidence: model,
    gates,
    changes,
    obstacles: own.filter(({ gate }) => gate === null || !said.has(gate)),
  };
}

function findStanding(model: ModelEvidence, own: readonly Obstacle[], context: ReportContext): Standing {
  const worst = (["failure", "action_required", "neutral"] as const).find((state) =>
    own.some((one) => one.state === state),
  );
  if (worst === undefined) {
    const concerned =
      context.affected === null ? model.status !== "not-affected" : context.affected.includes(model.model);
    if (!concerned) return "not-affected";
    return model.status === "judged" ? "pass" : "failed";
  }
  if (worst === "neutral") return "warned";
  if (worst === "failure") {
    if (model.status === "not-affected") return "missing";
    return model.status === "judged" ? "fail" : "failed";
  }
  const waiting = own.filter(({ state }) => state === "action_required");
  if (waiting.some(({ gate }) => gate === "evidence")) return "unbelieved";
  return waiting.some(({ gate }) => model.changes.some(({ what }) => what === gate)) ? "unaccepted" : "inconclusive";
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

function findAcceptance(context: ReportContext, model: string, gate: string): Acceptance | null {
  return context.acceptances.find((one) => one.gate === gate && one.model === model) ?? null;
}
