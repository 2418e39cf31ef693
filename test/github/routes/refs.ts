// Refs over the API: compare-and-swap for everybody who builds on them.
import { z } from "zod";
import { moveRefByRules } from "../changes/move-ref.ts";
import { readObject } from "../git/objects.ts";
import { isRefName, listRefs, type Ref, readRef } from "../git/refs.ts";
import { input, param, type RepositoryCall } from "../http/call.ts";
import { paginate } from "../http/pagination.ts";
import { conflict, empty, json, notFound, type Reply, unprocessable } from "../http/reply.ts";
import type { JsonObject } from "../json.ts";
import { repositoryUrl } from "../render/repository.ts";
import { nodeId, viewOf } from "../render/view.ts";
import type { RouteTools } from "./catalog.ts";

export function addRefRoutes({ platform }: RouteTools): void {
  const { router } = platform;
  const read = { permissions: ["contents:read"] } as const;
  const write = { permissions: ["contents:write"] } as const;
  router.repositoryRoute("GET /repos/{owner}/{repo}/git/ref/{ref}", read, getRef);
  router.repositoryRoute("GET /repos/{owner}/{repo}/git/matching-refs/{ref}", read, listMatching);
  router.repositoryRoute("POST /repos/{owner}/{repo}/git/refs", write, createRef);
  router.repositoryRoute("PATCH /repos/{owner}/{repo}/git/refs/{ref}", write, updateRef);
  router.repositoryRoute("DELETE /repos/{owner}/{repo}/git/refs/{ref}", write, deleteRef);
}

function fullNameOf(call: RepositoryCall): string {
  return `refs/${param(call, "ref").replace(/^refs\//, "")}`;
}

function getRef(call: RepositoryCall): Reply {
  const folder = call.platform.git.folder(call.repository.id);
  const name = fullNameOf(call);
  const sha = readRef(folder, name);
  if (sha === undefined) {
    if (listRefs(folder).length === 0) throw conflict("Git Repository is empty.");
    throw notFound();
  }
  return json(200, renderRef(call, { name, sha }));
}

function listMatching(call: RepositoryCall): Reply {
  const refs = listRefs(call.platform.git.folder(call.repository.id), fullNameOf(call));
  return paginate(call, refs, (ref) => renderRef(call, ref));
}

function createRef(call: RepositoryCall): Reply {
  const wanted = input(call, "Reference", z.object({ ref: z.string(), sha: z.string() }));
  const folder = call.platform.git.folder(call.repository.id);
  if (!isRefName(wanted.ref) || wanted.ref.split("/").length < 3) throw unprocessable("Reference name is not valid");
  checkObject(folder, wanted.sha, wanted.ref);
  if (readRef(folder, wanted.ref) !== undefined) throw unprocessable("Reference already exists");
  const clash = listRefs(folder, `${wanted.ref}/`)[0] ?? parentRef(folder, wanted.ref);
  if (clash !== undefined) throw unprocessable(`Reference cannot be created: it clashes with ${clash.name}`);
  moveRefByRules(call.platform, call.repository, call.actor, { name: wanted.ref, after: wanted.sha, force: false });
  const rendered = renderRef(call, { name: wanted.ref, sha: wanted.sha });
  return json(201, rendered, { location: String(rendered["url"]) });
}

function updateRef(call: RepositoryCall): Reply {
  const wanted = input(call, "Reference", z.object({ sha: z.string(), force: z.boolean().optional() }));
  const folder = call.platform.git.folder(call.repository.id);
  const name = fullNameOf(call);
  if (readRef(folder, name) === undefined) throw unprocessable("Reference does not exist");
  checkObject(folder, wanted.sha, name);
  moveRefByRules(call.platform, call.repository, call.actor, { name, after: wanted.sha, force: wanted.force ?? false });
  return json(200, renderRef(call, { name, sha: wanted.sha }));
}

function deleteRef(call: RepositoryCall): Reply {
  const name = fullNameOf(call);
  if (readRef(call.platform.git.folder(call.repository.id), name) === undefined) {
    throw unprocessable("Reference does not exist");
  }
  moveRefByRules(call.platform, call.repository, call.actor, { name, after: undefined, force: true });
  return empty();
}

/** Branches point to commits; other refs to any object. */
function checkObject(folder: string, sha: string, name: string): void {
  const type = /^[0-9a-f]{40}$/.test(sha) ? readObject(folder, sha)?.type : undefined;
  if (type === undefined) throw unprocessable("Object does not exist");
  if (name.startsWith("refs/heads/") && type !== "commit") throw unprocessable("Reference cannot be updated");
}

function parentRef(folder: string, name: string): Ref | undefined {
  const parts = name.split("/");
  for (let length = 3; length < parts.length; length += 1) {
    const parent = parts.slice(0, length).join("/");
    const sha = readRef(folder, parent);
    if (sha !== undefined) return { name: parent, sha };
  }
  return undefined;
}

function renderRef(call: RepositoryCall, ref: Ref): JsonObject {
  const url = `${repositoryUrl(viewOf(call), call.repository)}/git`;
  const type = readObject(call.platform.git.folder(call.repository.id), ref.sha)?.type ?? "commit";
  return {
    ref: ref.name,
    node_id: nodeId("Ref", ref.name),
    url: `${url}/${ref.name}`,
    object: { sha: ref.sha, type, url: `${url}/${type}s/${ref.sha}` },
  };
}
