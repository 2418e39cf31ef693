// Check suites, check runs, statuses and deployments as the API shows them.
import { readCommit } from "../git/commits.ts";
import type { JsonObject } from "../json.ts";
import type { CheckRun, CheckSuite, CommitStatus, Deployment, DeploymentStatus } from "../state/check.ts";
import type { Repository } from "../state/repository.ts";
import { headKey } from "../state/store.ts";
import { renderUserId } from "./account.ts";
import { renderAppId } from "./app.ts";
import { renderRepository, repositoryPage, repositoryUrl } from "./repository.ts";
import { nodeId, type View } from "./view.ts";

/** Conclusions from the one that weighs most. */
const worstFirst = ["startup_failure", "failure", "timed_out", "cancelled", "action_required", "stale"] as const;

/** What its runs make of a suite: queued while there are none, completed when all are. */
export function suiteState(view: View, suite: CheckSuite): { status: string; conclusion: string | null } {
  const runs = runsOfSuite(view, suite);
  if (runs.length === 0) return { status: "queued", conclusion: null };
  if (runs.some((run) => run.status !== "completed")) {
    return { status: runs.some((run) => run.status !== "queued") ? "in_progress" : "queued", conclusion: null };
  }
  const conclusions = runs.map((run) => run.conclusion ?? "neutral");
  const worst = worstFirst.find((one) => conclusions.includes(one));
  return {
    status: "completed",
    conclusion: worst ?? (conclusions.includes("success") ? "success" : (conclusions[0] ?? "neutral")),
  };
}

/** The newest run of each name in the suite. */
export function runsOfSuite(view: View, suite: CheckSuite): CheckRun[] {
  const newest = new Map<string, CheckRun>();
  for (const run of view.store.checkRuns.group(headKey(suite.repositoryId, suite.headSha))) {
    if (run.suiteId === suite.id) newest.set(run.name, run);
  }
  return [...newest.values()];
}

export function renderCheckSuite(view: View, repository: Repository, suite: CheckSuite): JsonObject {
  const url = `${repositoryUrl(view, repository)}/check-suites/${suite.id}`;
  const commit = readCommit(view.platform.git.folder(repository.id), suite.headSha);
  const before = commit?.parents[0] ?? "0".repeat(40);
  return {
    id: suite.id,
    node_id: nodeId("CheckSuite", suite.id),
    head_branch: suite.headBranch,
    head_sha: suite.headSha,
    ...suiteState(view, suite),
    url,
    before,
    after: suite.headSha,
    pull_requests: renderPullsOfHead(view, repository, suite.headSha),
    app: renderAppId(view, suite.appId),
    created_at: suite.createdAt,
    updated_at: suite.updatedAt,
    rerequestable: true,
    runs_rerequestable: true,
    latest_check_runs_count: runsOfSuite(view, suite).length,
    check_runs_url: `${url}/check-runs`,
    repository: renderRepository(view, repository),
    head_commit: {
      id: suite.headSha,
      tree_id: commit?.tree ?? "",
      message: commit?.message ?? "",
      timestamp: commit?.committer.date ?? suite.createdAt,
      author: { name: commit?.author.name ?? "", email: commit?.author.email ?? "" },
      committer: { name: commit?.committer.name ?? "", email: commit?.committer.email ?? "" },
    },
  };
}

/** `check-run`; its `check_suite` is the id alone, in webhooks (`whole`) the suite. */
export function renderCheckRun(view: View, repository: Repository, run: CheckRun, whole = false): JsonObject {
  const url = `${repositoryUrl(view, repository)}/check-runs/${run.id}`;
  const page = `${repositoryPage(view, repository)}/runs/${run.id}`;
  const suite = whole ? view.store.checkSuites.get(run.suiteId) : undefined;
  return {
    id: run.id,
    name: run.name,
    node_id: nodeId("CheckRun", run.id),
    head_sha: run.headSha,
    external_id: run.externalId,
    url,
    html_url: page,
    details_url: run.detailsUrl ?? page,
    status: run.status,
    conclusion: run.conclusion,
    started_at: run.startedAt,
    completed_at: run.completedAt,
    output: {
      title: run.title,
      summary: run.summary,
      text: run.text,
      annotations_count: run.annotations.length,
      annotations_url: `${url}/annotations`,
    },
    check_suite: suite === undefined ? { id: run.suiteId } : renderSimpleSuite(view, repository, suite),
    app: renderAppId(view, run.appId),
    pull_requests: renderPullsOfHead(view, repository, run.headSha),
  };
}

/** Open pull requests of this repository whose head, also in this repository, is the commit. */
export function renderPullsOfHead(view: View, repository: Repository, sha: string): JsonObject[] {
  const minimal = { id: repository.id, url: repositoryUrl(view, repository), name: repository.name };
  const isOpen = (number: number): boolean =>
    view.store.issues.group(repository.id).some((issue) => issue.number === number && issue.state === "open");
  return view.store.pulls
    .group(repository.id)
    .filter((pull) => pull.headSha === sha && pull.headRepositoryId === repository.id && isOpen(pull.number))
    .map((pull) => ({
      id: pull.id,
      number: pull.number,
      url: `${minimal.url}/pulls/${pull.number}`,
      head: { ref: pull.headRef, sha: pull.headSha, repo: minimal },
      base: { ref: pull.baseRef, sha: pull.baseSha, repo: minimal },
    }));
}

export function renderStatus(view: View, repository: Repository, status: CommitStatus): JsonObject {
  return {
    url: `${repositoryUrl(view, repository)}/statuses/${status.sha}`,
    avatar_url: `${view.origin}/avatars/${status.creatorId}`,
    id: status.id,
    node_id: nodeId("StatusContext", status.id),
    state: status.state,
    description: status.description,
    target_url: status.targetUrl,
    context: status.context,
    created_at: status.createdAt,
    updated_at: status.createdAt,
  };
}

export function renderDeployment(view: View, repository: Repository, deployment: Deployment): JsonObject {
  const url = `${repositoryUrl(view, repository)}/deployments/${deployment.id}`;
  return {
    url,
    id: deployment.id,
    node_id: nodeId("Deployment", deployment.id),
    task: deployment.task,
    original_environment: deployment.environment,
    environment: deployment.environment,
    description: deployment.description,
    created_at: deployment.createdAt,
    updated_at: deployment.updatedAt,
    statuses_url: `${url}/statuses`,
    repository_url: repositoryUrl(view, repository),
    creator: renderUserId(view, deployment.creatorId),
    sha: deployment.sha,
    ref: deployment.ref,
    payload: deployment.payload,
    transient_environment: deployment.transientEnvironment,
    production_environment: deployment.productionEnvironment,
    performed_via_github_app: null,
  };
}

export function renderDeploymentStatus(view: View, repository: Repository, status: DeploymentStatus): JsonObject {
  const url = `${repositoryUrl(view, repository)}/deployments/${status.deploymentId}`;
  return {
    url: `${url}/statuses/${status.id}`,
    id: status.id,
    node_id: nodeId("DeploymentStatus", status.id),
    state: status.state,
    creator: renderUserId(view, status.creatorId),
    description: status.description,
    environment: status.environment,
    target_url: status.logUrl,
    created_at: status.createdAt,
    updated_at: status.createdAt,
    deployment_url: url,
    repository_url: repositoryUrl(view, repository),
    environment_url: status.environmentUrl,
    log_url: status.logUrl,
    performed_via_github_app: null,
  };
}

function renderSimpleSuite(view: View, repository: Repository, suite: CheckSuite): JsonObject {
  const {
    head_commit: _,
    check_runs_url: __,
    latest_check_runs_count: ___,
    ...simple
  } = renderCheckSuite(view, repository, suite);
  return simple;
}
