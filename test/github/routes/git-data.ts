// Blobs, trees, commits and annotated tags: git's own objects over the API.
import { z } from "zod";
import { authorOf } from "../auth/actor.ts";
import { signCommit } from "../auth/commit-signing.ts";
import { personOf } from "../changes/person.ts";
import { type Person, readCommit, readTag, writeCommit, writeTag } from "../git/commits.ts";
import { hasObject, readObject, writeObject } from "../git/objects.ts";
import { listRefs } from "../git/refs.ts";
import { resolveCommit } from "../git/resolve.ts";
import {
  changeTree,
  emptyTreeSha,
  isFolderMode,
  type PathChange,
  readTree,
  type TreeEntry,
  typeOfMode,
} from "../git/trees.ts";
import { input, param, type RepositoryCall } from "../http/call.ts";
import { conflict, json, notFound, type Reply, unprocessable, validationFailed } from "../http/reply.ts";
import type { JsonObject } from "../json.ts";
import { renderGitCommit } from "../render/commit.ts";
import { repositoryUrl } from "../render/repository.ts";
import { nodeId, viewOf } from "../render/view.ts";
import type { RouteTools } from "./catalog.ts";

const person = z.object({ name: z.string(), email: z.string(), date: z.string().optional() });
const treeItem = z.object({
  path: z.string().optional(),
  mode: z.enum(["100644", "100755", "040000", "160000", "120000"]).optional(),
  type: z.enum(["blob", "tree", "commit"]).optional(),
  sha: z.string().nullish(),
  content: z.string().optional(),
});

export function addGitDataRoutes({ platform }: RouteTools): void {
  const { router } = platform;
  const read = { permissions: ["contents:read"] } as const;
  const write = { permissions: ["contents:write"] } as const;
  router.repositoryRoute("GET /repos/{owner}/{repo}/git/blobs/{file_sha}", read, getBlob);
  router.repositoryRoute("POST /repos/{owner}/{repo}/git/blobs", write, createBlob);
  router.repositoryRoute("GET /repos/{owner}/{repo}/git/trees/{tree_sha}", read, getTree);
  router.repositoryRoute("POST /repos/{owner}/{repo}/git/trees", write, createTree);
  router.repositoryRoute("GET /repos/{owner}/{repo}/git/commits/{commit_sha}", read, getCommit);
  router.repositoryRoute("POST /repos/{owner}/{repo}/git/commits", write, createCommit);
  router.repositoryRoute("GET /repos/{owner}/{repo}/git/tags/{tag_sha}", read, getTag);
  router.repositoryRoute("POST /repos/{owner}/{repo}/git/tags", write, createTag);
}

/** The folder of the repository's objects; an empty repository answers 409. */
function objectsOf(call: RepositoryCall): string {
  const folder = call.platform.git.folder(call.repository.id);
  if (listRefs(folder).length === 0) throw conflict("Git Repository is empty.");
  return folder;
}

function getBlob(call: RepositoryCall): Reply {
  const sha = param(call, "file_sha");
  const object = readObject(call.platform.git.folder(call.repository.id), sha);
  if (object?.type !== "blob") throw notFound();
  if (/application\/vnd\.github\.(?:v3\.)?raw/.test(call.headers.accept ?? "")) {
    return {
      status: 200,
      bytes: object.content,
      headers: { "content-type": "application/vnd.github.raw; charset=utf-8" },
    };
  }
  return json(200, {
    sha,
    node_id: nodeId("Blob", sha),
    size: object.content.length,
    url: `${repositoryUrl(viewOf(call), call.repository)}/git/blobs/${sha}`,
    content: wrapBase64(object.content),
    encoding: "base64",
  });
}

/** Base64 in lines of sixty, as GitHub writes it. */
export function wrapBase64(content: Buffer): string {
  return content.toString("base64").replace(/.{1,60}/g, "$&\n");
}

function createBlob(call: RepositoryCall): Reply {
  const wanted = input(call, "Blob", z.object({ content: z.string(), encoding: z.string().optional() }));
  const folder = objectsOf(call);
  const sha = writeObject(
    folder,
    "blob",
    Buffer.from(wanted.content, wanted.encoding === "base64" ? "base64" : "utf8"),
  );
  const url = `${repositoryUrl(viewOf(call), call.repository)}/git/blobs/${sha}`;
  return json(201, { url, sha }, { location: url });
}

function getTree(call: RepositoryCall): Reply {
  const folder = call.platform.git.folder(call.repository.id);
  const asked = param(call, "tree_sha");
  const commit = resolveCommit(folder, asked);
  const sha = commit === undefined ? asked : (readCommit(folder, commit)?.tree ?? asked);
  const recursive = call.query.has("recursive");
  const entries = /^[0-9a-f]{40}$/.test(sha) ? listEntries(folder, sha, "", recursive) : undefined;
  if (entries === undefined) throw notFound();
  return json(200, renderTree(call, folder, sha, entries));
}

function listEntries(
  folder: string,
  sha: string,
  prefix: string,
  recursive: boolean,
): (TreeEntry & { path: string })[] | undefined {
  return readTree(folder, sha)?.flatMap((entry) => {
    const own = { ...entry, path: prefix + entry.name };
    if (!recursive || !isFolderMode(entry.mode)) return [own];
    return [own, ...(listEntries(folder, entry.sha, `${own.path}/`, true) ?? [])];
  });
}

function renderTree(
  call: RepositoryCall,
  folder: string,
  sha: string,
  entries: readonly (TreeEntry & { path: string })[],
): JsonObject {
  const url = `${repositoryUrl(viewOf(call), call.repository)}/git`;
  return {
    sha,
    url: `${url}/trees/${sha}`,
    tree: entries.map((entry) => {
      const type = typeOfMode(entry.mode);
      const base = { path: entry.path, mode: entry.mode.padStart(6, "0"), type, sha: entry.sha };
      if (type === "commit") return base;
      if (type === "tree") return { ...base, url: `${url}/trees/${entry.sha}` };
      const size = readObject(folder, entry.sha)?.content.length ?? 0;
      return { ...base, size, url: `${url}/blobs/${entry.sha}` };
    }),
    truncated: false,
  };
}

function createTree(call: RepositoryCall): Reply {
  const wanted = input(call, "Tree", z.object({ tree: z.array(treeItem), base_tree: z.string().optional() }));
  const folder = objectsOf(call);
  const base = wanted.base_tree === undefined ? emptyTreeSha : treeOf(folder, wanted.base_tree);
  if (base === undefined) throw unprocessable("base_tree is not a valid tree oid");
  const changes = wanted.tree.map((item): PathChange => {
    const path = item.path ?? "";
    if (path === "" || path.startsWith("/") || path.split("/").some((part) => ["", ".", "..", ".git"].includes(part))) {
      throw unprocessable("tree.path contains a malformed path component");
    }
    if (item.sha === null) return { path, entry: null };
    const mode = item.mode ?? "100644";
    if (item.content !== undefined)
      return { path, entry: { mode, sha: writeObject(folder, "blob", Buffer.from(item.content)) } };
    const sha = item.sha ?? "";
    if (typeOfMode(mode) !== "commit" && readObject(folder, sha)?.type !== typeOfMode(mode)) {
      throw unprocessable(`tree.sha ${sha} is not a valid ${typeOfMode(mode)}`);
    }
    return { path, entry: { mode: mode.replace(/^0/, ""), sha } };
  });
  const sha = changeTree(folder, base, changes);
  const entries = (readTree(folder, sha) ?? []).map((entry) => ({ ...entry, path: entry.name }));
  return json(201, renderTree(call, folder, sha, entries), {
    location: `${repositoryUrl(viewOf(call), call.repository)}/git/trees/${sha}`,
  });
}

function treeOf(folder: string, sha: string): string | undefined {
  if (sha === emptyTreeSha) return sha;
  const object = readObject(folder, sha);
  if (object?.type === "tree") return sha;
  return object?.type === "commit" ? readCommit(folder, sha)?.tree : undefined;
}

function getCommit(call: RepositoryCall): Reply {
  const sha = param(call, "commit_sha");
  const commit = readCommit(call.platform.git.folder(call.repository.id), sha);
  if (commit === undefined) throw notFound();
  return json(200, renderGitCommit(viewOf(call), call.repository, commit));
}

function createCommit(call: RepositoryCall): Reply {
  const wanted = input(
    call,
    "Commit",
    z.object({
      message: z.string(),
      tree: z.string(),
      parents: z.array(z.string()).optional(),
      author: person.optional(),
      committer: person.optional(),
      signature: z.string().optional(),
    }),
  );
  const folder = objectsOf(call);
  if (readTree(folder, wanted.tree) === undefined) throw unprocessable("Tree SHA does not exist");
  for (const parent of wanted.parents ?? []) {
    if (readCommit(folder, parent) === undefined)
      throw unprocessable("Parent SHA does not exist or is not a commit object");
  }
  const author = choosePerson(call, wanted.author);
  const sha = writeCommit(
    folder,
    {
      tree: wanted.tree,
      parents: wanted.parents ?? [],
      author,
      committer: wanted.committer === undefined ? author : choosePerson(call, wanted.committer),
      message: wanted.message,
    },
    signer(call, wanted.author !== undefined || wanted.committer !== undefined),
  );
  const commit = readCommit(folder, sha);
  if (commit === undefined) throw new Error(`the commit ${sha} was not written`);
  return json(201, renderGitCommit(viewOf(call), call.repository, commit));
}

/** GitHub signs what an App or a job commits in its own name. */
export function signer(call: RepositoryCall, namedSomebody: boolean): ((payload: string) => string) | undefined {
  if (namedSomebody || (call.actor.kind !== "installation" && call.actor.kind !== "job")) return undefined;
  return (payload) => signCommit(call.platform.dataFolder, payload);
}

/** The person given, with what is missing filled from the actor and the clock. */
export function choosePerson(call: RepositoryCall, given: z.infer<typeof person> | undefined): Person {
  const own = personOf(authorOf(call.actor), call.platform.timestamp());
  if (given === undefined) return own;
  const date = given.date ?? own.date;
  if (Number.isNaN(Date.parse(date))) throw validationFailed([{ resource: "Commit", field: "date", code: "invalid" }]);
  return { name: given.name, email: given.email, date };
}

function getTag(call: RepositoryCall): Reply {
  const tag = readTag(call.platform.git.folder(call.repository.id), param(call, "tag_sha"));
  if (tag === undefined) throw notFound();
  return json(200, renderTag(call, tag));
}

function createTag(call: RepositoryCall): Reply {
  const wanted = input(
    call,
    "Tag",
    z.object({
      tag: z.string(),
      message: z.string(),
      object: z.string(),
      type: z.enum(["commit", "tree", "blob"]),
      tagger: person.optional(),
    }),
  );
  const folder = call.platform.git.folder(call.repository.id);
  if (!hasObject(folder, wanted.object)) throw unprocessable("Object does not exist");
  const tagger = choosePerson(call, wanted.tagger);
  const { tag, message, object, type } = wanted;
  const sha = writeTag(folder, { tag, message, object, type, tagger });
  return json(201, renderTag(call, { sha, tag, message, object, type, tagger }));
}

function renderTag(call: RepositoryCall, tag: NonNullable<ReturnType<typeof readTag>>): JsonObject {
  const url = `${repositoryUrl(viewOf(call), call.repository)}/git`;
  return {
    node_id: nodeId("Tag", tag.sha),
    tag: tag.tag,
    sha: tag.sha,
    url: `${url}/tags/${tag.sha}`,
    message: tag.message,
    tagger: tag.tagger === null ? { name: "", email: "", date: "" } : { ...tag.tagger },
    object: { sha: tag.object, type: tag.type, url: `${url}/${tag.type}s/${tag.object}` },
    verification: { verified: false, reason: "unsigned", signature: null, payload: null, verified_at: null },
  };
}
