// From evidence and what the reader knows to the state of the required check. Everything unknown is on the side of no.
import type { Config, ModelSettings } from "../config/settings.ts";
import type { Acceptance } from "./acceptance.ts";
import { isAccepted } from "./acceptance.ts";
import type { Belief } from "./belief.ts";
import type { Evidence, ModelEvidence, ProposedChange } from "./evidence.ts";
import { findUntoldGates } from "./untold-gates.ts";

export type CheckState = "success" | "failure" | "action_required" | "neutral";

/** One thing that keeps the check from green (or, at `neutral`, from being sure); `gate` is what `/accept MODEL GATE` would name. */
export interface Obstacle {
  readonly model: string | null;
  readonly gate: string | null;
  readonly state: Exclude<CheckState, "success">;
  /** One sentence, plain text. */
  readonly reason: string;
}

export interface Decision {
  readonly state: CheckState;
  readonly obstacles: readonly Obstacle[];
}

/** What the reader knows of the pull request, read from GitHub and the base branch when it decides. */
export interface Circumstances {
  readonly headSha: string;
  readonly fromFork: boolean;
  /** The author may push to the repository. */
  readonly authorCanWrite: boolean;
  readonly baseConfig: Config;
  readonly baseConfigSha256: string;
  readonly affectedModels: readonly string[];
  /** Version that a model's baseline names now, by model; null = none; missing = the registry could not be read. */
  readonly baselines: ReadonlyMap<string, string | null>;
  readonly belief: Belief;
  readonly acceptances: readonly Acceptance[];
  /** What the change does to rules and data by model, as the reader finds itself: what needs a word needs it whatever the evidence says. */
  readonly changes: ReadonlyMap<string, readonly Pick<ProposedChange, "what" | "summary" | "needsAccept">[]>;
  /** sha256 of `evidence.json`, what acceptances are bound to. */
  readonly evidenceSha256: string;
}

/** `/accept MODEL evidence …` takes self-reported evidence; `/accept MODEL evaluation-data …` a change of the evaluation data. */
export const evidenceGate = "evidence";

const severity = { success: 0, neutral: 1, action_required: 2, failure: 3 } as const;

/** Decides the check: the worst obstacle's state, or `success` when there is none. */
export function decideCheck(evidence: Evidence, circumstances: Circumstances): Decision {
  const obstacles = [
    ...findStaleness(evidence, circumstances),
    ...circumstances.affectedModels.flatMap((name) => {
      const settings = circumstances.baseConfig.models.get(name);
      const model = evidence.models.find((candidate) => candidate.model === name);
      return settings ? judgeModel(settings, model, circumstances) : [];
    }),
  ];
  const state = obstacles.reduce<CheckState>(
    (worst, { state }) => (severity[state] > severity[worst] ? state : worst),
    "success",
  );
  return { state, obstacles };
}

function findStaleness(evidence: Evidence, circumstances: Circumstances): readonly Obstacle[] {
  const whole = (reason: string): Obstacle => ({ model: null, gate: null, state: "failure", reason });
  const found: Obstacle[] = [];
  if (evidence.headSha !== circumstances.headSha) {
    found.push(
      whole(`The evidence speaks of commit ${evidence.headSha.slice(0, 7)}, not of this pull request's head.`),
    );
  }
  if (evidence.baseConfigSha256 !== circumstances.baseConfigSha256) {
    found.push(
      whole("The evidence was not judged with the config that is on the base branch now; run the workflow again."),
    );
  }
  return found;
}

function judgeModel(
  settings: ModelSettings,
  model: ModelEvidence | undefined,
  circumstances: Circumstances,
): readonly Obstacle[] {
  const at = (state: Obstacle["state"], gate: string | null, reason: string): Obstacle => ({
    model: settings.name,
    gate,
    state,
    reason,
  });
  if (!model) return [at("failure", null, "The evidence does not mention this model, which the change concerns.")];
  if (model.status === "not-affected") {
    return [at("failure", null, "The evidence calls this model not affected, but its paths are changed.")];
  }
  if (model.status !== "judged") {
    const what = model.status === "training-failed" ? "Training failed." : "There is no verdict.";
    return [at("failure", null, what)];
  }
  return [
    ...judgeBaseline(model, circumstances, at),
    ...judgeGates(settings, model, circumstances, at),
    ...judgeChanges(model, circumstances, at),
    ...judgeBelief(settings, circumstances, at),
  ];
}

type At = (state: Obstacle["state"], gate: string | null, reason: string) => Obstacle;

function judgeBaseline(model: ModelEvidence, { baselines }: Circumstances, at: At): readonly Obstacle[] {
  if (!baselines.has(model.model)) return [at("failure", null, "The registry could not be read.")];
  const current = baselines.get(model.model) ?? null;
  const judged = model.firstVersion ? null : (model.baseline?.version ?? null);
  if (current === judged) return [];
  if (judged === null) {
    return [at("failure", null, `Judged as a first version, but ${current} is published; run the workflow again.`)];
  }
  return [
    at(
      "failure",
      null,
      `Compared with ${judged}, but the baseline is ${current ?? "gone"} now; run the workflow again.`,
    ),
  ];
}

function judgeGates(
  settings: ModelSettings,
  model: ModelEvidence,
  circumstances: Circumstances,
  at: At,
): readonly Obstacle[] {
  const gates = [model.comparison, model.secondComparison].flatMap((comparison) => comparison?.gates ?? []);
  const open = gates.filter((gate) => gate.severity === "fail" && gate.outcome !== "pass");
  const found = open
    .filter((gate) => !isAccepted(circumstances, model.model, gate.id))
    .map((gate) =>
      gate.outcome === "fail"
        ? at("failure", gate.id, gate.reason)
        : at(inconclusiveState(settings, gate.id), gate.id, gate.reason),
    );
  found.push(...findMissingGates(settings, model, circumstances, at));
  const explained = open.length > 0;
  if (model.verdict === "fail" && !explained) found.push(at("failure", null, "The verdict is fail."));
  if (model.verdict === "inconclusive" && !explained) {
    found.push(at(inconclusiveState(settings, null), null, "The verdict is inconclusive."));
  }
  return found;
}

/** Gates of the base config that the evidence is silent about. */
function findMissingGates(
  settings: ModelSettings,
  model: ModelEvidence,
  circumstances: Circumstances,
  at: At,
): readonly Obstacle[] {
  return findUntoldGates(settings, model)
    .filter((gate) => !isAccepted(circumstances, model.model, gate))
    .map((gate) => at("action_required", gate, `The evidence does not say how the gate ${gate} fared.`));
}

/** The base config's word, gate by gate; a gate it does not know blocks. */
function inconclusiveState(settings: ModelSettings, gateId: string | null): "neutral" | "action_required" {
  const own = gateId === null ? null : (settings.gates.find((gate) => gate.id === gateId)?.inconclusive ?? null);
  return (own ?? settings.inconclusive) === "warn" ? "neutral" : "action_required";
}

function judgeChanges(model: ModelEvidence, circumstances: Circumstances, at: At): readonly Obstacle[] {
  const told = model.changes.filter((change) => change.needsAccept);
  const found = (circumstances.changes.get(model.model) ?? []).filter((change) => change.needsAccept);
  const untold = found.filter(({ what }) => !told.some((change) => change.what === what));
  return [...told, ...untold]
    .filter((change) => !isAccepted(circumstances, model.model, change.what))
    .map((change) => at("action_required", change.what, change.summary));
}

function judgeBelief(settings: ModelSettings, circumstances: Circumstances, at: At): readonly Obstacle[] {
  const { belief, fromFork, authorCanWrite } = circumstances;
  if (belief.level === "attested" || isAccepted(circumstances, settings.name, evidenceGate)) return [];
  const why = belief.changesWorkflows
    ? "The pull request changes workflows, so it may have written the evidence itself."
    : fromFork
      ? "The evidence is self-reported and comes from a fork."
      : settings.evidence === "attested"
        ? "The evidence is self-reported; the config of the base branch asks for attested evidence."
        : authorCanWrite
          ? null
          : "The evidence is self-reported by an author who may not write to this repository.";
  return why === null ? [] : [at("action_required", evidenceGate, why)];
}
