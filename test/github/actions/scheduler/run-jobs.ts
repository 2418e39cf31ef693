// Walks the jobs of a workflow along their needs: decides, expands matrices, calls reusable workflows, collects outcomes.
import { evaluateCondition, type JsonValue, type Progress, type Scope } from "../workflow/expressions.ts";
import { type Combination, describeCombination, readStrategy, type Strategy } from "../workflow/matrix.ts";
import { describeExcess, limitPermissions, type Permissions } from "../workflow/permissions.ts";
import { Expression, evaluateTemplate, renderScalar } from "../workflow/template.ts";
import type { WorkflowJob } from "../workflow/workflow.ts";
import { callWorkflow } from "./call-workflow.ts";
import type { Frame, JobOutcome, JobPort } from "./frame.ts";
import { readConcurrency } from "./read-concurrency.ts";

const skipped: JobOutcome = { result: "skipped", outputs: {} };

/** Runs every job of the frame's workflow; never throws. The outcomes are by job key, in the order of the file. */
export async function runJobs(frame: Frame, port: JobPort): Promise<ReadonlyMap<string, JobOutcome>> {
  const started = new Map<string, Promise<JobOutcome>>();
  const start = (key: string): Promise<JobOutcome> => {
    const known = started.get(key);
    if (known !== undefined) return known;
    const job = frame.workflow.jobs.get(key)!;
    const promise = Promise.all(ancestorsOf(frame, key).map(async (name) => [name, await start(name)] as const)).then(
      (ancestors) => runNamedJob(frame, port, job, new Map(ancestors)),
    );
    started.set(key, promise);
    return promise;
  };
  const keys = [...frame.workflow.jobs.keys()];
  const outcomes = await Promise.all(keys.map(start));
  return new Map(keys.map((key, index) => [key, outcomes[index]!]));
}

/** The jobs that must end before this one, however far up. */
function ancestorsOf(frame: Frame, key: string): readonly string[] {
  const found = new Set<string>();
  const visit = (name: string): void => {
    for (const need of frame.workflow.jobs.get(name)?.needs ?? []) {
      if (found.has(need)) continue;
      found.add(need);
      visit(need);
    }
  };
  visit(key);
  return [...found];
}

async function runNamedJob(
  frame: Frame,
  port: JobPort,
  job: WorkflowJob,
  ancestors: ReadonlyMap<string, JobOutcome>,
): Promise<JobOutcome> {
  const contexts = {
    ...port.contexts,
    inputs: frame.inputs,
    needs: Object.fromEntries(job.needs.map((need) => [need, { ...ancestors.get(need)! }])),
  };
  const results = [...ancestors.values()].map((outcome) => outcome.result);
  const progress: Progress = {
    succeeded: !frame.signal.aborted && results.every((result) => result === "success"),
    failed: !frame.signal.aborted && results.includes("failure"),
    cancelled: frame.signal.aborted || results.includes("cancelled"),
  };
  const plainName = frame.namePrefix + nameJob(job, {}, { contexts });
  try {
    if (!evaluateCondition(job.condition, { contexts, progress })) {
      port.recordJob(job.id, plainName, frame.signal.aborted ? "cancelled" : "skipped");
      return frame.signal.aborted ? { result: "cancelled", outputs: {} } : skipped;
    }
    const strategy = readStrategy(
      job.strategy === undefined ? undefined : evaluateTemplate(job.strategy, { contexts }),
    );
    return await runCombinations(frame, port, job, contexts, strategy);
  } catch (error) {
    port.recordJob(job.id, plainName, "failure", (error as Error).message);
    return { result: "failure", outputs: {} };
  }
}

async function runCombinations(
  frame: Frame,
  port: JobPort,
  job: WorkflowJob,
  contexts: Scope["contexts"],
  strategy: Strategy,
): Promise<JobOutcome> {
  const { combinations, failFast } = strategy;
  if (combinations.length === 0) throw new Error(`The matrix of job '${job.id}' is empty`);
  const siblings = new AbortController();
  // A job that is to run although its run was cancelled (`always()`, `cancelled()`) is not cancelled by that.
  const signal = frame.signal.aborted ? siblings.signal : AbortSignal.any([frame.signal, siblings.signal]);
  const outcomes = await mapInTurn(combinations, strategy.maxParallel, async (matrix, index) => {
    const position = { "fail-fast": failFast, "job-index": index, "job-total": combinations.length };
    const outcome = await runCombination(frame, port, job, signal, matrix, {
      ...contexts,
      matrix,
      strategy: { ...position, "max-parallel": strategy.maxParallel },
    });
    if (outcome.result === "failure" && failFast) siblings.abort();
    return outcome;
  });
  const results = outcomes.map((outcome) => outcome.result);
  const result = (["failure", "cancelled", "success"] as const).find((word) => results.includes(word)) ?? "skipped";
  return { result, outputs: Object.assign({}, ...outcomes.map((outcome) => outcome.outputs)) };
}

async function runCombination(
  frame: Frame,
  port: JobPort,
  job: WorkflowJob,
  signal: AbortSignal,
  matrix: Combination,
  contexts: Scope["contexts"],
): Promise<JobOutcome> {
  const scope = { contexts };
  const name = frame.namePrefix + nameJob(job, matrix, scope);
  const permissions = grantPermissions(frame, job);
  const isTolerated = evaluateTemplate(job.continueOnError, scope) === true;
  const own = new AbortController();
  const concurrency = readConcurrency(job.concurrency, scope);
  const leave =
    concurrency === undefined
      ? undefined
      : await port.enterGroup(concurrency.group, concurrency.cancelInProgress, () => own.abort());
  const limited = { ...frame, signal: AbortSignal.any([signal, own.signal]) };
  try {
    const outcome =
      job.work.kind === "call"
        ? await callWorkflow({ frame: limited, port, job, work: job.work, name, permissions, scope, runJobs })
        : await port.runJob({
            frame,
            key: job.id,
            name,
            labels: readLabels(evaluateTemplate(job.work.labels, scope)),
            permissions,
            isTolerated,
            contexts,
            signal: limited.signal,
          });
    return outcome.result === "failure" && isTolerated ? { ...outcome, result: "success" } : outcome;
  } finally {
    leave?.();
  }
}

/** What the job asks for, or its workflow, or the default; more than the caller has is an error, as on GitHub. */
function grantPermissions(frame: Frame, job: WorkflowJob): Permissions {
  const wanted = job.permissions ?? frame.workflow.permissions ?? frame.inherited;
  const excess = describeExcess(wanted, frame.ceiling);
  if (excess !== undefined) {
    throw new Error(`Error calling workflow. The nested job '${job.id}' is requesting ${excess}`);
  }
  return limitPermissions(wanted, frame.ceiling);
}

function nameJob(job: WorkflowJob, matrix: Combination, scope: Scope): string {
  if (job.name === undefined) return job.id + describeCombination(matrix);
  try {
    const name = renderScalar(evaluateTemplate(job.name, scope));
    return job.name instanceof Expression ? name : name + describeCombination(matrix);
  } catch {
    return job.id;
  }
}

function readLabels(labels: JsonValue): readonly string[] {
  if (Array.isArray(labels)) return labels.map(String);
  return typeof labels === "string" ? [labels] : ["self-hosted"];
}

/** Like map, with at most `limit` at once. */
async function mapInTurn<T, R>(items: readonly T[], limit: number, work: (item: T, index: number) => Promise<R>) {
  const results: R[] = [];
  let next = 0;
  const lanes = Array.from({ length: Math.min(limit, items.length) }, async () => {
    while (next < items.length) {
      const index = next;
      next += 1;
      results[index] = await work(items[index]!, index);
    }
  });
  await Promise.all(lanes);
  return results;
}
