// Answers a scheduled check: a warning issue, a pull request that retrains, an issue that proposes to roll back; one per model and kind.

import { sameValue } from "../config/config-diff.ts";
import type { Lock, LockedData } from "../config/lock.ts";
import { lockFileName, parseLock, renderLock, withLockedModel } from "../config/parse-lock.ts";
import { InputError } from "../errors.ts";
import type { Findings, ModelFindings } from "../evidence/findings.ts";
import type { RepositoryClient } from "../github/client.ts";
import { commitToBranch, readBranch, readFileAt } from "../github/contents.ts";
import { closeIssue, findOwnIssues, putIssue } from "../github/issues.ts";
import { findClosedPullByBranch, findPullByBranch, openPull } from "../github/pulls.ts";
import type { AppendPorts } from "../registry/append-event.ts";
import { type IncidentKind, renderIncident, renderIncidentMarker } from "../report/incident.ts";
import type { Outcome } from "./outcome.ts";
import { readBaseConfig } from "./read-base-config.ts";
import { recordEvent } from "./record-event.ts";

export interface RespondSettings {
  readonly findings: Findings;
  readonly runId: number;
  readonly runUrl: string;
  readonly defaultBranch: string;
  /** Login that the ledger names for what was found. */
  readonly actor: string;
}

export interface RespondPorts {
  readonly repository: RepositoryClient;
  /** Opens the registry that the config names. */
  readonly under: (config: { readonly registry: string | null }) => AppendPorts;
  /** Logins whose issues are ours. */
  readonly authors: readonly string[];
}

/** What was done for one model; `url` of the issue or pull request. */
export interface Response {
  readonly model: string;
  readonly decision: ModelFindings["decision"];
  readonly action: "nothing" | "opened" | "updated" | "closed" | "exists";
  readonly url: string | null;
}

/** Kind `monitoring-response`. */
export interface ResponseDocument {
  readonly kind: "monitoring-response";
  readonly schemaVersion: 1;
  readonly responses: readonly Response[];
}

const labels = { warning: "modelgate:warning", rollback: "modelgate:rollback" } as const;

/** Branch of the pull request that retrains a model. */
export function nameRetrainingBranch(model: string): string {
  return `modelgate/retrain/${model}`;
}

/** Records what was found in the ledger, then opens, updates or closes. Run again with the same findings it changes nothing. */
export async function respondToFindings(
  settings: RespondSettings,
  ports: RespondPorts,
): Promise<Outcome<ResponseDocument>> {
  const responses: Response[] = [];
  const base = await readBaseConfig(ports.repository, settings.defaultBranch);
  const registry = ports.under({ registry: base?.config.registry ?? null });
  for (const found of settings.findings.models) {
    await recordFinding(found, settings, registry);
    responses.push(await respond(found, settings, ports));
  }
  return {
    exitCode: 0,
    document: { kind: "monitoring-response", schemaVersion: 1, responses },
    text: responses
      .map(({ model, decision, action, url }) => `${model}: ${decision}, ${action} ${url ?? ""}`.trimEnd())
      .join("\n"),
  };
}

async function respond(found: ModelFindings, settings: RespondSettings, ports: RespondPorts): Promise<Response> {
  const told = { model: found.model, decision: found.decision };
  switch (found.decision) {
    case "ok":
      return { ...told, ...(await closeWarning(found, ports)) };
    case "warn":
      return { ...told, ...(await putIncident(found, "warning", settings, ports)) };
    case "rollback":
      return { ...told, ...(await putIncident(found, "rollback", settings, ports)) };
    case "retrain": {
      const answer = await openRetraining(found, settings, ports);
      if (answer.action === "opened") await closeWarning(found, ports);
      return { ...told, ...answer };
    }
  }
}

type Answer = Pick<Response, "action" | "url">;

async function putIncident(
  found: ModelFindings,
  kind: Exclude<IncidentKind, "retrain">,
  settings: RespondSettings,
  { repository, authors }: RespondPorts,
): Promise<Answer> {
  const { title, body } = renderIncident(found, kind, settings.runUrl);
  const marker = renderIncidentMarker(found.model, kind);
  const { issue, created } = await putIssue(repository, { marker, authors, title, body, labels: [labels[kind]] });
  return { action: created ? "opened" : "updated", url: issue.url };
}

async function closeWarning(found: ModelFindings, { repository, authors }: RespondPorts): Promise<Answer> {
  const open = await findOwnIssues(repository, renderIncidentMarker(found.model, "warning"), authors);
  for (const issue of open) await closeIssue(repository, issue.number);
  return open[0] ? { action: "closed", url: open[0].url } : { action: "nothing", url: null };
}

async function openRetraining(found: ModelFindings, settings: RespondSettings, ports: RespondPorts): Promise<Answer> {
  const { repository } = ports;
  const branch = nameRetrainingBranch(found.model);
  const standing = await findPullByBranch(repository, branch);
  if (standing) return { action: "exists", url: standing.url };
  const tip = await readBranch(repository, settings.defaultBranch);
  const bytes = tip === null ? null : await readFileAt(repository, lockFileName, tip);
  if (tip === null || bytes === null || found.proposal === null) {
    return await putIncident(found, "warning", settings, ports);
  }
  const text = Buffer.from(bytes).toString("utf8");
  const lock = parseLock(text);
  const locked = lock.models.get(found.model);
  const next = renderLock(
    withLockedModel(lock, found.model, {
      train: toLocked(found.proposal.train),
      evaluation: found.proposal.evaluation ? toLocked(found.proposal.evaluation) : (locked?.evaluation ?? null),
    }),
  );
  if (next === text) return { action: "nothing", url: null };
  const refused = await findClosedPullByBranch(repository, branch);
  if (refused !== null && (await proposesSame(repository, refused.headSha, found.model, parseLock(next)))) {
    return { action: "exists", url: refused.url };
  }
  const { title, body } = renderIncident(found, "retrain", settings.runUrl);
  await commitToBranch(repository, {
    branch,
    parentSha: tip,
    message: `${title}\n\nMoves the training window in ${lockFileName}; opened by a scheduled check.`,
    files: new Map([[lockFileName, next]]),
  });
  const pull = await openPull(repository, { branch, base: settings.defaultBranch, title, body });
  return { action: "opened", url: pull.url };
}

/** Somebody closed these windows unmerged: that was an answer. Other windows are a new question. */
async function proposesSame(
  repository: RepositoryClient,
  headSha: string,
  model: string,
  next: Lock,
): Promise<boolean> {
  try {
    const bytes = await readFileAt(repository, lockFileName, headSha);
    const proposed = bytes === null ? null : parseLock(Buffer.from(bytes).toString("utf8")).models.get(model);
    return sameValue(proposed, next.models.get(model));
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}

function toLocked(data: NonNullable<ModelFindings["proposal"]>["train"]): LockedData {
  const { from, to } = data.window ?? {};
  const window =
    data.window === null ? null : { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
  return { source: data.source, window, sha256: data.sha256, rows: data.rows, columns: data.columns };
}

/**
 * One `finding` event per model and workflow run: what the next check counts its streak by. A check that found nothing breaks
 * the streak, and is kept only when it does: the quiet checks after it say nothing new.
 */
async function recordFinding(found: ModelFindings, settings: RespondSettings, ports: AppendPorts): Promise<void> {
  const details = {
    runId: settings.runId,
    decision: found.decision,
    streak: found.streak,
    window: found.window,
    kinds: [...new Set(found.findings.map((finding) => finding.kind))].sort(),
  };
  await recordEvent(
    ports,
    {
      event: "finding",
      model: found.model,
      version: found.version,
      stage: found.stage,
      actor: settings.actor,
      reason: found.reason,
      details,
    },
    ({ index }) => {
      const [newest] = index.findings;
      if (found.decision === "ok" && (newest === undefined || newest.details["decision"] === "ok")) return true;
      return index.findings.some((finding) => finding.details["runId"] === settings.runId);
    },
  );
}
