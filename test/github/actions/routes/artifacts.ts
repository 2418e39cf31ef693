// Artifacts over REST: list, get, download, delete.
import { idParam, param, type RepositoryCall } from "../../http/call.ts";
import { paginate } from "../../http/pagination.ts";
import { empty, HttpError, json, notFound, type Reply } from "../../http/reply.ts";
import { viewOf } from "../../render/view.ts";
import { blobUrl, removeArtifact, uploadedArtifacts } from "../artifacts/results-service.ts";
import { isExpired, renderArtifact } from "../render.ts";
import type { ActionsService } from "../service.ts";
import type { ArtifactRow } from "../state.ts";
import { findRun } from "./runs.ts";
export function addArtifactRoutes(service: ActionsService): void {
  const { router } = service.platform;
  const read = { permissions: ["actions:read"] } as const;
  router.repositoryRoute("GET /repos/{owner}/{repo}/actions/artifacts", read, (call) => {
    const rows = service.tables.artifacts.group(call.repository.id).filter((row) => row.state === "uploaded");
    return list(service, call, [...rows].reverse());
  });
  router.repositoryRoute("GET /repos/{owner}/{repo}/actions/runs/{run_id}/artifacts", read, (call) =>
    list(service, call, uploadedArtifacts(service, findRun(service, call))),
  );
  router.repositoryRoute("GET /repos/{owner}/{repo}/actions/artifacts/{artifact_id}", read, (call) =>
    json(200, render(service, call, find(service, call))),
  );
  router.repositoryRoute("GET /repos/{owner}/{repo}/actions/artifacts/{artifact_id}/{archive_format}", read, (call) => {
    const artifact = find(service, call);
    if (param(call, "archive_format") !== "zip") throw notFound();
    if (isExpired(artifact, service.platform.now())) throw new HttpError(410, "Artifact has expired");
    return { status: 302, headers: { location: blobUrl(service, artifact.id, call.origin) } };
  });
  router.repositoryRoute(
    "DELETE /repos/{owner}/{repo}/actions/artifacts/{artifact_id}",
    { permissions: ["actions:write"] },
    (call) => {
      removeArtifact(service, find(service, call));
      return empty(204);
    },
  );
}

function list(service: ActionsService, call: RepositoryCall, rows: readonly ArtifactRow[]): Reply {
  const name = call.query.get("name");
  return paginate(
    call,
    rows.filter((row) => name === null || row.name === name),
    (row) => render(service, call, row),
    (artifacts, total_count) => ({ total_count, artifacts }),
  );
}

function render(service: ActionsService, call: RepositoryCall, artifact: ArtifactRow) {
  const run = service.tables.runs.get(artifact.runId);
  if (run === undefined) throw notFound();
  return renderArtifact(viewOf(call), call.repository, run, artifact, service.platform.now());
}

function find(service: ActionsService, call: RepositoryCall): ArtifactRow {
  const artifact = service.tables.artifacts.get(idParam(call, "artifact_id"));
  if (artifact?.repositoryId !== call.repository.id || artifact.state !== "uploaded") throw notFound();
  return artifact;
}
