// Runs one job: its folders, its steps in order, its post steps in reverse, its outputs; then the folders are removed.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { evaluateCondition } from "../workflow/expressions.ts";
import { evaluateStrings, evaluateTemplate } from "../workflow/template.ts";
import { buildJobEnvironment, layOutFolders } from "./environment.ts";
import { JobLog } from "./job-log.ts";
import { buildScope, type JobState, type StepScope } from "./job-state.ts";
import type { Conclusion, JobOrder, JobResult, RunnerSettings, StepRecord } from "./order.ts";
import { reportError } from "./program-step.ts";
import { describeStep, runStep } from "./run-step.ts";

const defaultTimeoutMinutes = 360;
/** What still runs after a job was cancelled (`always()`, post steps) gets this long. */
const lastWordsMilliseconds = 60_000;

/** Runs the job to its end; never throws. The job's folders live only as long as it does. */
export async function runJob(order: JobOrder, settings: RunnerSettings): Promise<JobResult> {
  mkdirSync(settings.workFolder, { recursive: true });
  const root = mkdtempSync(join(settings.workFolder, "job-"));
  const log = new JobLog([order.token, order.runtimeToken, ...Object.values(order.secrets)], settings.now);
  const recorder = new StepRecorder(log, settings.now, order.onProgress);
  try {
    const state = prepare(order, settings, root, log);
    const steps: StepScope = { outcomes: new Map(), inputs: {}, actionPath: undefined, failed: false };
    await runAllSteps(state, steps, recorder);
    const outputs = evaluateStrings(order.steps.outputs, buildScope(state, steps));
    return finish(state.cancelled ? "cancelled" : steps.failed ? "failure" : "success", outputs);
  } catch (error) {
    log.annotate({
      level: "error",
      message: (error as Error).message,
      title: undefined,
      file: undefined,
      line: undefined,
      endLine: undefined,
    });
    log.write(`##[error]${(error as Error).message}`);
    return finish("failure", {});
  } finally {
    rmSync(root, { recursive: true, force: true, maxRetries: 3 });
  }

  function finish(conclusion: Conclusion, outputs: Readonly<Record<string, string>>): JobResult {
    const kept = Object.entries(outputs).filter(([, value]) => log.hide(value) === value);
    return { conclusion, outputs: Object.fromEntries(kept), steps: recorder.records, annotations: log.annotations };
  }
}

function prepare(order: JobOrder, settings: RunnerSettings, root: string, log: JobLog): JobState {
  const folders = layOutFolders(root, String(order.github["repository"]).split("/")[1] ?? "work");
  for (const folder of [folders.workspace, folders.temp, settings.toolCache]) mkdirSync(folder, { recursive: true });
  writeFileSync(folders.eventPath, JSON.stringify(order.github["event"] ?? {}, null, 2));
  writeFileSync(folders.gitConfig, `[safe]\n\tdirectory = *\n[init]\n\tdefaultBranch = main\n`);
  const state: JobState = {
    order,
    settings,
    folders,
    log,
    fixedEnvironment: buildJobEnvironment(order, settings, folders),
    environment: {},
    paths: [],
    posts: [],
    cancelled: false,
  };
  const none: StepScope = { outcomes: new Map(), inputs: {}, actionPath: undefined, failed: false };
  Object.assign(state.environment, evaluateStrings(order.workflowEnv, buildScope(state, none)));
  Object.assign(state.environment, evaluateStrings(order.steps.env, buildScope(state, none)));
  return state;
}

async function runAllSteps(state: JobState, steps: StepScope, recorder: StepRecorder): Promise<void> {
  const { order } = state;
  const minutes =
    order.steps.timeoutMinutes === undefined
      ? defaultTimeoutMinutes
      : Number(evaluateTemplate(order.steps.timeoutMinutes, buildScope(state, steps)));
  const timeout = AbortSignal.timeout(minutes * 60_000);
  const limit = AbortSignal.any([order.signal, timeout]);
  const noteCancel = (): void => {
    if (!limit.aborted || state.cancelled) return;
    state.cancelled = true;
    if (timeout.aborted) reportError(state, `The job has exceeded the maximum execution time of ${minutes}m`);
  };
  limit.addEventListener("abort", noteCancel, { once: true });
  const currentSignal = (): AbortSignal =>
    limit.aborted ? AbortSignal.any([AbortSignal.timeout(lastWordsMilliseconds), order.stopping]) : limit;

  for (const step of order.steps.steps) {
    noteCancel();
    recorder.start(describeStep(state, step, steps));
    const finished = await runStep(state, step, steps, currentSignal());
    recorder.complete(finished.conclusion, finished.summary);
  }
  for (const post of state.posts.reverse()) {
    noteCancel();
    if (!evaluateCondition(post.condition, buildScope(state, steps))) continue;
    recorder.start(post.name);
    const succeeded = await post.run(currentSignal());
    if (!succeeded) steps.failed = true;
    recorder.complete(succeeded ? "success" : "failure", "");
  }
  noteCancel();
}

/** Keeps the list of steps as it grows and tells whoever watches. */
class StepRecorder {
  readonly records: StepRecord[] = [];
  readonly #log: JobLog;
  readonly #now: () => Date;
  readonly #onProgress: (steps: readonly StepRecord[]) => void;

  constructor(log: JobLog, now: () => Date, onProgress: (steps: readonly StepRecord[]) => void) {
    this.#log = log;
    this.#now = now;
    this.#onProgress = onProgress;
  }

  start(name: string): void {
    this.#log.startStep();
    this.records.push({
      number: this.records.length + 1,
      name: this.#log.hide(name),
      status: "in_progress",
      conclusion: null,
      startedAt: this.#now().toISOString(),
      completedAt: null,
      log: this.#log.lines.at(-1)!,
      summary: "",
    });
    this.#onProgress(this.records);
  }

  complete(conclusion: Conclusion, summary: string): void {
    const last = this.records.pop()!;
    this.records.push({ ...last, status: "completed", conclusion, summary, completedAt: this.#now().toISOString() });
    this.#onProgress(this.records);
  }
}
