// The doctor's checks of the workflows: there, calling a release, granting the permissions that the jobs need.
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import type { Config } from "../config/settings.ts";
import { createStarterWorkflows, type StarterWorkflow, workflowPermissions } from "../config/starter.ts";
import { listWorkflowCalls, type WorkflowCall } from "../evidence/released-workflow.ts";
import type { DoctorCheck } from "./doctor-check.ts";

const publisher = "modelgate/modelgate";

interface LocatedCall extends WorkflowCall {
  /** File name of the workflow. */
  readonly name: string;
  readonly text: string;
}

/** One check or more per reusable workflow; the monitor's is only asked for when a model is watched. */
export async function checkWorkflows(
  config: Config,
  root: string,
  defaultBranch: string,
): Promise<readonly DoctorCheck[]> {
  const calls = await findCalls(root);
  const watched = [...config.models.values()].some(({ monitor }) => monitor !== null);
  return (["pull-request", "main", "monitor"] as const).flatMap((workflow): readonly DoctorCheck[] => {
    const call = calls.find((candidate) => candidate.workflow === workflow);
    if (call) return checkCall(call, workflow);
    return workflow === "monitor" && !watched ? [] : [describeMissing(workflow, root, defaultBranch)];
  });
}

async function findCalls(root: string): Promise<readonly LocatedCall[]> {
  const folder = join(root, ".github", "workflows");
  const names = (await readdir(folder).catch(() => [])).filter((name) => /\.ya?ml$/.test(name)).sort();
  const texts = await Promise.all(
    names.map(async (name) => ({ name, text: await readFile(join(folder, name), "utf8") })),
  );
  return texts.flatMap(({ name, text }) => listWorkflowCalls(text, publisher).map((call) => ({ ...call, name, text })));
}

function describeMissing(workflow: StarterWorkflow, root: string, defaultBranch: string): DoctorCheck {
  const message = `no workflow calls ${publisher}'s ${workflow} workflow`;
  const starter = createStarterWorkflows(defaultBranch).find(({ path }) => path.endsWith(`modelgate-${workflow}.yml`));
  const check = { id: `workflow-${workflow}`, outcome: "problem" as const, message };
  if (!starter || existsSync(join(root, starter.path))) return check;
  return { ...check, repair: { ...starter, what: `add ${starter.path}` } };
}

function checkCall(call: LocatedCall, workflow: StarterWorkflow): readonly DoctorCheck[] {
  const id = `workflow-${workflow}`;
  const found = `${call.name} calls the ${workflow} workflow at ${call.ref}`;
  const loose: readonly DoctorCheck[] = call.released
    ? []
    : [
        {
          id,
          outcome: "advice",
          message: found,
          hint: `use @v1 or a full commit: evidence from ${call.ref} is only self-reported`,
        },
      ];
  const granted = readPermissions(call.text, call.job);
  if (granted === null) {
    const hint = `say which: permissions: ${renderPermissions(workflowPermissions[workflow])}`;
    return [
      ...loose,
      { id, outcome: "advice", message: `${call.name} leaves the job's permissions to the repository's default`, hint },
    ];
  }
  const lacking = Object.entries(workflowPermissions[workflow]).filter(
    ([scope, level]) => !grants(granted, scope, level),
  );
  if (lacking.length > 0) {
    const hint = `add to the job \`${call.job}\`: permissions: ${renderPermissions(Object.fromEntries(lacking))}`;
    return [
      ...loose,
      { id, outcome: "problem", message: `${call.name} grants less than the ${workflow} workflow needs`, hint },
    ];
  }
  return loose.length > 0 ? loose : [{ id, outcome: "ok", message: found }];
}

type Permissions = Readonly<Record<string, unknown>> | string;

/** The job's permissions, else the workflow's; null when neither says any. */
function readPermissions(text: string, job: string): Permissions | null {
  const document = parse(text, { maxAliasCount: 50, logLevel: "silent" }) as {
    readonly permissions?: Permissions | null;
    readonly jobs?: Readonly<Record<string, { readonly permissions?: Permissions | null }>>;
  };
  return document.jobs?.[job]?.permissions ?? document.permissions ?? null;
}

function grants(granted: Permissions, scope: string, level: "read" | "write"): boolean {
  const has = typeof granted === "string" ? granted.replace(/-all$/, "") : granted[scope];
  return has === "write" || has === level;
}

function renderPermissions(permissions: Readonly<Record<string, string>>): string {
  return `{ ${Object.entries(permissions)
    .map(([scope, level]) => `${scope}: ${level}`)
    .join(", ")} }`;
}
