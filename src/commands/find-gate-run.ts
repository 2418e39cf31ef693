// Which workflow run judged a head: the newest of its pull_request runs that left evidence, else the newest of a workflow that should have.
import { evidenceArtifactName } from "../evidence/evidence.ts";
import { findArtifact } from "../github/artifacts.ts";
import type { RepositoryClient } from "../github/client.ts";
import { readFileAt } from "../github/contents.ts";
import type { PullRequest } from "../github/pulls.ts";
import { listRunsOfHead, type WorkflowRun } from "../github/workflow-runs.ts";

const mostRunsLookedAt = 10;

/** Null when no run of this head that concerns the gate has ended. */
export async function findGateRun(
  repository: RepositoryClient,
  pull: PullRequest,
  publisher: string,
): Promise<WorkflowRun | null> {
  const runs = (await listRunsOfHead(repository, pull.headSha))
    .filter((run) => run.event === "pull_request" && run.status === "completed")
    .filter((run) => run.headRepositoryId === pull.headRepositoryId)
    .slice(0, mostRunsLookedAt);
  for (const run of runs) {
    if (await isGateRun(repository, run, pull.baseBranch, publisher)) return run;
  }
  return null;
}

/** True when the run left evidence, or its workflow file on the base branch uses something of the publisher. */
export async function isGateRun(
  repository: RepositoryClient,
  run: WorkflowRun,
  baseBranch: string,
  publisher: string,
): Promise<boolean> {
  if ((await findArtifact(repository, run.id, evidenceArtifactName)) !== null) return true;
  const file = await readFileAt(repository, run.path, baseBranch);
  if (file === null) return false;
  const text = Buffer.from(file).toString("utf8").toLowerCase();
  return [`${publisher}/.github/workflows/pull-request.yml@`, `${publisher}@`].some((use) =>
    text.includes(use.toLowerCase()),
  );
}
