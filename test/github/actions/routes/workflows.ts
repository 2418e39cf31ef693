// Workflows: list, get, dispatch.
import { z } from "zod";
import { readRef } from "../../git/refs.ts";
import { idParam, input, param, type RepositoryCall } from "../../http/call.ts";
import { paginate } from "../../http/pagination.ts";
import { empty, HttpError, json, notFound, type Reply, unprocessable } from "../../http/reply.ts";
import { viewOf } from "../../render/view.ts";
import type { Repository } from "../../state/repository.ts";
import { renderWorkflow } from "../render.ts";
import type { ActionsService } from "../service.ts";
import { ensureWorkflow, startRun } from "../start-runs.ts";
import type { WorkflowRow } from "../state.ts";
import { defaultHead, discoverWorkflows, readWorkflowAt } from "../workflow-files.ts";

const dispatch = z.object({ ref: z.string().min(1), inputs: z.record(z.string(), z.unknown()).optional() });

export function addWorkflowRoutes(service: ActionsService): void {
  const { router } = service.platform;
  const read = { permissions: ["actions:read"] } as const;
  router.repositoryRoute("GET /repos/{owner}/{repo}/actions/workflows", read, async (call) => {
    await syncWorkflows(service, call.repository);
    const rows = service.tables.workflows.group(call.repository.id);
    return paginate(
      call,
      rows,
      (row) => renderWorkflow(viewOf(call), call.repository, row),
      (workflows, total_count) => ({ total_count, workflows }),
    );
  });
  router.repositoryRoute("GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}", read, async (call) =>
    json(200, renderWorkflow(viewOf(call), call.repository, await findWorkflow(service, call))),
  );
  router.repositoryRoute(
    "POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches",
    { permissions: ["actions:write"] },
    (call) => dispatchWorkflow(service, call),
  );
}

/** By id or by file name. */
export async function findWorkflow(service: ActionsService, call: RepositoryCall): Promise<WorkflowRow> {
  await syncWorkflows(service, call.repository);
  const name = param(call, "workflow_id");
  const rows = service.tables.workflows.group(call.repository.id);
  const found = /^\d+$/.test(name)
    ? rows.find((row) => row.id === idParam(call, "workflow_id"))
    : rows.find((row) => row.path === `.github/workflows/${name}`);
  if (found === undefined) throw notFound();
  return found;
}

/** Brings the rows in line with the files on the default branch; files that ran elsewhere keep theirs. */
async function syncWorkflows(service: ActionsService, repository: Repository): Promise<void> {
  const sha = defaultHead(service.platform, repository);
  if (sha === undefined) return;
  for (const file of await discoverWorkflows(service.platform, repository, sha)) {
    ensureWorkflow(service, repository, file.path, file.parsed.workflow?.name ?? file.path);
  }
}

async function dispatchWorkflow(service: ActionsService, call: RepositoryCall): Promise<Reply> {
  const { repository } = call;
  const { ref, inputs = {} } = input(call, "WorkflowDispatch", dispatch);
  const row = await findWorkflow(service, call);
  const [name, sha] = resolveRef(service, repository, ref);
  const parsed = await readWorkflowAt(service.platform, repository, sha, row.path);
  const workflow = parsed?.workflow;
  if (parsed === undefined || workflow?.events.has("workflow_dispatch") !== true) {
    throw unprocessable("Workflow does not have 'workflow_dispatch' trigger");
  }
  const unknown = Object.keys(inputs).filter((key) => !workflow.dispatchInputs.has(key));
  if (unknown.length > 0) throw unprocessable(`Unexpected inputs provided: ${JSON.stringify(unknown)}`);
  const missing = [...workflow.dispatchInputs].find(
    ([key, wanted]) => wanted.required && wanted.default === undefined && inputs[key] === undefined,
  );
  if (missing !== undefined) throw unprocessable(`Required input '${missing[0]}' not provided`);
  const details = { inputs: inputs as never, ref: name, workflow: row.path };
  const { payload } = service.platform.emitEvent(repository, "workflow_dispatch", null, details, call.actor);
  startRun(
    service,
    {
      repository,
      event: "workflow_dispatch",
      payload,
      actor: call.actor,
      target: {
        facts: { event: "workflow_dispatch" },
        ...{ workflowSha: sha, ref: name, sha, headSha: sha, headBranch: name.replace(/^refs\/(heads|tags)\//, "") },
        headRepositoryId: repository.id,
        pullNumber: null,
        isRestricted: false,
      },
    },
    { path: row.path, parsed },
  );
  return empty(204);
}

function resolveRef(service: ActionsService, repository: Repository, ref: string): readonly [string, string] {
  const git = service.platform.git.folder(repository.id);
  for (const name of [ref, `refs/heads/${ref}`, `refs/tags/${ref}`].filter((text) => text.startsWith("refs/"))) {
    const sha = readRef(git, name);
    if (sha !== undefined) return [name, sha];
  }
  throw new HttpError(422, `No ref found for: ${ref}`);
}
