// Actions only: reports on the pull request that a workflow run belongs to, with the token of the workflow.
import { RefusedError } from "../errors.ts";
import { readStatus } from "../github/failure.ts";
import { findPullsByHead } from "../github/pulls.ts";
import { getRun } from "../github/workflow-runs.ts";
import type { Context } from "../host/context.ts";
import type { Outcome } from "./outcome.ts";
import type { RegistrySession } from "./registry-session.ts";
import { checkName, type ReportDocument, writeReport } from "./write-report.ts";

export interface ReportRunSettings {
  readonly runId: number;
  readonly publisher: string;
  /** sha256 of `evidence.json` as the validating job of the same run told; null = not known. */
  readonly evidenceSha256: string | null;
  readonly comment: "auto" | "always" | "never";
  readonly dryRun: boolean;
  /** Logins whose comments are ours. */
  readonly authors: readonly string[];
}

/**
 * Judges and comments; a token that may not write (a fork's) is no failure: the summary of the job shows the same.
 * @throws RefusedError when no open pull request, or more than one, has the run's head.
 */
export async function reportRun(
  settings: ReportRunSettings,
  session: RegistrySession,
  context: Context,
): Promise<Outcome<ReportDocument>> {
  const { repository, under } = session;
  const run = await getRun(repository, settings.runId);
  const pulls = await findPullsByHead(repository, run.headSha, run.headRepositoryId);
  const [pull, ...others] = pulls;
  if (!pull || others.length > 0) {
    throw new RefusedError({
      message: pull ? "several open pull requests have this head" : "no open pull request has this head",
      received: `commit ${run.headSha}`,
      hint: "the verdict belongs to one pull request: push a commit of its own",
    });
  }
  const comment =
    settings.comment === "never" || (settings.comment === "auto" && (await hasAppCheck(session, run.headSha)));
  const report = (how: "never" | "when-useful") =>
    writeReport(
      {
        pull,
        run,
        publisher: settings.publisher,
        evidenceSha256: settings.evidenceSha256,
        comment: how,
        dryRun: settings.dryRun,
      },
      { repository, under, authors: settings.authors, appId: null, counter: null },
    );
  try {
    return await report(comment ? "never" : "when-useful");
  } catch (error) {
    if (readStatus(error) !== 403) throw error;
    context.progress("The token may not comment here (a fork's pull request?): see the summary of this job.");
    return await report("never");
  }
}

/** The App is at work in this repository: it made a check on the commit and comments itself. */
async function hasAppCheck({ repository }: RegistrySession, headSha: string): Promise<boolean> {
  const { client, owner, name } = repository;
  try {
    const { data } = await client.rest.checks.listForRef({ owner, repo: name, ref: headSha, check_name: checkName });
    return data.check_runs.some((run) => run.app !== null && run.app.slug !== "github-actions");
  } catch (error) {
    if (readStatus(error) === 403 || readStatus(error) === 404) return false;
    throw error;
  }
}
