// A first config and workflows for a repository, from what was seen in it: pure, so that what `init` writes can be shown first.
import { defaultMetrics, metricDescriptions } from "../evaluation/catalog.ts";
import type { Task } from "../evaluation/comparison.ts";
import { configSchemaUrl } from "./json-schema.ts";
import { configFileName } from "./parse.ts";

/** What the repository holds, as far as it matters to a first config; null = nothing of the kind was found. */
export interface Survey {
  /** Name for the model: a legal one. */
  readonly name: string;
  readonly defaultBranch: string;
  readonly data: SurveyedData | null;
  /** A program that trains. */
  readonly trainScript: string | null;
  readonly requirements: string | null;
  /** A model file or folder that is there already. */
  readonly model: string | null;
}

export interface SurveyedData {
  readonly source: string;
  readonly columns: readonly string[];
  readonly label: string | null;
  readonly time: string | null;
  readonly id: string | null;
  readonly task: Task | null;
  /** First day of the newest fifth of the rows by time. */
  readonly evaluationFrom: string | null;
}

export interface StarterFile {
  readonly path: string;
  readonly text: string;
}

const publisher = "modelgate/modelgate";

export type StarterWorkflow = "pull-request" | "main" | "monitor";

/** What the jobs of the reusable workflows ask of the token: a caller that grants less makes them fail. */
export const workflowPermissions: Readonly<Record<StarterWorkflow, Readonly<Record<string, "read" | "write">>>> = {
  "pull-request": { actions: "read", checks: "read", contents: "read", "pull-requests": "write" },
  main: { actions: "read", contents: "write", issues: "write", "pull-requests": "read" },
  monitor: { actions: "read", contents: "write", issues: "write", "pull-requests": "write" },
};

/** The config and the three workflows that call the reusable ones. */
export function createStarter(survey: Survey): readonly StarterFile[] {
  return [{ path: configFileName, text: createStarterConfig(survey) }, ...createStarterWorkflows(survey.defaultBranch)];
}

/** Workflows by themselves, for a repository that has a config. */
export function createStarterWorkflows(defaultBranch: string): readonly StarterFile[] {
  const file = (name: StarterWorkflow, on: readonly string[]): StarterFile => ({
    path: `.github/workflows/modelgate-${name}.yml`,
    text: [
      `name: Modelgate ${name.replace("-", " ")}`,
      "on:",
      ...on.map((line) => `  ${line}`),
      "",
      "permissions: {}",
      "",
      "jobs:",
      "  modelgate:",
      `    uses: ${publisher}/.github/workflows/${name}.yml@v1`,
      "    permissions:",
      ...Object.entries(workflowPermissions[name]).map(([scope, level]) => `      ${scope}: ${level}`),
      "",
    ].join("\n"),
  });
  return [
    file("pull-request", ["pull_request:", "  types: [opened, synchronize, reopened]"]),
    file("main", ["push:", `  branches: [${JSON.stringify(defaultBranch)}]`]),
    file("monitor", ["schedule:", '  - cron: "17 6 * * *"', "workflow_dispatch:"]),
  ];
}

function createStarterConfig(survey: Survey): string {
  const { data, trainScript, requirements, model, name } = survey;
  const builtIn = trainScript === null && data?.task && data.label;
  const lines = [
    `# yaml-language-server: $schema=${configSchemaUrl}`,
    "version: 1",
    "models:",
    `  ${name}:`,
    `    model: ${quote(model ?? `out/${name}.onnx`)}`,
    data?.task
      ? `    task: ${data.task}`
      : "    # task: binary          # binary, multiclass, regression, ranking, forecast, score",
    data?.label ? `    label: ${quote(data.label)}` : "    # label: COLUMN         # what is predicted",
    ...(data?.id ? [`    id: ${quote(data.id)}`] : []),
    ...(data?.time ? [`    time: ${quote(data.time)}`] : []),
    ...renderData(data),
    ...(trainScript !== null || builtIn ? ["    train:"] : ["    # train:", "    #   command: [python, train.py]"]),
    ...(trainScript === null ? [] : [`      command: [${programFor(trainScript)}, ${quote(trainScript)}]`]),
    ...(trainScript !== null && requirements !== null
      ? [`      setup: [pip, install, -r, ${quote(requirements)}]`]
      : []),
    ...(builtIn ? ["      trainer: tfjs"] : []),
    "    inconclusive: warn      # block, once the gates have shown what your rows can tell",
    ...renderGates(data),
    "    stages:",
    "      - { name: staging }",
    "      - { name: production, promotes-from: staging, who: { permission: maintain } }",
    "",
  ];
  return lines.join("\n");
}

function renderData(data: SurveyedData | null): string[] {
  if (!data) return ["    # data: { source: data/rows.csv, evaluation: { share: 0.2 } }"];
  const split = data.evaluationFrom === null ? "{ share: 0.2 }" : `{ from: ${data.evaluationFrom} }`;
  return ["    data:", `      source: ${quote(data.source)}`, `      evaluation: ${split}`];
}

/** Margins that a few thousand rows can show; `gates plan` says what yours can. */
function renderGates(data: SurveyedData | null): string[] {
  const [first] = data?.task ? defaultMetrics[data.task] : [];
  const metric = metricDescriptions.find(({ id }) => id === first);
  if (!data?.label || !metric) return ["    # gates: [accuracy drop <= 2pp]"];
  const margin = metric.scale === "share" ? "2pp" : "5% of baseline";
  const rule = `${metric.id} ${metric.direction === "higher" ? "drop" : "rise"} <= ${margin}`;
  return ["    gates:", `      - ${rule}   # \`modelgate gates plan\` shows what your rows can tell`];
}

function programFor(script: string): string {
  return script.endsWith(".py") ? "python" : "node";
}

/** As a YAML scalar: plain where that is safe. */
function quote(text: string): string {
  const plain = /^[A-Za-z_][A-Za-z0-9_./-]*$/.test(text) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(text);
  return plain ? text : JSON.stringify(text);
}
