// Gathers what a verdict on a pull request needs and decides it; writes nothing.
import { type ConfigChange, describeConfigChanges } from "../config/config-diff.ts";
import { InputError, type Problem } from "../errors.ts";
import type { Acceptance } from "../evidence/acceptance.ts";
import { type Belief, decideBelief } from "../evidence/belief.ts";
import { type Decision, decideCheck, type Obstacle } from "../evidence/decide-check.ts";
import type { Evidence } from "../evidence/evidence.ts";
import type { RepositoryClient } from "../github/client.ts";
import { isAncestor, readFileAt } from "../github/contents.ts";
import { isAtLeast, readPermission } from "../github/permissions.ts";
import { listChangedPaths, type PullRequest } from "../github/pulls.ts";
import { listJobs, type WorkflowJob, type WorkflowRun } from "../github/workflow-runs.ts";
import { renderCanonicalJson } from "../json/canonical-json.ts";
import { sha256Hex } from "../json/digest.ts";
import { describeProblem } from "../report/annotations.ts";
import { checkProposedFiles } from "./check-proposed-files.ts";
import { type FoundEvidence, fetchEvidence } from "./fetch-evidence.ts";
import { type Affected, findAffected } from "./find-affected.ts";
import { findStaleRows } from "./find-stale-rows.ts";
import { type BaseConfig, readBaseConfig } from "./read-base-config.ts";
import { type RegistryFacts, readRegistryFacts } from "./read-registry-facts.ts";
import type { RegistrySession } from "./registry-session.ts";

export interface JudgeSettings {
  readonly pull: PullRequest;
  /** The run whose evidence counts; null = there is none yet. */
  readonly run: WorkflowRun | null;
  /** `OWNER/NAME` of the repository with the reusable workflows. */
  readonly publisher: string;
  /** sha256 of `evidence.json` as the run's validating job told the job that asks; not given = not known. */
  readonly evidenceSha256?: string | null;
}

export interface JudgePorts {
  readonly repository: RepositoryClient;
  /** Opens the registry that the base branch's config names. */
  readonly under: RegistrySession["under"];
}

/** The verdict on one head, with everything it was decided by. */
export interface Judgement {
  readonly decision: Decision;
  readonly pull: PullRequest;
  readonly run: WorkflowRun | null;
  readonly affectedModels: readonly string[];
  /** Null when there is no evidence that can be read. */
  readonly evidence: Evidence | null;
  readonly evidenceSha256: string | null;
  /** What is wrong with config or lock of the head; then nothing else was looked at. */
  readonly problems: readonly Problem[];
  readonly belief: Belief | null;
  readonly acceptances: readonly Acceptance[];
  readonly baseConfigSha256: string | null;
  /** The registry that the base branch's config names; null = the repository's own. */
  readonly registry: string | null;
  /** Null when they could not be read whole, or were not asked for. */
  readonly changedPaths: readonly string[] | null;
  /** What the change does to the rules that judge, by model; nothing when config and lock are not touched or cannot be read. */
  readonly configChanges: ReadonlyMap<string, readonly ConfigChange[]>;
  /** What each model's evaluation sets have judged before. */
  readonly evaluationUses: RegistryFacts["evaluationUses"];
  readonly publisher: string;
  /** Changes when anything that the verdict rests on changes. */
  readonly key: string;
}

/** Decides what the check of the pull request's head has to say now. @throws ProviderError when GitHub cannot be asked. */
export async function judgePull(settings: JudgeSettings, ports: JudgePorts): Promise<Judgement> {
  const { pull } = settings;
  const base = await readBase(ports.repository, pull.baseBranch);
  if ("problem" in base) return close(settings, { state: "failure", obstacles: [whole("failure", base.problem)] });
  if (base.config === null) {
    const reason = "The base branch has no .github/modelgate.yml, so nothing is judged.";
    return close(settings, { state: "neutral", obstacles: [whole("neutral", reason)] });
  }
  const changedPaths = await listChangedPaths(ports.repository, pull.number);
  const affected = await findAffected(ports.repository, pull, base.config, changedPaths);
  const affectedModels = affected.models;
  const known = {
    affectedModels,
    changedPaths,
    baseConfigSha256: base.config.sha256,
    registry: base.config.config.registry,
    configChanges: affected.base && affected.head ? describeConfigChanges(affected.base, affected.head) : noChanges,
  };
  const problems = await checkProposedFiles(ports.repository, pull.headSha, changedPaths);
  if (problems.length > 0) {
    return close(
      settings,
      { state: "failure", obstacles: problems.slice(0, 20).map(explainProblem) },
      { ...known, problems },
    );
  }
  if (affectedModels.length === 0) return close(settings, { state: "success", obstacles: [] }, known);
  if (settings.run === null) {
    return close(
      settings,
      { state: "failure", obstacles: [whole("failure", "No workflow run has judged this head yet.")] },
      known,
    );
  }
  const found = await fetchEvidence(ports.repository, settings.run.id);
  const jobs = await listJobs(ports.repository, settings.run.id);
  if (found.state !== "present") {
    return close(settings, { state: "failure", obstacles: explainAbsence(found, settings.run, jobs) }, known);
  }
  return await judgeEvidence(settings, ports, base.config, { ...known, affected, found, jobs });
}

/** They could not be read, or nobody touched them. */
export const noChanges: Judgement["configChanges"] = new Map();

interface Gathered {
  readonly affected: Affected;
  readonly affectedModels: readonly string[];
  readonly configChanges: Judgement["configChanges"];
  readonly baseConfigSha256: string;
  readonly changedPaths: readonly string[] | null;
  readonly found: Extract<FoundEvidence, { state: "present" }>;
  readonly jobs: readonly WorkflowJob[];
}

async function judgeEvidence(
  settings: JudgeSettings,
  ports: JudgePorts,
  base: BaseConfig,
  gathered: Gathered,
): Promise<Judgement> {
  const { pull, run } = settings;
  const { affectedModels, found, jobs } = gathered;
  const { evidence } = found;
  const validateJob = findValidateJob(jobs);
  const workflow = run === null ? null : await readFileAt(ports.repository, run.path, pull.baseBranch);
  const belief = decideBelief({
    changedPaths: gathered.changedPaths,
    workflowOnBase: workflow === null ? null : Buffer.from(workflow).toString("utf8"),
    publisher: settings.publisher,
    validateJob,
    otherJobs: jobs.filter((job) => job !== validateJob && !isReport(job)),
    artifactCreatedAt: found.artifactCreatedAt,
    isolation: evidence.isolation,
    namesItsRun: evidence.workflowRun !== null,
    ranProposedCode:
      evidence.ranProposedCode || affectedModels.some((name) => base.config.models.get(name)?.predict != null),
  });
  const registry = await readRegistryFacts(ports.under(base.config).ledger, base.config, affectedModels);
  const authorCanWrite =
    belief.level === "attested" || isAtLeast(await readPermission(ports.repository, pull.author), "write");
  const decision = decideCheck(evidence, {
    headSha: pull.headSha,
    fromFork: pull.fromFork,
    authorCanWrite,
    baseConfig: base.config,
    baseConfigSha256: base.sha256,
    affectedModels,
    baselines: registry.baselines,
    belief,
    acceptances: registry.acceptances,
    changes: gathered.configChanges,
    evidenceSha256: found.sha256,
  });
  const staleRows = findStaleRows(evidence.models, gathered.affected.base, gathered.affected.head);
  const known = evidence.baseSha === null || (await isAncestor(ports.repository, evidence.baseSha, pull.baseBranch));
  const reasons = [
    ...(known
      ? []
      : [`The evidence was judged by a commit that ${pull.baseBranch} does not hold; run the workflow again.`]),
    ...staleRows.map(
      (model) => `${model} was judged on other rows than the lock of the base branch pins now; run the workflow again.`,
    ),
    ...explainOtherRun(evidence.workflowRun, run),
    ...(validateJob !== null && validateJob.conclusion !== "success"
      ? ["The validating job failed, so its evidence does not count."]
      : []),
    ...((settings.evidenceSha256 ?? found.sha256) === found.sha256
      ? []
      : ["The evidence is not what the validating job made, so it does not count."]),
  ];
  const broken = reasons.map((reason) => whole("failure", reason));
  const decided: Decision =
    broken.length > 0 ? { state: "failure", obstacles: [...broken, ...decision.obstacles] } : decision;
  return close(settings, decided, {
    affectedModels,
    changedPaths: gathered.changedPaths,
    configChanges: gathered.configChanges,
    evaluationUses: registry.evaluationUses,
    baseConfigSha256: base.sha256,
    evidence,
    evidenceSha256: found.sha256,
    belief,
    acceptances: registry.acceptances,
    baselines: registry.baselines,
  });
}

function close(
  { pull, run, publisher }: JudgeSettings,
  decision: Decision,
  known: Partial<Judgement> & { readonly baselines?: ReadonlyMap<string, string | null> } = {},
): Judgement {
  const { baselines, ...facts } = known;
  const baseConfigSha256 = facts.baseConfigSha256 ?? null;
  const evidenceSha256 = facts.evidenceSha256 ?? null;
  const key = sha256Hex(
    renderCanonicalJson({
      repositoryId: pull.baseRepositoryId,
      headSha: pull.headSha,
      baseConfigSha256,
      evidenceSha256,
      baselines: Object.fromEntries(baselines ?? []),
    }),
  );
  return {
    affectedModels: [],
    problems: [],
    changedPaths: null,
    configChanges: noChanges,
    evaluationUses: new Map(),
    publisher,
    evidence: null,
    belief: null,
    acceptances: [],
    registry: null,
    ...facts,
    baseConfigSha256,
    evidenceSha256,
    decision,
    pull,
    run,
    key,
  };
}

async function readBase(
  repository: RepositoryClient,
  branch: string,
): Promise<{ readonly config: BaseConfig | null } | { readonly problem: string }> {
  try {
    return { config: await readBaseConfig(repository, branch) };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const [first] = error.problems;
    const place = first.line === undefined ? "" : ` (line ${first.line})`;
    return { problem: `The config on the base branch is wrong${place}: ${first.message}.` };
  }
}

/** The evidence names the run that made it: one taken over from another run, or from an attempt still to come, does not count. */
function explainOtherRun(claimed: Evidence["workflowRun"], run: WorkflowRun | null): readonly string[] {
  if (claimed === null || run === null) return [];
  if (claimed.id === run.id && claimed.attempt <= run.attempt) return [];
  return [
    `The evidence says that run ${claimed.id} (attempt ${claimed.attempt}) made it, but it was found in run ${run.id} (attempt ${run.attempt}), so it does not count.`,
  ];
}

/** The job `validate` of a called workflow; one of the caller's own by that name only where there is no other. */
function findValidateJob(jobs: readonly WorkflowJob[]): WorkflowJob | null {
  const named = jobs.filter((job) => jobBaseName(job.name) === "validate");
  const called = named.filter((job) => job.name.includes(" / "));
  const [only, ...others] = called.length > 0 ? called : named;
  return others.length === 0 ? (only ?? null) : null;
}

/** The called workflow's own report runs no code of the change, and may begin while the artifact is stamped. */
function isReport(job: WorkflowJob): boolean {
  return job.name.includes(" / ") && jobBaseName(job.name) === "modelgate-gate";
}

/** Names in a reusable workflow read `caller / job`. */
function jobBaseName(name: string): string {
  return (name.split(" / ").at(-1) ?? name).trim();
}

function explainAbsence(
  found: Exclude<FoundEvidence, { state: "present" }>,
  run: WorkflowRun,
  jobs: readonly WorkflowJob[],
): readonly Obstacle[] {
  const failed = jobs.find((job) => job.conclusion !== null && !["success", "skipped"].includes(job.conclusion));
  if (found.state !== "missing" || !failed) return [whole("failure", found.reason)];
  const what =
    jobBaseName(failed.name) === "train"
      ? "Training failed"
      : `The job ${jobBaseName(failed.name)} ended as ${failed.conclusion}`;
  return [whole("failure", `${what}, so there is no evidence; its log says why: ${failed.url ?? run.url}`)];
}

function explainProblem(problem: Problem): Obstacle {
  const line = problem.line === undefined ? "" : ` line ${problem.line}`;
  const key = problem.key === undefined ? "" : ` \`${problem.key}\``;
  return whole("failure", `${problem.file ?? ""}${line}:${key} ${describeProblem(problem)}`);
}

function whole(state: Obstacle["state"], reason: string): Obstacle {
  return { model: null, gate: null, state, reason };
}
