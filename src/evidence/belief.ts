// How far evidence can be believed: attested when no code of the pull request could have written it, else self-reported.
import { listWorkflowCalls } from "./released-workflow.ts";

/** What the reader of evidence knows itself, from GitHub and the base branch, about how the evidence came to be. */
export interface Provenance {
  /** Paths the pull request changes, old names of renamed files included; null = could not be read whole. */
  readonly changedPaths: readonly string[] | null;
  /** Text, on the base branch, of the file the workflow run came from; null = not there. */
  readonly workflowOnBase: string | null;
  /** Where the reusable workflows live: `OWNER/NAME`. */
  readonly publisher: string;
  /** The validating job of the workflow run; null = it has none. Times as GitHub gives them. */
  readonly validateJob: {
    readonly conclusion: string | null;
    readonly startedAt: string | null;
    readonly completedAt: string | null;
  } | null;
  /** The run's jobs that may run code of the change or of others: while one is at work it could replace the artifact. */
  readonly otherJobs: readonly { readonly startedAt: string | null; readonly completedAt: string | null }[];
  /** When the artifact came to be, as GitHub says. */
  readonly artifactCreatedAt: string | null;
  /** As the evidence claims. */
  readonly isolation: "separate-jobs" | "one-job" | "local";
  /** The evidence says which workflow run made it; that it is the one it was found in is another question. */
  readonly namesItsRun: boolean;
  /** The evidence says that code of the pull request predicted, or the base config has a `predict` program. */
  readonly ranProposedCode: boolean;
}

/** `reasons` are sentences for people, plain text; empty when attested. */
export interface Belief {
  readonly level: "attested" | "self-reported";
  readonly reasons: readonly string[];
  /** The pull request changes workflows or local actions, so it may have written the evidence itself. */
  readonly changesWorkflows: boolean;
}

/** An artifact may be stamped this much after its job ended; never before it began, when the training job could have made it. */
const stampedLateSeconds = 90;

/**
 * Decides what to believe. Attested means: the model is data; the run is of a workflow that the pull request leaves as it is on base
 * and that calls the reusable workflow at a released ref; and the artifact was made while its validating job, which runs no code of the
 * pull request, was at work, and no other job of the run. Whatever is unknown counts against it.
 */
export function decideBelief(provenance: Provenance): Belief {
  const changed = provenance.changedPaths;
  const changesWorkflows = changed === null || changed.some(isWorkflowPath);
  const reasons = [
    changed === null ? "The list of changed files could not be read whole." : null,
    changed !== null && changesWorkflows
      ? `This pull request changes what runs in the workflow: ${listSome(changed.filter(isWorkflowPath))}.`
      : null,
    provenance.isolation === "separate-jobs"
      ? null
      : "Training and judging ran in one job, where the code of the change could have written the numbers.",
    provenance.ranProposedCode ? "A program of the repository made the predictions." : null,
    provenance.namesItsRun ? null : "The evidence does not say which workflow run made it.",
    explainWorkflow(provenance),
    explainJob(provenance),
    explainOtherJobs(provenance),
  ].filter((reason) => reason !== null);
  return { level: reasons.length === 0 ? "attested" : "self-reported", reasons, changesWorkflows };
}

function isWorkflowPath(path: string): boolean {
  return /^\.github\/(workflows|actions)\//i.test(path);
}

function explainWorkflow({ workflowOnBase, publisher }: Provenance): string | null {
  if (workflowOnBase === null) return "The base branch does not have the workflow that made the evidence.";
  const calls = listWorkflowCalls(workflowOnBase, publisher).filter((call) => call.workflow === "pull-request");
  if (calls.length === 0) return `The workflow on the base branch does not call ${publisher}'s pull-request workflow.`;
  const loose = calls.find((call) => !call.released);
  return loose ? `The workflow on the base branch calls ${publisher} at ${loose.ref}, which is not a release.` : null;
}

function explainJob({ validateJob, artifactCreatedAt }: Provenance): string | null {
  if (validateJob === null) return "The workflow run has no validating job.";
  if (validateJob.conclusion !== "success") return "The validating job did not succeed.";
  const [from, at, to] = [validateJob.startedAt, artifactCreatedAt, validateJob.completedAt].map((time) =>
    Date.parse(time ?? ""),
  );
  const inside =
    from !== undefined && at !== undefined && to !== undefined && at >= from && at <= to + stampedLateSeconds * 1000;
  return inside ? null : "The artifact was not made while the validating job was at work.";
}

/** Times have whole seconds: a job that ended in the second the artifact was made was done before, for judging takes longer. */
function explainOtherJobs({ otherJobs, artifactCreatedAt }: Provenance): string | null {
  const at = Date.parse(artifactCreatedAt ?? "");
  const busy = otherJobs.some(({ startedAt, completedAt }) => {
    if (startedAt === null) return false;
    return Date.parse(startedAt) <= at && !(Date.parse(completedAt ?? "") <= at);
  });
  return busy ? "Another job of the workflow was at work when the artifact was made, and could have made it." : null;
}

function listSome(paths: readonly string[]): string {
  const shown = paths.slice(0, 3).join(", ");
  return paths.length > 3 ? `${shown} and ${paths.length - 3} more` : shown;
}
