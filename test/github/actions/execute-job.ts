// Gives a ready job its row, token and secrets, runs it in a free slot, and records how it ended.
import type { Permissions as TokenPermissions } from "../state/permissions.ts";
import type { Repository } from "../state/repository.ts";
import { writeJobLog } from "./job-log-file.ts";
import { completeJob, createJob, startJob } from "./report.ts";
import type { JobResult, StepRecord } from "./runner/order.ts";
import { runJob } from "./runner/run-job.ts";
import type { JobOutcome, ReadyJob } from "./scheduler/frame.ts";
import type { ActionsService } from "./service.ts";
import type { RunRow, StepRow } from "./state.ts";
import { makeReadOnly, type Permissions } from "./workflow/permissions.ts";

/** Runs the job when a slot is free; never throws. Its token ends with it. */
export async function runReadyJob(
  service: ActionsService,
  repository: Repository,
  run: RunRow,
  ready: ReadyJob,
): Promise<JobOutcome> {
  const { key, name, labels, isTolerated } = ready;
  const job = createJob(service, repository, run, { key, name, labels, isTolerated });
  return service.slots.use(async () => {
    if (ready.signal.aborted || service.platform.stopping.aborted) {
      completeJob(service, repository, run, job.id, { conclusion: "cancelled", annotations: [], summary: "" });
      return { result: "cancelled", outputs: {} };
    }
    startJob(service, repository, run, job.id);
    const result = await runWithToken(service, repository, run, ready, job.id);
    writeJobLog(service, job.id, result.steps);
    completeJob(service, repository, run, job.id, {
      conclusion: result.conclusion,
      annotations: result.annotations,
      summary: result.steps.map((step) => step.summary).join(""),
    });
    const word = result.conclusion === "timed_out" ? "failure" : result.conclusion;
    return { result: word, outputs: result.outputs };
  });
}

async function runWithToken(
  service: ActionsService,
  repository: Repository,
  run: RunRow,
  ready: ReadyJob,
  jobId: number,
): Promise<JobResult> {
  const { frame } = ready;
  const work = frame.workflow.jobs.get(ready.key)?.work;
  if (work?.kind !== "steps") throw new Error(`${ready.key} has no steps`);
  const { store } = service.platform;
  const permissions = run.isRestricted ? makeReadOnly(ready.permissions) : ready.permissions;
  const token = service.platform.issueJobToken(repository, toTokenPermissions(permissions));
  const { github, ...contexts } = ready.contexts;
  try {
    return await runJob(
      {
        runId: run.id,
        jobId,
        jobName: ready.name,
        jobKey: ready.key,
        github: github as JobContext,
        contexts,
        secrets: frame.secrets,
        token,
        runtimeToken: service.signer.issueRuntimeToken({ runId: run.id, jobId }),
        workflowEnv: frame.workflow.env,
        workflowRunShell: frame.workflow.runShell,
        steps: work,
        signal: AbortSignal.any([ready.signal, service.platform.stopping]),
        stopping: service.platform.stopping,
        onProgress: (steps) => {
          service.tables.jobs.update(jobId, { steps: steps.map(toStepRow) });
        },
      },
      service.runner,
    );
  } finally {
    for (const row of store.tokens.group(token)) store.tokens.remove(row.id);
  }
}

type JobContext = Parameters<typeof runJob>[0]["github"];

/** `pull-requests: write` as the API names it. */
function toTokenPermissions(permissions: Permissions): TokenPermissions {
  return Object.fromEntries(
    Object.entries(permissions).flatMap(([scope, level]) =>
      level === "none" ? [] : [[scope.replaceAll("-", "_"), level] as const],
    ),
  );
}

function toStepRow({ number, name, status, conclusion, startedAt, completedAt }: StepRecord): StepRow {
  return { number, name, status, conclusion, startedAt, completedAt };
}
