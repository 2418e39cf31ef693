// The few GraphQL queries that the `gh` program and the registry send; anything else is told that it is missing.
import { z } from "zod";
import { authorize, canSee } from "../auth/authorize.ts";
import { type Call, input } from "../http/call.ts";
import { json, type Reply, unauthorized } from "../http/reply.ts";
import type { JsonObject } from "../json.ts";
import { renderGraphqlRef } from "../render/graphql-ref.ts";
import { repositoryPage } from "../render/repository.ts";
import { nodeId, viewOf } from "../render/view.ts";
import type { Release } from "../state/release.ts";
import type { Repository } from "../state/repository.ts";
import { accountOf, findRepository, fullName } from "../state/store.ts";
import type { RouteTools } from "./catalog.ts";

const query = z.object({ query: z.string(), variables: z.record(z.string(), z.unknown()).nullish() });

export function addGraphqlRoutes({ platform }: RouteTools): void {
  platform.router.route("POST /graphql", { foreign: true }, answer);
}

function answer(call: Call): Reply {
  if (call.actor.kind === "anonymous") throw unauthorized("This endpoint requires you to be authenticated.");
  const wish = input(call, "Query", query);
  const variables = wish.variables ?? {};
  const text = wish.query;
  if (/\bviewer\s*\{/.test(text) && call.actor.kind !== "app") {
    return json(200, {
      data: { viewer: { login: call.actor.account.login, id: nodeId("User", call.actor.account.id) } },
    });
  }
  if (/\brepository\s*\(/.test(text)) return answerRepository(call, text, variables);
  return unknown(text);
}

function answerRepository(call: Call, text: string, variables: Readonly<Record<string, unknown>>): Reply {
  const { store } = call.platform;
  const owner = String(variables["owner"] ?? "");
  const name = String(variables["name"] ?? variables["repo"] ?? "");
  const repository = findRepository(store, owner, name);
  if (repository === undefined || !canSee(store, call.actor, repository)) {
    const message = `Could not resolve to a Repository with the name '${owner}/${name}'.`;
    return json(200, { data: { repository: null }, errors: [{ type: "NOT_FOUND", path: ["repository"], message }] });
  }
  if (/\bref\s*\(/.test(text)) return answerRef(call, repository, text, variables);
  if (/\breleases\s*\(/.test(text)) return json(200, { data: { repository: renderReleases(call, repository) } });
  if (/\brelease\s*\(/.test(text)) {
    const tag = String(variables["tagName"] ?? "");
    const release = store.releases.group(repository.id).find((row) => row.tagName === tag);
    const found = release === undefined ? null : { databaseId: release.id, isDraft: release.draft };
    return json(200, { data: { repository: { release: found } } });
  }
  return json(200, { data: { repository: renderRepository(call, repository) } });
}

function answerRef(
  call: Call,
  repository: Repository,
  text: string,
  variables: Readonly<Record<string, unknown>>,
): Reply {
  try {
    authorize(call.platform.store, call.actor, repository, { permissions: ["contents:read"] }, "GET");
  } catch {
    const message = "Resource not accessible by integration";
    return json(200, {
      data: { repository: null },
      errors: [{ type: "FORBIDDEN", path: ["repository", "ref"], message }],
    });
  }
  return json(200, { data: { repository: { ref: renderGraphqlRef(viewOf(call), repository, text, variables) } } });
}

function renderRepository(call: Call, repository: Repository): JsonObject {
  const { store } = call.platform;
  return {
    id: nodeId("Repository", repository.id),
    name: repository.name,
    nameWithOwner: fullName(store, repository),
    owner: { id: nodeId("User", repository.ownerId), login: accountOf(store, repository.ownerId).login },
    description: repository.description ?? "",
    url: repositoryPage(viewOf(call), repository),
    isPrivate: repository.private,
    isFork: repository.parentId !== null,
    hasIssuesEnabled: repository.hasIssues,
    viewerPermission: "ADMIN",
    defaultBranchRef: { name: repository.defaultBranch },
    parent: null,
    mergeCommitAllowed: repository.allowMergeCommit,
    rebaseMergeAllowed: repository.allowRebaseMerge,
    squashMergeAllowed: repository.allowSquashMerge,
  };
}

function renderReleases(call: Call, repository: Repository): JsonObject {
  const rows = call.platform.store.releases
    .group(repository.id)
    .filter((row) => !row.draft)
    .reverse();
  const latest = rows.find((row) => !row.prerelease && row.makeLatest !== "false");
  const node = (row: Release): JsonObject => ({
    name: row.name ?? "",
    tagName: row.tagName,
    isDraft: row.draft,
    isLatest: row.id === latest?.id,
    isPrerelease: row.prerelease,
    createdAt: row.createdAt,
    publishedAt: row.publishedAt,
  });
  return { releases: { nodes: rows.map(node), pageInfo: { hasNextPage: false, endCursor: null } } };
}

function unknown(text: string): Reply {
  const first = text.replace(/\s+/g, " ").slice(0, 80);
  return json(200, { data: null, errors: [{ message: `the local GitHub does not know this query: ${first}` }] });
}
