// A job that calls a reusable workflow: its inputs, secrets and rights go down, its outputs come up.
import type { JsonValue, Scope } from "../workflow/expressions.ts";
import type { Permissions } from "../workflow/permissions.ts";
import { evaluateMapping, evaluateStrings, evaluateTemplate } from "../workflow/template.ts";
import type { JobCall, Workflow, WorkflowInput, WorkflowJob } from "../workflow/workflow.ts";
import type { Frame, JobOutcome, JobPort } from "./frame.ts";

const deepestCall = 4;

export interface WorkflowCallOrder {
  readonly frame: Frame;
  readonly port: JobPort;
  readonly job: WorkflowJob;
  readonly work: JobCall;
  readonly name: string;
  readonly permissions: Permissions;
  readonly scope: Scope;
  /** How the called workflow's jobs are run: as the caller's were. */
  readonly runJobs: (frame: Frame, port: JobPort) => Promise<ReadonlyMap<string, JobOutcome>>;
}

/** Runs the called workflow's jobs. Throws when it cannot be called: not found, not callable, inputs that do not fit. */
export async function callWorkflow(order: WorkflowCallOrder): Promise<JobOutcome> {
  const { frame, port, work, scope } = order;
  if (frame.depth >= deepestCall) throw new Error(`Reusable workflows are nested deeper than ${deepestCall}`);
  const { workflow, source } = await port.loadWorkflow(work.uses, frame.source);
  if (!workflow.events.has("workflow_call")) {
    throw new Error(`Error calling workflow '${work.uses}': it has no 'workflow_call' trigger`);
  }
  const secretScope = { contexts: { ...scope.contexts, secrets: frame.secrets } };
  const called: Frame = {
    workflow,
    source,
    namePrefix: `${order.name} / `,
    inputs: readCallInputs(workflow, work, scope),
    secrets: work.secrets === "inherit" ? frame.secrets : evaluateStrings(work.secrets, secretScope),
    ceiling: order.permissions,
    inherited: order.permissions,
    depth: frame.depth + 1,
    signal: frame.signal,
  };
  const outcomes = await order.runJobs(called, port);
  const results = [...outcomes.values()].map((outcome) => outcome.result);
  const result = (["failure", "cancelled", "success"] as const).find((word) => results.includes(word)) ?? "skipped";
  return { result, outputs: collectOutputs(called, outcomes, port.contexts) };
}

function readCallInputs(workflow: Workflow, work: JobCall, scope: Scope): Readonly<Record<string, JsonValue>> {
  const given = evaluateMapping(work.inputs, scope);
  const declared = workflow.call.inputs;
  const unknown = [...given.keys()].find((name) => !declared.has(name));
  if (unknown !== undefined) throw new Error(`Invalid input, ${unknown} is not defined in the referenced workflow.`);
  return resolveInputs(declared, Object.fromEntries(given), scope);
}

/** Declared inputs with their values or defaults, in their type. Throws when a required one is missing. */
export function resolveInputs(
  declared: ReadonlyMap<string, WorkflowInput>,
  given: Readonly<Record<string, JsonValue>>,
  scope: Scope,
): Readonly<Record<string, JsonValue>> {
  return Object.fromEntries(
    [...declared].map(([name, input]) => {
      const value = given[name];
      if (value === undefined && input.required && input.default === undefined) {
        throw new Error(`Input ${name} is required, but not provided while calling.`);
      }
      return [name, convertInput(input, value ?? evaluateTemplate(input.default ?? null, scope))];
    }),
  );
}

function convertInput(input: WorkflowInput, value: JsonValue): JsonValue {
  if (input.type === "boolean") return value === true || value === "true";
  if (input.type === "number") return Number(value ?? 0);
  return value === null ? "" : String(value);
}

/** The outputs that a workflow declares under `workflow_call`, from the outcomes of its jobs. */
function collectOutputs(frame: Frame, outcomes: ReadonlyMap<string, JobOutcome>, contexts: Scope["contexts"]) {
  const jobs = Object.fromEntries([...outcomes].map(([key, outcome]) => [key, { ...outcome }]));
  return evaluateStrings(frame.workflow.call.outputs, { contexts: { ...contexts, inputs: frame.inputs, jobs } });
}
