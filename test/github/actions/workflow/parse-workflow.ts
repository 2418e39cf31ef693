// Parses a workflow file with GitHub's own grammar; what its converter leaves out is read from the token tree.
import { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } from "@actions/workflow-parser";
import type { WorkflowJob as ParsedJob, Step } from "@actions/workflow-parser/model/workflow-template";
import type { TemplateToken } from "@actions/workflow-parser/templates/tokens/template-token";
import { readPermissions } from "./permissions.ts";
import { isTemplateMapping, readMapping, type TemplateMapping, type TemplateValue } from "./template.ts";
import type { EventFilter, RunDefaults, Workflow, WorkflowInput, WorkflowJob, WorkflowStep } from "./workflow.ts";

/** A workflow, or why there is none: one line per problem, as GitHub shows them on the failed run. */
export type ParsedWorkflow =
  | { readonly workflow: Workflow; readonly problems: readonly [] }
  | { readonly workflow: undefined; readonly problems: readonly string[] };

const empty: TemplateMapping = new Map();

/** Parses the text of `.github/workflows/*.yml`. Never throws: whatever is wrong comes back as `problems`. */
export async function readWorkflow(path: string, content: string): Promise<ParsedWorkflow> {
  try {
    const { context, value } = parseWorkflow({ name: path, content }, new NoOperationTraceWriter());
    const template = value === undefined ? undefined : await convertWorkflowTemplate(context, value);
    const problems = context.errors.getErrors().map((error) => error.message);
    if (problems.length > 0 || value === undefined || template === undefined) {
      return { workflow: undefined, problems: problems.length > 0 ? problems : [`${path}: the file is empty`] };
    }
    return { workflow: assemble(path, value, template.jobs ?? [], template.events as Events), problems: [] };
  } catch (error) {
    return { workflow: undefined, problems: [`${path}: ${(error as Error).message}`] };
  }
}

type Events = Readonly<Record<string, unknown>>;

function assemble(path: string, root: TemplateToken, parsed: readonly ParsedJob[], events: Events): Workflow {
  const entries = readMapping(root);
  const triggers = entriesOf(entries.get("on"));
  const call = entriesOf(triggers.get("workflow_call"));
  const jobTokens = new Map(parsed.map((job) => [job.id.value, job]));
  const jobs = [...entriesOf(entries.get("jobs"))].map(([id, value]): [string, WorkflowJob] => [
    id,
    readJob(entriesOf(value), jobTokens.get(id)!),
  ]);
  return {
    path,
    name: typeof entries.get("name") === "string" ? (entries.get("name") as string) : path,
    events: new Map(Object.entries(events).map(([event, filter]) => [event, toFilter(filter)])),
    schedules: Array.isArray(events["schedule"]) ? events["schedule"].map((entry) => String(entry.cron)) : [],
    call: {
      inputs: readInputs(call.get("inputs")),
      secrets: [...entriesOf(call.get("secrets")).keys()],
      outputs: new Map(
        [...entriesOf(call.get("outputs"))].map(([name, output]) => [name, entriesOf(output).get("value") ?? null]),
      ),
    },
    dispatchInputs: readInputs(entriesOf(triggers.get("workflow_dispatch")).get("inputs")),
    permissions: readPermissions(entries.get("permissions")),
    env: entriesOf(entries.get("env")),
    concurrency: entries.get("concurrency"),
    runShell: readRunDefaults(entries.get("defaults")),
    jobs: new Map(jobs),
  };
}

function readJob(entries: TemplateMapping, parsed: ParsedJob): WorkflowJob {
  const unsupported = ["container", "services"].find((key) => entries.has(key));
  if (unsupported !== undefined) {
    throw new Error(`the job '${parsed.id.value}' asks for '${unsupported}', which the local runner does not have`);
  }
  return {
    id: parsed.id.value,
    name: entries.get("name"),
    needs: (parsed.needs ?? []).map((need) => need.value),
    condition: parsed.if.expression,
    permissions: readPermissions(entries.get("permissions")),
    strategy: entries.get("strategy"),
    concurrency: entries.get("concurrency"),
    continueOnError: entries.get("continue-on-error") ?? false,
    work:
      parsed.type === "reusableWorkflowJob"
        ? {
            kind: "call",
            uses: parsed.ref.value,
            inputs: entriesOf(entries.get("with")),
            secrets: entries.get("secrets") === "inherit" ? "inherit" : entriesOf(entries.get("secrets")),
          }
        : {
            kind: "steps",
            labels: entries.get("runs-on") ?? "ubuntu-latest",
            env: entriesOf(entries.get("env")),
            outputs: entriesOf(entries.get("outputs")),
            timeoutMinutes: entries.get("timeout-minutes"),
            runShell: readRunDefaults(entries.get("defaults")),
            steps: readSteps(entries.get("steps"), parsed.steps),
          },
  };
}

/** Joins each step's template data with what GitHub's converter made of its id and condition. */
export function readSteps(value: TemplateValue | undefined, parsed: readonly Step[]): readonly WorkflowStep[] {
  const list = Array.isArray(value) ? (value as readonly TemplateValue[]) : [];
  return list.map((item, index) => readStep(entriesOf(item), parsed[index]!));
}

function readStep(entries: TemplateMapping, parsed: Step): WorkflowStep {
  const uses = entries.get("uses");
  if (uses === undefined && !entries.has("run")) {
    throw new Error(`the step "${parsed.name?.toString() ?? parsed.id}" is neither "run" nor "uses"`);
  }
  const id = entries.get("id");
  return {
    id: typeof id === "string" ? id : "",
    name: entries.get("name"),
    condition: parsed.if?.expression ?? "success()",
    continueOnError: entries.get("continue-on-error") ?? false,
    timeoutMinutes: entries.get("timeout-minutes"),
    env: entriesOf(entries.get("env")),
    work:
      uses === undefined
        ? {
            kind: "run",
            script: entries.get("run") ?? "",
            shell: entries.get("shell"),
            workingDirectory: entries.get("working-directory"),
          }
        : { kind: "action", uses: String(uses), inputs: entriesOf(entries.get("with")) },
  };
}

function readRunDefaults(value: TemplateValue | undefined): RunDefaults {
  return Object.fromEntries(entriesOf(entriesOf(value).get("run")));
}

function readInputs(value: TemplateValue | undefined): ReadonlyMap<string, WorkflowInput> {
  return new Map(
    [...entriesOf(value)].map(([name, definition]): [string, WorkflowInput] => {
      const entries = entriesOf(definition);
      return [
        name,
        {
          type: (entries.get("type") as WorkflowInput["type"] | undefined) ?? "string",
          required: entries.get("required") === true,
          default: entries.get("default"),
        },
      ];
    }),
  );
}

function toFilter(filter: unknown): EventFilter {
  return typeof filter === "object" && filter !== null && !Array.isArray(filter) ? (filter as EventFilter) : {};
}

function entriesOf(value: TemplateValue | undefined): TemplateMapping {
  return isTemplateMapping(value) ? value.entries : empty;
}
