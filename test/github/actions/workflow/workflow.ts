// The shape of a parsed workflow: what the scheduler reads, with everything still unevaluated that depends on a run.
import type { Permissions } from "./permissions.ts";
import type { TemplateMapping, TemplateValue } from "./template.ts";

export interface Workflow {
  readonly path: string;
  readonly name: string;
  readonly events: ReadonlyMap<string, EventFilter>;
  readonly schedules: readonly string[];
  readonly call: WorkflowCall;
  readonly dispatchInputs: ReadonlyMap<string, WorkflowInput>;
  readonly permissions: Permissions | undefined;
  readonly env: TemplateMapping;
  readonly concurrency: TemplateValue | undefined;
  readonly runShell: RunDefaults;
  readonly jobs: ReadonlyMap<string, WorkflowJob>;
}

/** The lists under one event of `on`; an absent list filters nothing. */
export interface EventFilter {
  readonly types?: readonly string[];
  readonly workflows?: readonly string[];
  readonly branches?: readonly string[];
  readonly "branches-ignore"?: readonly string[];
  readonly tags?: readonly string[];
  readonly "tags-ignore"?: readonly string[];
  readonly paths?: readonly string[];
  readonly "paths-ignore"?: readonly string[];
}

/** What `on: workflow_call` declares. */
export interface WorkflowCall {
  readonly inputs: ReadonlyMap<string, WorkflowInput>;
  readonly secrets: readonly string[];
  readonly outputs: TemplateMapping;
}

export interface WorkflowInput {
  readonly type: "string" | "boolean" | "number" | "choice" | "environment";
  readonly required: boolean;
  readonly default: TemplateValue | undefined;
}

/** `defaults.run` of a workflow or job. */
export interface RunDefaults {
  readonly shell?: TemplateValue;
  readonly "working-directory"?: TemplateValue;
}

export interface WorkflowJob {
  readonly id: string;
  readonly name: TemplateValue | undefined;
  readonly needs: readonly string[];
  /** Source of the condition; always contains a status function. */
  readonly condition: string;
  readonly permissions: Permissions | undefined;
  readonly strategy: TemplateValue | undefined;
  readonly concurrency: TemplateValue | undefined;
  readonly continueOnError: TemplateValue;
  readonly work: JobSteps | JobCall;
}

/** A job that runs steps on the runner. */
export interface JobSteps {
  readonly kind: "steps";
  readonly labels: TemplateValue;
  readonly env: TemplateMapping;
  readonly outputs: TemplateMapping;
  readonly timeoutMinutes: TemplateValue | undefined;
  readonly runShell: RunDefaults;
  readonly steps: readonly WorkflowStep[];
}

/** A job that calls a reusable workflow. */
export interface JobCall {
  readonly kind: "call";
  readonly uses: string;
  readonly inputs: TemplateMapping;
  readonly secrets: TemplateMapping | "inherit";
}

export interface WorkflowStep {
  /** The step's own id, or "" when it has none. */
  readonly id: string;
  readonly name: TemplateValue | undefined;
  readonly condition: string;
  readonly continueOnError: TemplateValue;
  readonly timeoutMinutes: TemplateValue | undefined;
  readonly env: TemplateMapping;
  readonly work: RunStep | ActionStep;
}

export interface RunStep {
  readonly kind: "run";
  readonly script: TemplateValue;
  readonly shell: TemplateValue | undefined;
  readonly workingDirectory: TemplateValue | undefined;
}

export interface ActionStep {
  readonly kind: "action";
  readonly uses: string;
  readonly inputs: TemplateMapping;
}
