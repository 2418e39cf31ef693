// Reads an action's `action.yml`: inputs with their defaults, and what runs.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { NoOperationTraceWriter } from "@actions/workflow-parser";
import { parseAction } from "@actions/workflow-parser/actions/action-parser";
import { type ActionRuns, convertActionTemplate } from "@actions/workflow-parser/actions/action-template";
import { readSteps } from "../workflow/parse-workflow.ts";
import { isTemplateMapping, readMapping, type readTemplate, type TemplateMapping } from "../workflow/template.ts";
import type { WorkflowStep } from "../workflow/workflow.ts";

export interface ActionDefinition {
  readonly folder: string;
  readonly name: string;
  /** Default of each declared input; undefined when it has none. */
  readonly inputs: TemplateMapping;
  readonly outputs: TemplateMapping;
  readonly runs: JavaScriptRuns | { readonly kind: "composite"; readonly steps: readonly WorkflowStep[] };
}

export interface JavaScriptRuns {
  readonly kind: "javascript";
  readonly pre: string | undefined;
  readonly main: string;
  readonly post: string | undefined;
  readonly postCondition: string;
}

/** Reads the action in a folder. Throws an Error when there is none, it is invalid, or it runs in a container. */
export function readAction(folder: string): ActionDefinition {
  const file = ["action.yml", "action.yaml"].map((name) => join(folder, name)).find((path) => existsSync(path));
  if (file === undefined) throw new Error(`Can't find 'action.yml' or 'action.yaml' under '${folder}'`);
  const { context, value } = parseAction(
    { name: file, content: readFileSync(file, "utf8") },
    new NoOperationTraceWriter(),
  );
  const template = value === undefined ? undefined : convertActionTemplate(context, value);
  const problem = context.errors.getErrors()[0];
  if (problem !== undefined || value === undefined || template === undefined) {
    throw new Error(problem?.message ?? `${file} is empty`);
  }
  const entries = readMapping(value);
  const runs = entries.get("runs");
  return {
    folder,
    name: template.name,
    inputs: pick(entries.get("inputs"), "default"),
    outputs: pick(entries.get("outputs"), "value"),
    runs: readRuns(template.runs, isTemplateMapping(runs) ? runs.entries : new Map()),
  };
}

function readRuns(runs: ActionRuns, entries: TemplateMapping): ActionDefinition["runs"] {
  switch (runs.using) {
    case "docker":
      throw new Error("Container actions are not supported here");
    case "composite":
      return { kind: "composite", steps: readSteps(entries.get("steps"), runs.steps) };
    default:
      return {
        kind: "javascript",
        pre: runs.pre,
        main: runs.main,
        post: runs.post,
        postCondition: runs.postIf ?? "always()",
      };
  }
}

function pick(value: ReturnType<typeof readTemplate> | undefined, key: string): TemplateMapping {
  if (!isTemplateMapping(value)) return new Map();
  return new Map(
    [...value.entries].flatMap(([name, definition]) => {
      const found = isTemplateMapping(definition) ? definition.entries.get(key) : undefined;
      return found === undefined ? [[name, ""] as const] : [[name, found] as const];
    }),
  );
}
