// A maintainer lets one gate through, for one head and one piece of evidence, with a reason; the ledger keeps it.
import { InputError, RefusedError } from "../errors.ts";
import { findAcceptance } from "../evidence/acceptance.ts";
import type { ModelEvidence } from "../evidence/evidence.ts";
import type { PullRequest } from "../github/pulls.ts";
import type { WorkflowRun } from "../github/workflow-runs.ts";
import type { ModelIndex } from "../registry/model-index.ts";
import { requireRegistryAccess } from "./find-actor.ts";
import { type Judgement, judgePull } from "./judge-pull.ts";
import type { Outcome } from "./outcome.ts";
import { AcceptanceDetails } from "./read-registry-facts.ts";
import { recordEvent } from "./record-event.ts";
import type { RegistrySession } from "./registry-session.ts";

export interface AcceptGateSettings {
  readonly pull: PullRequest;
  /** The run whose evidence counts, as `findGateRun` finds it. */
  readonly run: WorkflowRun | null;
  readonly model: string;
  /**
   * The gate, then the reason, as typed. The gate is an open gate's id (which may hold spaces), `evidence`, `evaluation-data`, or a
   * metric that only one open gate is about.
   */
  readonly words: string;
  /** Login of who accepts; the caller has checked the right to. */
  readonly by: string;
  readonly publisher: string;
}

/** Kind `acceptance`. `state` is `unchanged` when the same was accepted before. */
export interface AcceptanceDocument {
  readonly kind: "acceptance";
  readonly schemaVersion: 1;
  readonly model: string;
  readonly gate: string;
  readonly by: string;
  readonly reason: string;
  readonly headSha: string;
  readonly evidenceSha256: string;
  readonly state: "recorded" | "unchanged";
  readonly commit: string | null;
}

/**
 * Records the acceptance. It is bound to the head and the evidence as they are now: a new commit or another run voids it.
 * @throws InputError when the gate does not stand in the way, RefusedError when there is nothing that could be accepted.
 */
export async function acceptGate(
  settings: AcceptGateSettings,
  ports: RegistrySession,
): Promise<Outcome<AcceptanceDocument>> {
  const { pull, run, publisher } = settings;
  const judgement = await judgePull({ pull, run, publisher }, ports);
  const evidenceSha256 = requireEvidence(judgement);
  const { gate, reason } = resolveGate(judgement, settings, evidenceSha256);
  const model = judgement.evidence?.models.find((candidate) => candidate.model === settings.model) ?? null;
  const details = {
    gate,
    headSha: settings.pull.headSha,
    evidenceSha256,
    pullNumber: settings.pull.number,
    baselineVersion: model?.baseline?.version ?? null,
    evaluationSha256: model?.evaluationData?.sha256 ?? null,
    candidateSha256: model?.candidate?.sha256 ?? null,
    outcome: findOutcome(model, gate),
  };
  const session = ports.under({ registry: judgement.registry });
  await requireRegistryAccess(session, settings.by);
  const { event, view } = await recordEvent(
    session,
    {
      event: "accept",
      model: settings.model,
      version: null,
      stage: null,
      actor: settings.by,
      reason,
      details,
    },
    ({ index }) => isRecorded(index, details),
  );
  return {
    exitCode: 0,
    document: {
      kind: "acceptance",
      schemaVersion: 1,
      model: settings.model,
      gate,
      by: settings.by,
      reason,
      headSha: settings.pull.headSha,
      evidenceSha256,
      state: event === null ? "unchanged" : "recorded",
      commit: view.head?.commit ?? null,
    },
    text: `${settings.model} ${gate}: accepted by ${settings.by} for ${settings.pull.headSha.slice(0, 7)}`,
  };
}

function requireEvidence(judgement: Judgement): string {
  if (judgement.evidenceSha256 !== null) return judgement.evidenceSha256;
  throw new RefusedError({
    message: "there is no verdict on this head yet that could be accepted",
    received: judgement.decision.obstacles.map((obstacle) => obstacle.reason).join(" ") || "nothing to accept",
    hint: "wait for the workflow run, or run it again",
  });
}

interface ResolvedGate {
  readonly gate: string;
  readonly reason: string;
}

/** The gate that is meant, among those that stand in the way or were accepted for this head and evidence before, and the reason. */
function resolveGate(
  judgement: Judgement,
  { model, words, pull }: AcceptGateSettings,
  evidenceSha256: string,
): ResolvedGate {
  const open = judgement.decision.obstacles.flatMap((obstacle) =>
    obstacle.model === model && obstacle.gate !== null ? [obstacle.gate] : [],
  );
  const given = { acceptances: judgement.acceptances, headSha: pull.headSha, evidenceSha256 };
  const accepted = judgement.acceptances
    .map((acceptance) => acceptance.gate)
    .filter((gate) => findAcceptance(given, model, gate) !== null);
  const named = [...new Set([...open, ...accepted])]
    .sort((a, b) => b.length - a.length)
    .find((gate) => words === gate || words.startsWith(`${gate} `));
  const [first = "", ...rest] = words.split(" ");
  const gate = named ?? findByMetric(judgement, model, first, open);
  if (gate === null) throw refuseUnknownGate(judgement, model, first);
  const reason = (named === undefined ? rest.join(" ") : words.slice(named.length)).trim();
  if (reason !== "") return { gate, reason };
  throw new InputError({
    message: "an acceptance needs a reason: it stays in the ledger",
    expected: `/accept ${model} ${gate} REASON`,
  });
}

function findByMetric(judgement: Judgement, model: string, metric: string, open: readonly string[]): string | null {
  const evidence = judgement.evidence?.models.find((candidate) => candidate.model === model);
  const gates = [evidence?.comparison, evidence?.secondComparison].flatMap((comparison) => comparison?.gates ?? []);
  const ids = [...new Set(gates.filter((gate) => gate.metric === metric).map((gate) => gate.id))];
  const meant = ids.filter((id) => open.includes(id));
  return meant.length === 1 ? (meant[0] ?? null) : null;
}

function refuseUnknownGate(judgement: Judgement, model: string, gate: string): InputError {
  const open = judgement.decision.obstacles.flatMap((obstacle) =>
    obstacle.model !== null && obstacle.gate !== null ? [`${obstacle.model} ${obstacle.gate}`] : [],
  );
  return new InputError({
    message: `${model} ${gate} does not stand in the way of this pull request`,
    expected: open.length === 0 ? "nothing is open that can be accepted" : `one of: ${open.join(", ")}`,
    hint: "write `/accept MODEL GATE reason`",
  });
}

function findOutcome(model: ModelEvidence | null, gate: string): string | null {
  const gates = [model?.comparison, model?.secondComparison].flatMap((comparison) => comparison?.gates ?? []);
  return gates.find((candidate) => candidate.id === gate && candidate.outcome !== "pass")?.outcome ?? null;
}

function isRecorded(
  index: ModelIndex,
  details: { readonly gate: string; readonly headSha: string; readonly evidenceSha256: string },
): boolean {
  return index.accepts.some((accept) => {
    const known = AcceptanceDetails.safeParse(accept.details);
    return (
      known.success &&
      known.data.gate === details.gate &&
      known.data.headSha === details.headSha &&
      known.data.evidenceSha256 === details.evidenceSha256
    );
  });
}
