// Files and folders by path, and single-file commits.
import { z } from "zod";
import { moveRefByRules } from "../changes/move-ref.ts";
import { readCommit, writeCommit } from "../git/commits.ts";
import { readContent, writeObject } from "../git/objects.ts";
import { readRef } from "../git/refs.ts";
import { resolveCommit } from "../git/resolve.ts";
import {
  changeTree,
  emptyTreeSha,
  findEntry,
  isFolderMode,
  readTree,
  type TreeEntry,
  typeOfMode,
} from "../git/trees.ts";
import { input, param, type RepositoryCall } from "../http/call.ts";
import { conflict, HttpError, json, notFound, type Reply, unprocessable } from "../http/reply.ts";
import type { JsonObject } from "../json.ts";
import { renderGitCommit } from "../render/commit.ts";
import { repositoryPage, repositoryUrl } from "../render/repository.ts";
import { viewOf } from "../render/view.ts";
import type { RouteTools } from "./catalog.ts";
import { choosePerson, signer, wrapBase64 } from "./git-data.ts";

const person = z.object({ name: z.string(), email: z.string(), date: z.string().optional() }).optional();
const common = { message: z.string(), branch: z.string().optional(), committer: person, author: person };
const putting = z.object({ ...common, content: z.string(), sha: z.string().optional() });
const removing = z.object({ ...common, sha: z.string() });

const maxInlineBytes = 1024 * 1024;
const maxBytes = 100 * 1024 * 1024;
const maxFolderEntries = 1_000;

export function addContentRoutes({ platform }: RouteTools): void {
  const { router } = platform;
  router.repositoryRoute("GET /repos/{owner}/{repo}/contents/{path}", { permissions: ["contents:read"] }, getContents);
  router.repositoryRoute("PUT /repos/{owner}/{repo}/contents/{path}", { permissions: ["contents:write"] }, putContents);
  router.repositoryRoute(
    "DELETE /repos/{owner}/{repo}/contents/{path}",
    { permissions: ["contents:write"] },
    deleteContents,
  );
  router.repositoryRoute("GET /{owner}/{repo}/raw/{path}", { permissions: ["contents:read"], foreign: true }, getRaw);
  router.repositoryRoute("GET /repos/{owner}/{repo}/readme", { permissions: ["contents:read"] }, (call) =>
    getContents({ ...call, params: { ...call.params, path: "README.md" } }),
  );
}

function getContents(call: RepositoryCall): Reply {
  const folder = call.platform.git.folder(call.repository.id);
  const ref = call.query.get("ref") ?? call.repository.defaultBranch;
  const commit = resolveCommit(folder, ref);
  if (commit === undefined) {
    throw notFound(call.query.has("ref") ? `No commit found for the ref ${ref}` : "This repository is empty.");
  }
  const path = param(call, "path").replace(/^\/+|\/+$/g, "");
  const entry = findEntry(folder, readCommit(folder, commit)?.tree ?? emptyTreeSha, path);
  if (entry === undefined) throw notFound();
  const accept = call.headers.accept ?? "";
  if (isFolderMode(entry.mode)) {
    const entries = (readTree(folder, entry.sha) ?? []).slice(0, maxFolderEntries);
    const items = entries.map((child) =>
      renderEntry(call, ref, path === "" ? child.name : `${path}/${child.name}`, child),
    );
    if (!/application\/vnd\.github\.(?:v3\.)?object/.test(accept)) return json(200, items);
    return json(200, { ...renderEntry(call, ref, path, entry), entries: items });
  }
  const content = readContent(folder, entry.sha, "blob") ?? Buffer.alloc(0);
  if (content.length > maxBytes) throw new HttpError(403, "This API returns blobs up to 100 MB in size.");
  if (/application\/vnd\.github\.(?:v3\.)?raw/.test(accept)) {
    return { status: 200, bytes: content, headers: { "content-type": "application/vnd.github.raw; charset=utf-8" } };
  }
  const inline = content.length <= maxInlineBytes;
  return json(200, {
    ...renderEntry(call, ref, path, entry),
    content: inline ? wrapBase64(content) : "",
    encoding: inline ? "base64" : "none",
  });
}

/** `download_url`: the ref, which may hold slashes, and the path behind it. */
function getRaw(call: RepositoryCall): Reply {
  const folder = call.platform.git.folder(call.repository.id);
  const parts = param(call, "path").split("/");
  for (let length = 1; length < parts.length; length += 1) {
    const commit = resolveCommit(folder, parts.slice(0, length).join("/"));
    if (commit === undefined) continue;
    const entry = findEntry(folder, readCommit(folder, commit)?.tree ?? emptyTreeSha, parts.slice(length).join("/"));
    const bytes = entry && readContent(folder, entry.sha, "blob");
    if (bytes !== undefined) return { status: 200, bytes, headers: { "content-type": "text/plain; charset=utf-8" } };
  }
  throw notFound();
}

function renderEntry(call: RepositoryCall, ref: string, path: string, entry: TreeEntry): JsonObject {
  const view = viewOf(call);
  const url = repositoryUrl(view, call.repository);
  const page = repositoryPage(view, call.repository);
  const type = typeOfMode(entry.mode);
  const isFolder = type === "tree";
  const self = `${url}/contents/${encodeURI(path)}?ref=${ref}`;
  const gitUrl = `${url}/git/${isFolder ? "trees" : "blobs"}/${entry.sha}`;
  const html = `${page}/${isFolder ? "tree" : "blob"}/${ref}/${encodeURI(path)}`;
  const size = isFolder
    ? 0
    : (readContent(call.platform.git.folder(call.repository.id), entry.sha, "blob")?.length ?? 0);
  return {
    name: path.slice(path.lastIndexOf("/") + 1),
    path,
    sha: entry.sha,
    size,
    url: self,
    html_url: html,
    git_url: gitUrl,
    download_url: isFolder ? null : `${page}/raw/${ref}/${encodeURI(path)}`,
    type: isFolder ? "dir" : type === "commit" ? "submodule" : entry.mode === "120000" ? "symlink" : "file",
    _links: { self, git: gitUrl, html },
  };
}

interface Branch {
  readonly name: string;
  readonly ref: string;
  readonly head: string | undefined;
  readonly tree: string;
}

function branchOf(call: RepositoryCall, wanted: string | undefined): Branch {
  const folder = call.platform.git.folder(call.repository.id);
  const name = (wanted ?? call.repository.defaultBranch).replace(/^refs\/heads\//, "");
  const ref = `refs/heads/${name}`;
  const head = readRef(folder, ref);
  if (head === undefined && name !== call.repository.defaultBranch) throw notFound(`Branch ${name} not found`);
  return { name, ref, head, tree: (head && readCommit(folder, head)?.tree) ?? emptyTreeSha };
}

function putContents(call: RepositoryCall): Reply {
  const wanted = input(call, "Commit", putting);
  const folder = call.platform.git.folder(call.repository.id);
  const path = param(call, "path").replace(/^\/+/, "");
  if (path === "" || path.split("/").some((part) => ["", ".", "..", ".git"].includes(part))) {
    throw unprocessable("path contains a malformed path component");
  }
  const branch = branchOf(call, wanted.branch);
  const known = findEntry(folder, branch.tree, path);
  if (known !== undefined && wanted.sha === undefined) {
    throw unprocessable('Invalid request.\n\n"sha" wasn\'t supplied.');
  }
  if (wanted.sha !== undefined && known?.sha !== wanted.sha) throw conflict(`${path} does not match ${wanted.sha}`);
  const sha = writeObject(folder, "blob", Buffer.from(wanted.content, "base64"));
  const entry = { mode: known?.mode ?? "100644", name: path, sha };
  const commit = commitTree(call, branch, changeTree(folder, branch.tree, [{ path, entry }]), wanted);
  return json(known === undefined ? 201 : 200, { content: renderEntry(call, branch.name, path, entry), commit });
}

function deleteContents(call: RepositoryCall): Reply {
  const wanted = input({ ...call, body: call.body ?? Object.fromEntries(call.query) }, "Commit", removing);
  const folder = call.platform.git.folder(call.repository.id);
  const path = param(call, "path");
  const branch = branchOf(call, wanted.branch);
  const known = findEntry(folder, branch.tree, path);
  if (known === undefined) throw notFound();
  if (known.sha !== wanted.sha) throw conflict(`${path} does not match ${wanted.sha}`);
  const commit = commitTree(call, branch, changeTree(folder, branch.tree, [{ path, entry: null }]), wanted);
  return json(200, { content: null, commit });
}

function commitTree(
  call: RepositoryCall,
  branch: Branch,
  tree: string,
  wanted: z.infer<typeof removing> | z.infer<typeof putting>,
): JsonObject {
  const folder = call.platform.git.folder(call.repository.id);
  const author = choosePerson(call, wanted.author ?? wanted.committer);
  const sha = writeCommit(
    folder,
    {
      tree,
      parents: branch.head === undefined ? [] : [branch.head],
      author,
      committer: wanted.committer === undefined ? author : choosePerson(call, wanted.committer),
      message: wanted.message,
    },
    signer(call, wanted.author !== undefined || wanted.committer !== undefined),
  );
  try {
    moveRefByRules(call.platform, call.repository, call.actor, { name: branch.ref, after: sha, force: false });
  } catch (error) {
    if (error instanceof HttpError && error.status === 422) throw conflict(error.message);
    throw error;
  }
  const commit = readCommit(folder, sha);
  if (commit === undefined) throw new Error(`the commit ${sha} was not written`);
  return renderGitCommit(viewOf(call), call.repository, commit);
}
