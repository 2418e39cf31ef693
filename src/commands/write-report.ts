// Shows a pull request what is known of its head: one sticky comment and, with the App, the check `modelgate`.
import { type CheckRun, listOwnChecks, putCheck } from "../github/checks.ts";
import { type Comment, putStickyComment } from "../github/comments.ts";
import { getPull } from "../github/pulls.ts";
import { commentMarker } from "../report/words.ts";
import { type Judgement, type JudgePorts, type JudgeSettings, judgePull } from "./judge-pull.ts";
import type { Outcome } from "./outcome.ts";
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
  /** False: the head moved on or a newer run has written already, so nothing was changed. */
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
  const nothing = { comment: null, check: null };
  const { comment, check } =
    current && !settings.dryRun ? await write(settings, ports, judgement, state, rendered) : nothing;
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
      written: comment !== null || check !== null,
      commentUrl: comment?.url ?? null,
      checkUrl: check?.url ?? null,
    },
    text: describe(judgement, rendered.state),
    markdown: rendered.comment,
  };
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
): Promise<{ readonly comment: Comment | null; readonly check: CheckRun | null }> {
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
  return { comment: comment?.comment ?? null, check };
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
