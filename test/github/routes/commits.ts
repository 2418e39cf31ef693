// Commits with their people and files, comparisons, branches and tags.
import { commitsBetween, mergeBase, walkHistory } from "../git/commits.ts";
import { diffText, diffTrees } from "../git/diff.ts";
import { listRefs, readRef } from "../git/refs.ts";
import { resolveCommit } from "../git/resolve.ts";
import { emptyTreeSha, findEntry } from "../git/trees.ts";
import { param, type RepositoryCall } from "../http/call.ts";
import { paginate, readPage } from "../http/pagination.ts";
import { conflict, json, notFound, type Reply } from "../http/reply.ts";
import type { JsonObject } from "../json.ts";
import { commitOf, renderCommit, renderDifference } from "../render/commit.ts";
import { renderBranchProtection } from "../render/protection.ts";
import { renderPullSimple } from "../render/pull.ts";
import { repositoryPage, repositoryUrl } from "../render/repository.ts";
import { nodeId, viewOf } from "../render/view.ts";
import { accountOf, findRepository } from "../state/store.ts";
import type { RouteTools } from "./catalog.ts";

const maxComparedFiles = 300;

export function addCommitRoutes({ platform }: RouteTools): void {
  const { router } = platform;
  const read = { permissions: ["contents:read"] } as const;
  router.repositoryRoute("GET /repos/{owner}/{repo}/commits", read, listCommits);
  router.repositoryRoute("GET /repos/{owner}/{repo}/commits/{ref}", read, getCommit);
  router.repositoryRoute(
    "GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls",
    { permissions: ["pull_requests:read", "contents:read"] },
    listPullsOfCommit,
  );
  router.repositoryRoute("GET /repos/{owner}/{repo}/compare/{basehead}", read, compare);
  router.repositoryRoute("GET /repos/{owner}/{repo}/branches", read, listBranches);
  router.repositoryRoute("GET /repos/{owner}/{repo}/branches/{branch}", read, getBranch);
  router.repositoryRoute("GET /repos/{owner}/{repo}/tags", { permissions: ["metadata:read"] }, listTags);
}

function folderOf(call: RepositoryCall): string {
  return call.platform.git.folder(call.repository.id);
}

function listCommits(call: RepositoryCall): Reply {
  const folder = folderOf(call);
  if (listRefs(folder).length === 0) throw conflict("Git Repository is empty.");
  const start = resolveCommit(folder, call.query.get("sha") ?? call.repository.defaultBranch);
  if (start === undefined) throw notFound();
  const path = call.query.get("path");
  const { page, perPage } = readPage(call.query);
  const [since, until] = [call.query.get("since"), call.query.get("until")];
  const found = [];
  for (const commit of walkHistory(folder, start)) {
    if (since !== null && Date.parse(commit.committer.date) < Date.parse(since)) continue;
    if (until !== null && Date.parse(commit.committer.date) > Date.parse(until)) continue;
    if (path !== null && !touches(call, commit.sha, path)) continue;
    found.push(commit);
    if (found.length > page * perPage + 1_000) break;
  }
  const view = viewOf(call);
  return paginate(call, found, (commit) => renderCommit(view, call.repository, commit));
}

function touches(call: RepositoryCall, sha: string, path: string): boolean {
  const folder = folderOf(call);
  const view = viewOf(call);
  const entryAt = (commit: string): string | undefined =>
    findEntry(folder, commitOf(view, call.repository, commit).tree, path)?.sha;
  const { parents } = commitOf(view, call.repository, sha);
  const own = entryAt(sha);
  return parents.length === 0 ? own !== undefined : parents.every((parent) => entryAt(parent) !== own);
}

function getCommit(call: RepositoryCall): Reply {
  const folder = folderOf(call);
  const sha = resolveCommit(folder, param(call, "ref"));
  if (sha === undefined) throw notFound(`No commit found for SHA: ${param(call, "ref")}`);
  if (/application\/vnd\.github\.(?:v3\.)?sha/.test(call.headers.accept ?? "")) {
    return {
      status: 200,
      bytes: Buffer.from(sha),
      headers: { "content-type": "application/vnd.github.sha; charset=utf-8" },
    };
  }
  const view = viewOf(call);
  const commit = commitOf(view, call.repository, sha);
  const files = diffTrees(folder, commit.parents[0] ?? emptyTreeSha, sha);
  const additions = files.reduce((sum, file) => sum + file.additions, 0);
  const deletions = files.reduce((sum, file) => sum + file.deletions, 0);
  return json(200, {
    ...renderCommit(view, call.repository, commit),
    stats: { additions, deletions, total: additions + deletions },
    files: files.map((file) => renderDifference(view, call.repository, sha, file)),
  });
}

function listPullsOfCommit(call: RepositoryCall): Reply {
  const sha = param(call, "commit_sha");
  const folder = folderOf(call);
  const pulls = call.platform.store.pulls
    .group(call.repository.id)
    .filter(
      (pull) =>
        pull.headSha === sha ||
        pull.mergeCommitSha === sha ||
        commitsBetween(folder, pull.baseSha, pull.headSha).some((commit) => commit.sha === sha),
    );
  return paginate(call, pulls, (pull) => renderPullSimple(viewOf(call), call.repository, pull));
}

function compare(call: RepositoryCall): Reply {
  const folder = folderOf(call);
  const view = viewOf(call);
  const [baseText = "", headText = ""] = param(call, "basehead").split("...");
  const base = resolveSide(call, baseText);
  const head = resolveSide(call, headText);
  if (base === undefined || head === undefined) throw notFound();
  const start = mergeBase(folder, base, head);
  if (start === undefined) throw notFound(`No common ancestor between ${baseText} and ${headText}.`);
  if (/application\/vnd\.github\.(?:v3\.)?diff/.test(call.headers.accept ?? "")) {
    return {
      status: 200,
      bytes: Buffer.from(diffText(folder, start, head)),
      headers: { "content-type": "application/vnd.github.diff; charset=utf-8" },
    };
  }
  const ahead = commitsBetween(folder, base, head).reverse();
  const behind = commitsBetween(folder, head, base);
  const { page, perPage } = readPage(call.query);
  const status =
    ahead.length > 0 && behind.length > 0
      ? "diverged"
      : ahead.length > 0
        ? "ahead"
        : behind.length > 0
          ? "behind"
          : "identical";
  const url = `${repositoryUrl(view, call.repository)}/compare/${baseText}...${headText}`;
  const html = `${repositoryPage(view, call.repository)}/compare/${baseText}...${headText}`;
  return json(200, {
    url,
    html_url: html,
    permalink_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    base_commit: renderCommit(view, call.repository, commitOf(view, call.repository, base)),
    merge_base_commit: renderCommit(view, call.repository, commitOf(view, call.repository, start)),
    status,
    ahead_by: ahead.length,
    behind_by: behind.length,
    total_commits: ahead.length,
    commits: ahead
      .slice(call.query.has("page") ? (page - 1) * perPage : 0, call.query.has("page") ? page * perPage : 250)
      .map((commit) => renderCommit(view, call.repository, commit)),
    files: diffTrees(folder, start, head)
      .slice(0, maxComparedFiles)
      .map((file) => renderDifference(view, call.repository, head, file)),
  });
}

/** `branch`, `sha`, `owner:branch` or `owner:repo:branch`. The head of a fork is seen once a pull request has brought it over. */
function resolveSide(call: RepositoryCall, text: string): string | undefined {
  const own = folderOf(call);
  const parts = text.split(":");
  if (parts.length === 1) return resolveCommit(own, text);
  const { store, git } = call.platform;
  const [owner = "", second = "", third] = parts;
  const name = third === undefined ? forkName(call, owner) : second;
  const fork = findRepository(store, owner, name);
  return fork === undefined ? undefined : resolveCommit(git.folder(fork.id), third ?? second);
}

function forkName(call: RepositoryCall, owner: string): string {
  const { store } = call.platform;
  const fork = store.repositories
    .all()
    .find((row) => row.parentId === call.repository.id && accountOf(store, row.ownerId).login === owner);
  return fork?.name ?? call.repository.name;
}

function listBranches(call: RepositoryCall): Reply {
  const onlyProtected = call.query.get("protected");
  const branches = listRefs(folderOf(call), "refs/heads/").filter(
    (ref) => onlyProtected === null || String(isProtected(call, ref.name)) === onlyProtected,
  );
  const url = repositoryUrl(viewOf(call), call.repository);
  return paginate(call, branches, (ref) => ({
    name: ref.name.slice("refs/heads/".length),
    commit: { sha: ref.sha, url: `${url}/commits/${ref.sha}` },
    protected: isProtected(call, ref.name),
  }));
}

function isProtected(call: RepositoryCall, ref: string): boolean {
  return renderBranchProtection(viewOf(call), call.repository, ref)["enabled"] === true;
}

function getBranch(call: RepositoryCall): Reply {
  const view = viewOf(call);
  const name = param(call, "branch");
  const sha = readRef(folderOf(call), `refs/heads/${name}`);
  if (sha === undefined) throw notFound("Branch not found");
  const url = `${repositoryUrl(view, call.repository)}/branches/${name}`;
  const protection = renderBranchProtection(view, call.repository, `refs/heads/${name}`);
  return json(200, {
    name,
    commit: renderCommit(view, call.repository, commitOf(view, call.repository, sha)),
    _links: { self: url, html: `${repositoryPage(view, call.repository)}/tree/${name}` },
    protected: protection["enabled"],
    protection,
    protection_url: `${url}/protection`,
  });
}

function listTags(call: RepositoryCall): Reply {
  const folder = folderOf(call);
  const url = repositoryUrl(viewOf(call), call.repository);
  return paginate(call, listRefs(folder, "refs/tags/"), (ref): JsonObject => {
    const name = ref.name.slice("refs/tags/".length);
    const sha = resolveCommit(folder, ref.name) ?? ref.sha;
    return {
      name,
      zipball_url: `${url}/zipball/${ref.name}`,
      tarball_url: `${url}/tarball/${ref.name}`,
      commit: { sha, url: `${url}/commits/${sha}` },
      node_id: nodeId("Ref", ref.name),
    };
  });
}
