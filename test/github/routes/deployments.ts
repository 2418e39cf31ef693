// Deployments, their statuses, and environments.
import { z } from "zod";
import { authorOf } from "../auth/actor.ts";
import { resolveCommit } from "../git/resolve.ts";
import { idParam, input, param, type RepositoryCall } from "../http/call.ts";
import { paginate } from "../http/pagination.ts";
import { conflict, empty, json, notFound, type Reply } from "../http/reply.ts";
import type { JsonObject } from "../json.ts";
import { renderDeployment, renderDeploymentStatus } from "../render/check.ts";
import { repositoryPage, repositoryUrl } from "../render/repository.ts";
import { defaultView, nodeId, viewOf } from "../render/view.ts";
import type { Deployment, Environment } from "../state/check.ts";
import type { RouteTools } from "./catalog.ts";

const creation = z.object({
  ref: z.string(),
  task: z.string().optional(),
  payload: z.union([z.record(z.string(), z.unknown()), z.string()]).optional(),
  environment: z.string().optional(),
  description: z.string().nullish(),
  transient_environment: z.boolean().optional(),
  production_environment: z.boolean().optional(),
});
const statusWish = z.object({
  state: z.enum(["error", "failure", "inactive", "in_progress", "queued", "pending", "success"]),
  description: z.string().optional(),
  environment: z.string().optional(),
  environment_url: z.string().optional(),
  log_url: z.string().optional(),
  target_url: z.string().optional(),
});

export function addDeploymentRoutes({ platform }: RouteTools): void {
  const { router } = platform;
  const read = { permissions: ["deployments:read"] } as const;
  const write = { permissions: ["deployments:write"] } as const;
  router.repositoryRoute("GET /repos/{owner}/{repo}/deployments", read, list);
  router.repositoryRoute("POST /repos/{owner}/{repo}/deployments", write, create);
  router.repositoryRoute("GET /repos/{owner}/{repo}/deployments/{deployment_id}", read, (call) =>
    json(200, renderDeployment(viewOf(call), call.repository, deploymentOf(call))),
  );
  router.repositoryRoute("GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses", read, (call) =>
    paginate(call, call.platform.store.deploymentStatuses.group(deploymentOf(call).id).reverse(), (row) =>
      renderDeploymentStatus(viewOf(call), call.repository, row),
    ),
  );
  router.repositoryRoute("POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses", write, createStatus);
  const readActions = { permissions: ["actions:read"] } as const;
  router.repositoryRoute("GET /repos/{owner}/{repo}/environments", readActions, (call) =>
    paginate(
      call,
      call.platform.store.environments.group(call.repository.id),
      (row) => renderEnvironment(call, row),
      (environments, total_count) => ({ total_count, environments }),
    ),
  );
  router.repositoryRoute("GET /repos/{owner}/{repo}/environments/{environment_name}", readActions, (call) => {
    const name = param(call, "environment_name");
    const row = call.platform.store.environments.group(call.repository.id).find((one) => one.name === name);
    if (row === undefined) throw notFound();
    return json(200, renderEnvironment(call, row));
  });
  router.repositoryRoute(
    "PUT /repos/{owner}/{repo}/environments/{environment_name}",
    { permissions: ["administration:write"], role: "admin" },
    (call) => json(200, renderEnvironment(call, environmentNamed(call, param(call, "environment_name")))),
  );
  router.repositoryRoute(
    "DELETE /repos/{owner}/{repo}/environments/{environment_name}",
    { permissions: ["administration:write"], role: "admin" },
    (call) => {
      call.platform.store.environments.remove(environmentNamed(call, param(call, "environment_name")).id);
      return empty();
    },
  );
}

function deploymentOf(call: RepositoryCall): Deployment {
  const deployment = call.platform.store.deployments.get(idParam(call, "deployment_id"));
  if (deployment?.repositoryId !== call.repository.id) throw notFound();
  return deployment;
}

/** The environment, made when it is named for the first time. */
function environmentNamed(call: RepositoryCall, name: string): Environment {
  const { store } = call.platform;
  const known = store.environments.group(call.repository.id).find((row) => row.name === name);
  const now = call.platform.timestamp();
  return known ?? store.environments.insert({ repositoryId: call.repository.id, name, createdAt: now, updatedAt: now });
}

function renderEnvironment(call: RepositoryCall, row: Environment): JsonObject {
  const view = viewOf(call);
  return {
    id: row.id,
    node_id: nodeId("Environment", row.id),
    name: row.name,
    url: `${repositoryUrl(view, call.repository)}/environments/${encodeURIComponent(row.name)}`,
    html_url: `${repositoryPage(view, call.repository)}/deployments/activity_log?environments_filter=${row.name}`,
    created_at: row.createdAt,
    updated_at: row.updatedAt,
    protection_rules: [],
    deployment_branch_policy: null,
  };
}

function list(call: RepositoryCall): Reply {
  const { query } = call;
  const rows = call.platform.store.deployments
    .group(call.repository.id)
    .filter((row) => (query.get("environment") ?? row.environment) === row.environment)
    .filter((row) => (query.get("ref") ?? row.ref) === row.ref)
    .filter((row) => (query.get("sha") ?? row.sha) === row.sha)
    .reverse();
  return paginate(call, rows, (row) => renderDeployment(viewOf(call), call.repository, row));
}

function create(call: RepositoryCall): Reply {
  const creator = authorOf(call.actor);
  const wanted = input(call, "Deployment", creation);
  const sha = resolveCommit(call.platform.git.folder(call.repository.id), wanted.ref);
  if (sha === undefined) throw conflict(`No ref found for: ${wanted.ref}`);
  const environment = environmentNamed(call, wanted.environment ?? "production").name;
  const now = call.platform.timestamp();
  const deployment = call.platform.store.deployments.insert({
    repositoryId: call.repository.id,
    sha,
    ref: wanted.ref,
    task: wanted.task ?? "deploy",
    payload: (wanted.payload ?? {}) as JsonObject | string,
    environment,
    description: wanted.description ?? null,
    creatorId: creator.id,
    createdAt: now,
    updatedAt: now,
    transientEnvironment: wanted.transient_environment ?? false,
    productionEnvironment: wanted.production_environment ?? environment === "production",
  });
  const rendered = renderDeployment(defaultView(call.platform), call.repository, deployment);
  const payload = { deployment: rendered, workflow: null, workflow_run: null };
  call.platform.emitEvent(call.repository, "deployment", "created", payload, call.actor);
  return json(201, renderDeployment(viewOf(call), call.repository, deployment));
}

function createStatus(call: RepositoryCall): Reply {
  const creator = authorOf(call.actor);
  const wanted = input(call, "DeploymentStatus", statusWish);
  const deployment = deploymentOf(call);
  const now = call.platform.timestamp();
  const status = call.platform.store.deploymentStatuses.insert({
    deploymentId: deployment.id,
    state: wanted.state,
    description: wanted.description ?? "",
    environment: wanted.environment ?? deployment.environment,
    environmentUrl: wanted.environment_url ?? "",
    logUrl: wanted.log_url ?? wanted.target_url ?? "",
    creatorId: creator.id,
    createdAt: now,
  });
  const view = defaultView(call.platform);
  const payload = {
    deployment_status: renderDeploymentStatus(view, call.repository, status),
    deployment: renderDeployment(view, call.repository, deployment),
    check_run: null,
    workflow: null,
    workflow_run: null,
  };
  call.platform.emitEvent(call.repository, "deployment_status", "created", payload, call.actor);
  return json(201, renderDeploymentStatus(viewOf(call), call.repository, status));
}
