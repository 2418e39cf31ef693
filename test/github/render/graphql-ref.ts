// A branch with files of its newest commit, as a GraphQL query asks for them: `NAME: file(path: $VARIABLE)`.
import { readContent } from "../git/objects.ts";
import { readRef } from "../git/refs.ts";
import { findEntry, isFolderMode } from "../git/trees.ts";
import type { JsonObject } from "../json.ts";
import type { Repository } from "../state/repository.ts";
import { accountOfEmail, commitOf } from "./commit.ts";
import type { View } from "./view.ts";

/** GitHub cuts texts off in GraphQL beyond about half a megabyte, and says so. */
const longestText = 512_000;

/** The field `ref` of a repository; null when there is no such branch. */
export function renderGraphqlRef(
  view: View,
  repository: Repository,
  query: string,
  variables: Readonly<Record<string, unknown>>,
): JsonObject | null {
  const folder = view.platform.git.folder(repository.id);
  const sha = readRef(folder, String(variables["ref"] ?? ""));
  if (sha === undefined) return null;
  const commit = commitOf(view, repository, sha);
  const account = accountOfEmail(view.platform.store, commit.author.email);
  const files = [...query.matchAll(/\b(\w+): file\(path: \$(\w+)\)/g)].map(([, name = "", variable = ""]) => [
    name,
    renderFile(folder, commit.tree, String(variables[variable] ?? "")),
  ]);
  return {
    target: {
      oid: sha,
      message: commit.message,
      tree: { oid: commit.tree },
      parents: { totalCount: commit.parents.length, nodes: commit.parents.slice(0, 2).map((oid) => ({ oid })) },
      author: { user: account === undefined ? null : { login: account.login } },
      ...Object.fromEntries(files),
    },
  };
}

function renderFile(folder: string, tree: string, path: string): JsonObject | null {
  const entry = findEntry(folder, tree, path);
  if (entry === undefined) return null;
  if (isFolderMode(entry.mode)) return { object: {} };
  const content = readContent(folder, entry.sha, "blob") ?? Buffer.alloc(0);
  const text = content.includes(0) ? null : content.toString("utf8");
  return { object: { text: text?.slice(0, longestText) ?? null, isTruncated: content.length > longestText } };
}
