// Runs one step: decides its condition, prepares its variables, and hands its work to the program, action or built-in.

import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { evaluateCondition } from "../workflow/expressions.ts";
import { evaluateStrings, evaluateTemplate, renderScalar } from "../workflow/template.ts";
import type { RunStep, WorkflowStep } from "../workflow/workflow.ts";
import { buildScope, type FinishedStep, type JobState, type StepEffects, type StepScope } from "./job-state.ts";
import { reportError, runStepProgram } from "./program-step.ts";
import { runAction } from "./run-action.ts";

const skipped: FinishedStep = { outcome: "skipped", conclusion: "skipped", outputs: {}, summary: "" };

/** Runs a step and records its outcome in `steps`; never throws: whatever goes wrong fails the step with a message. */
export async function runStep(
  state: JobState,
  step: WorkflowStep,
  steps: StepScope,
  signal: AbortSignal,
): Promise<FinishedStep> {
  const finished = await attemptStep(state, step, steps, signal);
  if (step.id !== "") steps.outcomes.set(step.id, finished);
  if (finished.conclusion === "failure") steps.failed = true;
  return finished;
}

async function attemptStep(
  state: JobState,
  step: WorkflowStep,
  steps: StepScope,
  signal: AbortSignal,
): Promise<FinishedStep> {
  let isTolerated = false;
  try {
    const stepEnvironment = evaluateStrings(step.env, buildScope(state, steps));
    const scope = buildScope(state, steps, stepEnvironment);
    if (!evaluateCondition(step.condition, scope)) return skipped;
    isTolerated = evaluateTemplate(step.continueOnError, scope) === true;
    const minutes =
      step.timeoutMinutes === undefined ? undefined : Number(evaluateTemplate(step.timeoutMinutes, scope));
    const limited = minutes === undefined ? signal : AbortSignal.any([signal, AbortSignal.timeout(minutes * 60_000)]);
    const effects =
      step.work.kind === "run"
        ? await runScript(state, step.work, steps, stepEnvironment, limited)
        : await runAction({ state, steps, stepEnvironment, signal: limited, runNested: runStep }, step.work);
    return conclude(effects, isTolerated, state.cancelled);
  } catch (error) {
    reportError(state, (error as Error).message);
    return conclude({ succeeded: false, outputs: {}, summary: "" }, isTolerated, state.cancelled);
  }
}

function conclude(effects: StepEffects, isTolerated: boolean, isCancelled: boolean): FinishedStep {
  const outcome = effects.succeeded ? "success" : isCancelled ? "cancelled" : "failure";
  const conclusion = outcome === "failure" && isTolerated ? "success" : outcome;
  return { outcome, conclusion, outputs: effects.outputs, summary: effects.summary };
}

/** The name a person reads; without `name:`, what the step runs. */
export function describeStep(state: JobState, step: WorkflowStep, steps: StepScope): string {
  try {
    if (step.name !== undefined) return renderScalar(evaluateTemplate(step.name, buildScope(state, steps)));
    if (step.work.kind === "action") return `Run ${step.work.uses}`;
    const script = renderScalar(evaluateTemplate(step.work.script, buildScope(state, steps)));
    return `Run ${script.split("\n")[0]}`;
  } catch {
    return step.id === "" ? "Run" : step.id;
  }
}

const shells: Readonly<Record<string, readonly string[]>> = {
  bash: ["bash", "--noprofile", "--norc", "-eo", "pipefail", "{0}"],
  sh: ["sh", "-e", "{0}"],
  python: ["python3", "{0}"],
  node: ["node", "{0}"],
};

async function runScript(
  state: JobState,
  work: RunStep,
  steps: StepScope,
  stepEnvironment: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<StepEffects> {
  const scope = buildScope(state, steps, stepEnvironment);
  const { workflowRunShell, steps: job } = state.order;
  const shell = work.shell ?? job.runShell.shell ?? workflowRunShell.shell;
  const folder =
    work.workingDirectory ?? job.runShell["working-directory"] ?? workflowRunShell["working-directory"] ?? ".";
  const script = renderScalar(evaluateTemplate(work.script, scope));
  const file = join(state.folders.temp, `${randomUUID()}.sh`);
  writeFileSync(file, script);
  for (const line of script.trimEnd().split("\n")) state.log.write(`$ ${line}`);
  const [command, ...args] = chooseShell(
    shell === undefined ? undefined : renderScalar(evaluateTemplate(shell, scope)),
    file,
  );
  return runStepProgram(
    state,
    {
      command: command!,
      args,
      folder: resolve(state.folders.workspace, renderScalar(evaluateTemplate(folder, scope))),
      environment: {
        ...stepEnvironment,
        ...(steps.actionPath === undefined ? {} : { GITHUB_ACTION_PATH: steps.actionPath }),
      },
    },
    signal,
  );
}

/** Without `shell:`, `bash -e`; a name has GitHub's arguments; anything else is a template with `{0}` for the file. */
function chooseShell(shell: string | undefined, file: string): readonly string[] {
  const template = shell === undefined ? ["bash", "-e", "{0}"] : (shells[shell] ?? shell.split(/\s+/));
  if (!template.includes("{0}"))
    throw new Error(`The shell '${shell}' is not known here and names no {0} for the script`);
  return template.map((part) => (part === "{0}" ? file : part));
}
