// Runs a step that uses an action: one the runner provides, or a JavaScript or composite action of a repository.
import { join } from "node:path";
import { evaluateStrings } from "../workflow/template.ts";
import type { ActionStep, WorkflowStep } from "../workflow/workflow.ts";
import { type ActionDefinition, type JavaScriptRuns, readAction } from "./action-definition.ts";
import { type ActionReference, fetchAction, locateLocalAction, parseActionReference } from "./action-source.ts";
import { actionVariables } from "./environment.ts";
import { buildScope, type FinishedStep, type JobState, type StepEffects, type StepScope } from "./job-state.ts";
import { type ProgramEffects, runStepProgram } from "./program-step.ts";
import { findProvidedAction } from "./provided/catalog.ts";

/** The step that uses an action: its job, its place, its variables, and how steps inside a composite action are run. */
export interface ActionCall {
  readonly state: JobState;
  readonly steps: StepScope;
  readonly stepEnvironment: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly runNested: (
    state: JobState,
    step: WorkflowStep,
    steps: StepScope,
    signal: AbortSignal,
  ) => Promise<FinishedStep>;
}

type Inputs = Readonly<Record<string, string>>;

/** Runs the action to its end; its post step, if it has one, is put on the job's pile. */
export async function runAction(call: ActionCall, work: ActionStep): Promise<StepEffects> {
  const { state, steps, stepEnvironment, signal } = call;
  const given = evaluateStrings(work.inputs, buildScope(state, steps, stepEnvironment));
  state.log.write(`##[group]Run ${work.uses}`);
  for (const [name, value] of Object.entries(given)) state.log.write(`  ${name}: ${value}`);
  state.log.write("##[endgroup]");
  if (work.uses.startsWith("docker://")) throw new Error("Container actions are not supported here");
  if (work.uses.startsWith("./")) {
    return runDefinedAction(call, readAction(locateLocalAction(work.uses, state.folders.workspace)), undefined, given);
  }
  const reference = parseActionReference(work.uses);
  const provided = findProvidedAction(reference.repository);
  if (provided !== undefined && state.settings.findRepository(reference.repository) === undefined) {
    return provided({ state, inputs: given, signal });
  }
  return runDefinedAction(call, readAction(await fetchAction(reference, state.settings)), reference, given);
}

async function runDefinedAction(
  call: ActionCall,
  action: ActionDefinition,
  reference: ActionReference | undefined,
  given: Inputs,
): Promise<StepEffects> {
  const { state, steps, stepEnvironment } = call;
  const defaults = evaluateStrings(action.inputs, buildScope(state, steps, stepEnvironment));
  const inputs = { ...defaults, ...given };
  for (const name of Object.keys(given).filter((name) => !action.inputs.has(name))) {
    state.log.write(`##[warning]Unexpected input '${name}', valid inputs are ${[...action.inputs.keys()].join(", ")}`);
  }
  const { runs } = action;
  if (runs.kind === "composite") return runComposite(call, action, runs.steps, inputs);
  const environment = {
    ...stepEnvironment,
    ...actionVariables(state.order, state.settings),
    ...Object.fromEntries(Object.entries(inputs).map(([name, value]) => [toInputVariable(name), value])),
    GITHUB_ACTION_PATH: action.folder,
    GITHUB_ACTION_REPOSITORY: reference?.repository ?? "",
    GITHUB_ACTION_REF: reference?.ref ?? "",
  };
  return runJavaScript(call, action, runs, environment);
}

async function runJavaScript(
  { state, signal }: ActionCall,
  action: ActionDefinition,
  runs: JavaScriptRuns,
  environment: Inputs,
): Promise<StepEffects> {
  let saved: Inputs = {};
  const start = (file: string, until: AbortSignal): Promise<ProgramEffects> => {
    const states = Object.entries(saved).map(([name, value]) => [`STATE_${name}`, value]);
    const program = {
      command: state.settings.nodePath,
      args: [join(action.folder, file)],
      folder: state.folders.workspace,
      environment: { ...environment, ...Object.fromEntries(states) },
      tellsItsFailure: true,
    };
    return runStepProgram(state, program, until);
  };
  const { pre, post } = runs;
  if (pre !== undefined) {
    const effects = await start(pre, signal);
    saved = effects.savedState;
    if (!effects.succeeded) return effects;
  }
  if (post !== undefined) {
    const run = async (until: AbortSignal): Promise<boolean> => (await start(post, until)).succeeded;
    state.posts.push({ name: `Post ${action.name}`, condition: runs.postCondition, run });
  }
  const effects = await start(runs.main, signal);
  saved = { ...saved, ...effects.savedState };
  return effects;
}

/** A composite action's steps run inside the step, with its inputs and their own ids; its outputs come from them. */
async function runComposite(
  { state, stepEnvironment, signal, runNested }: ActionCall,
  action: ActionDefinition,
  nested: readonly WorkflowStep[],
  inputs: Inputs,
): Promise<StepEffects> {
  const scope: StepScope = { outcomes: new Map(), inputs, actionPath: action.folder, failed: false };
  const before = { ...state.environment };
  Object.assign(state.environment, stepEnvironment);
  const summaries: string[] = [];
  for (const step of nested) summaries.push((await runNested(state, step, scope, signal)).summary);
  for (const name of Object.keys(stepEnvironment)) {
    if (before[name] === undefined) delete state.environment[name];
    else state.environment[name] = before[name];
  }
  const outputs = evaluateStrings(action.outputs, buildScope(state, scope));
  return { succeeded: !scope.failed, outputs, summary: summaries.join("") };
}

/** `INPUT_` and the name in capitals with spaces as underscores, as @actions/core reads it. */
export function toInputVariable(name: string): string {
  return `INPUT_${name.replaceAll(" ", "_").toUpperCase()}`;
}
