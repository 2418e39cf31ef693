// Shows a pull request what is known of its head: one sticky comment and, with the App, the check `modelgate`.

import { evidenceGate } from "../evidence/decide-check.ts";
import { listJudgedSets } from "../evidence/judged-sets.ts";
import { type CheckRun, listOwnChecks, putCheck } from "../github/checks.ts";
import { type Comment, putStickyComment } from "../github/comments.ts";
import { getPull } from "../github/pulls.ts";
import type { Pace } from "../registry/pace.ts";
import { commentMarker } from "../report/words.ts";
import { type Judgement, type JudgePorts, type JudgeSettings, judgePull } from "./judge-pull.ts";
import type { Outcome } from "./outcome.ts";
import { recordEvaluationUses } from "./record-evaluation-uses.ts";
import { renderJudgement } from "./render-judgement.ts";
import { mayReplace, type ReportState, readReportState, renderReportState } from "./report-state.ts";

/** Name of the App's check. */
export const checkName = "modelgate";

export interface WriteReportSettings extends JudgeSettings {
  /** `never`: only the check. `when-useful`: not for a change that concerns no model, unless there is a comment already. */
  readonly comment: "never" | "when-useful";
  readonly dryRun?: boolean;
}

export interface WriteReportPorts extends JudgePorts {
  /** Logins whose comments are ours. */
  readonly authors: readonly string[];
  /** The App that makes the check; null = Actions only, where the job's exit status is the check. */
  readonly appId: number | null;
  /** Counts in the ledger that the evaluation sets have judged this change; null = whoever asks may not write there. */
  readonly counter: { readonly actor: string; readonly pace: Pace; readonly progress: (line: string) => void } | null;
}

/** Kind `report`. `state` is what the required check says. */
export interface ReportDocument {
  readonly kind: "report";
  readonly schemaVersion: 1;
  readonly pull: number;
  readonly headSha: string;
  readonly state: Judgement["decision"]["state"];
  readonly obstacles: Judgement["decision"]["obstacles"];
  readonly belief: Judgement["belief"];
  readonly verdictKey: string;
  /** False: nothing was changed, for the head moved on, a newer run has written already, or all of it stood there. */
  readonly written: boolean;
  readonly commentUrl: string | null;
  readonly checkUrl: string | null;
}

/**
 * Judges and writes. Before writing the pull request is read again: a verdict on a head that is no longer the head is dropped.
 * Written again with nothing new it changes nothing.
 */
export async function writeReport(
  settings: WriteReportSettings,
  ports: WriteReportPorts,
): Promise<Outcome<ReportDocument>> {
  const judgement = await judgePull(settings, ports);
  const state: ReportState = {
    headSha: judgement.pull.headSha,
    runId: judgement.run?.id ?? 0,
    runAttempt: judgement.run?.attempt ?? 0,
    key: judgement.key,
  };
  const rendered = renderJudgement(judgement, state);
  const current = settings.dryRun === true || (await isCurrent(settings, ports, state));
  const nothing = { comment: null, check: null, written: false };
  const { comment, check, written } =
    current && !settings.dryRun ? await write(settings, ports, judgement, state, rendered) : nothing;
  if (comment !== null || check !== null) await countUses(judgement, ports);
  return {
    exitCode: rendered.state === "success" || rendered.state === "neutral" ? 0 : 1,
    document: {
      kind: "report",
      schemaVersion: 1,
      pull: judgement.pull.number,
      headSha: judgement.pull.headSha,
      state: rendered.state,
      obstacles: judgement.decision.obstacles,
      belief: judgement.belief,
      verdictKey: judgement.key,
      written,
      commentUrl: comment?.url ?? null,
      checkUrl: check?.url ?? null,
    },
    text: describe(judgement, rendered.state),
    markdown: rendered.comment,
  };
}

/** Only evidence that counts is counted: a stranger's invention uses nothing up. Known heads cost no request. */
async function countUses(judgement: Judgement, ports: WriteReportPorts): Promise<void> {
  const { evidence, pull, evaluationUses, decision } = judgement;
  if (ports.counter === null || evidence === null || decision.obstacles.some(({ model }) => model === null)) return;
  const unbelieved = decision.obstacles.filter(({ gate }) => gate === evidenceGate).map(({ model }) => model);
  const judged = evidence.models.flatMap(listJudgedSets).filter(({ model, sha256 }) => {
    if (unbelieved.includes(model) || !judgement.affectedModels.includes(model)) return false;
    const known = evaluationUses.get(model)?.find((use) => use.sha256 === sha256)?.last ?? [];
    return !known.some(({ subject }) => subject === pull.headSha);
  });
  const { actor, pace, progress } = ports.counter;
  const settings = { judged, headSha: pull.headSha, sameChange: [], pullNumber: pull.number, actor };
  await recordEvaluationUses(settings, { ledger: ports.under(judgement).ledger, pace, progress });
}

async function isCurrent(settings: WriteReportSettings, ports: WriteReportPorts, state: ReportState): Promise<boolean> {
  const now = await getPull(ports.repository, settings.pull.number);
  if (now.headSha !== state.headSha || now.baseBranch !== settings.pull.baseBranch) return false;
  if (ports.appId === null) return true;
  const [standing] = await listOwnChecks(ports.repository, state.headSha, checkName, ports.appId);
  return mayReplace(standing ? readReportState(standing.externalId) : null, state);
}

async function write(
  settings: WriteReportSettings,
  ports: WriteReportPorts,
  judgement: Judgement,
  state: ReportState,
  rendered: ReturnType<typeof renderJudgement>,
): Promise<{ readonly comment: Comment | null; readonly check: CheckRun | null; readonly written: boolean }> {
  const { repository, appId } = ports;
  const useful = judgement.affectedModels.length > 0 || judgement.decision.state === "failure";
  const comment =
    settings.comment === "never"
      ? null
      : await putStickyComment(repository, judgement.pull.number, {
          marker: commentMarker,
          authors: ports.authors,
          body: rendered.comment,
          onlyUpdate: !useful,
          mayReplace: (standing) => mayReplace(readReportState(standing), state),
        });
  const check =
    appId === null
      ? null
      : await putCheck(repository, state.headSha, checkName, appId, {
          status: rendered.state,
          externalId: renderReportState(state),
          title: rendered.check.title,
          summary: rendered.check.summary,
          annotations: rendered.check.annotations,
          ...(judgement.run ? { detailsUrl: judgement.run.url } : {}),
        });
  return { comment: comment?.comment ?? null, check, written: check !== null || (comment?.written ?? false) };
}

function describe(judgement: Judgement, state: string): string {
  const { decision, pull } = judgement;
  const head = `#${pull.number} at ${pull.headSha.slice(0, 7)}: ${state.replace("_", " ")}`;
  const lines = decision.obstacles.map(({ model, gate, reason }) => {
    const subject = [model, gate].filter((part) => part !== null).join(" ");
    return `  ${subject === "" ? "" : `${subject}: `}${reason}`;
  });
  return [head, ...lines].join("\n");
}
