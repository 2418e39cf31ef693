// The artifact service that jobs talk to: twirp over JSON, as @actions/artifact sends it.
import { rmSync } from "node:fs";
import { z } from "zod";
import type { Call } from "../../http/call.ts";
import { json, type Reply } from "../../http/reply.ts";
import type { ActionsService } from "../service.ts";
import type { ArtifactRow, RunRow } from "../state.ts";
import { artifactFile, measureBlob } from "./blobs.ts";

const defaultRetentionDays = 90;

const requestSchema = z.object({
  workflow_run_backend_id: z.string(),
  workflow_job_run_backend_id: z.string().optional(),
  name: z.string().optional(),
  name_filter: z.string().optional(),
  id_filter: z.string().optional(),
  expires_at: z.string().optional(),
  mime_type: z.string().optional(),
  size: z.string().optional(),
  hash: z.string().optional(),
});

type Request = z.infer<typeof requestSchema>;

const methods: Readonly<
  Record<string, (service: ActionsService, run: RunRow, request: Request) => Reply | Promise<Reply>>
> = {
  CreateArtifact: createArtifact,
  FinalizeArtifact: finalizeArtifact,
  ListArtifacts: listArtifacts,
  GetSignedArtifactURL: getSignedUrl,
  DeleteArtifact: deleteArtifact,
};

/** Adds the five calls below `/twirp`; each needs the bearer of a job of that run. */
export function addResultsService(service: ActionsService): void {
  const options = { actor: "anyone", foreign: true, ownCredentials: true } as const;
  for (const [name, method] of Object.entries(methods)) {
    const route = `POST /twirp/github.actions.results.api.v1.ArtifactService/${name}`;
    service.platform.router.route(route, options, (call) => answer(service, call, method));
  }
}

async function answer(service: ActionsService, call: Call, method: (typeof methods)[string]): Promise<Reply> {
  const scope = service.signer.readRuntimeToken(call.headers.authorization);
  const parsed = requestSchema.safeParse(call.body ?? {});
  if (!parsed.success) return fail(400, "invalid_argument", parsed.error.issues[0]?.message ?? "unreadable");
  const run = service.tables.runs.get(Number(parsed.data.workflow_run_backend_id));
  if (scope === undefined || run === undefined || scope.runId !== run.id) {
    return fail(401, "unauthenticated", "the bearer is not one of this run");
  }
  return method(service, run, parsed.data);
}

function createArtifact(service: ActionsService, run: RunRow, request: Request): Reply {
  const name = request.name ?? "";
  if (findArtifact(service, run, name) !== undefined) {
    return fail(409, "already_exists", "an artifact with this name already exists on the workflow run");
  }
  const { tables, platform } = service;
  const at = platform.timestamp();
  const days = defaultRetentionDays * 86_400_000;
  const artifact = tables.artifacts.insert({
    repositoryId: run.repositoryId,
    runId: run.id,
    attempt: run.attempt,
    name,
    state: "pending",
    mimeType: request.mime_type ?? "application/zip",
    sizeBytes: 0,
    sha256: "",
    createdAt: at,
    updatedAt: at,
    expiresAt: request.expires_at ?? new Date(platform.now().getTime() + days).toISOString(),
  });
  return json(200, { ok: true, signed_upload_url: blobUrl(service, artifact.id) });
}

async function finalizeArtifact(service: ActionsService, run: RunRow, request: Request): Promise<Reply> {
  const { tables, platform } = service;
  const artifact = tables.artifacts
    .group(run.repositoryId)
    .find((row) => isOfAttempt(row, run) && row.state === "pending" && row.name === request.name);
  const blob = artifact && (await measureBlob(artifactFile(service, artifact.id)));
  if (artifact === undefined || blob === undefined) return fail(404, "not_found", "no upload of this name is open");
  const expected = request.hash?.replace(/^sha256:/, "");
  if (expected !== undefined && expected !== blob.sha256) {
    return fail(400, "failed_precondition", `the bytes have sha256 ${blob.sha256}, ${expected} was announced`);
  }
  tables.artifacts.update(artifact.id, { ...blob, state: "uploaded", updatedAt: platform.timestamp() });
  return json(200, { ok: true, artifact_id: String(artifact.id) });
}

function listArtifacts(service: ActionsService, run: RunRow, request: Request): Reply {
  const artifacts = uploadedArtifacts(service, run)
    .filter((row) => request.name_filter === undefined || row.name === request.name_filter)
    .filter((row) => request.id_filter === undefined || String(row.id) === request.id_filter);
  return json(200, {
    artifacts: artifacts.map((row) => ({
      workflow_run_backend_id: String(run.id),
      workflow_job_run_backend_id: request.workflow_job_run_backend_id ?? "",
      database_id: String(row.id),
      name: row.name,
      size: String(row.sizeBytes),
      created_at: row.createdAt,
      digest: `sha256:${row.sha256}`,
    })),
  });
}

function getSignedUrl(service: ActionsService, run: RunRow, request: Request): Reply {
  const artifact = findArtifact(service, run, request.name ?? "");
  if (artifact === undefined) return fail(404, "not_found", "no artifact of this name");
  return json(200, { signed_url: blobUrl(service, artifact.id) });
}

function deleteArtifact(service: ActionsService, run: RunRow, request: Request): Reply {
  const artifact = findArtifact(service, run, request.name ?? "");
  if (artifact === undefined) return fail(404, "not_found", "no artifact of this name");
  removeArtifact(service, artifact);
  return json(200, { ok: true, artifact_id: String(artifact.id) });
}

/** Takes an artifact and its bytes away. */
export function removeArtifact(service: ActionsService, artifact: ArtifactRow): void {
  service.tables.artifacts.remove(artifact.id);
  rmSync(artifactFile(service, artifact.id), { force: true });
}

/** Artifacts of a run that can be downloaded, the newest last; of an earlier attempt only where a name was not uploaded again. */
export function uploadedArtifacts(service: ActionsService, run: RunRow): readonly ArtifactRow[] {
  const newest = new Map(
    service.tables.artifacts
      .group(run.repositoryId)
      .filter((row) => row.runId === run.id && row.state === "uploaded")
      .map((row) => [row.name, row]),
  );
  return [...newest.values()];
}

function findArtifact(service: ActionsService, run: RunRow, name: string): ArtifactRow | undefined {
  return uploadedArtifacts(service, run).find((row) => row.name === name && isOfAttempt(row, run));
}

function isOfAttempt(row: ArtifactRow, run: RunRow): boolean {
  return row.runId === run.id && row.attempt === run.attempt;
}

/** An address of the artifact's bytes that works without a token for some minutes. */
export function blobUrl(service: ActionsService, artifactId: number, origin = service.platform.url): string {
  return origin + service.signer.signPath(`/_blobs/${artifactId}`);
}

function fail(status: number, code: string, msg: string): Reply {
  return json(status, { code, msg });
}
