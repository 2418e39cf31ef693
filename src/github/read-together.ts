// The newest commit of a branch and files as of it, in one GraphQL request: what an event is decided from costs one read.
import { z } from "zod";
import type { RepositoryClient } from "./client.ts";

/** A commit with the files that were asked for; a file that is not there is missing from `files`. */
export interface BranchSnapshot {
  readonly commit: string;
  readonly tree: string;
  readonly message: string;
  readonly parents: readonly string[];
  readonly parentCount: number;
  /** Login; null when GitHub does not know the author. */
  readonly author: string | null;
  readonly files: ReadonlyMap<string, string>;
}

const File = z.object({
  object: z.object({ text: z.string().nullish(), isTruncated: z.boolean().nullish() }).nullable(),
});
const Target = z
  .object({
    oid: z.string(),
    message: z.string(),
    tree: z.object({ oid: z.string() }),
    parents: z.object({ totalCount: z.number(), nodes: z.array(z.object({ oid: z.string() })) }),
    author: z.object({ user: z.object({ login: z.string() }).nullable() }).nullable(),
  })
  .catchall(File.nullable());
const Answer = z.object({ repository: z.object({ ref: z.object({ target: Target }).nullable() }) });

/**
 * Null when GitHub does not answer such a question whole: no such branch, a file too long for it, or a token or a server
 * without GraphQL. Then the REST routes tell what there is, and what is wrong. Files are read through the commit, so that
 * they can be of no other one.
 */
export async function readTogether(
  { client, owner, name }: RepositoryClient,
  branch: string,
  paths: readonly string[],
): Promise<BranchSnapshot | null> {
  try {
    const variables = Object.fromEntries(paths.map((path, index) => [`path${index}`, path]));
    const ref = `refs/heads/${branch}`;
    const answer = Answer.safeParse(
      await client.graphql(renderQuery(paths.length), { owner, name, ref, ...variables }),
    );
    const target = answer.data?.repository.ref?.target;
    return target === undefined ? null : readTarget(target, paths);
  } catch {
    return null;
  }
}

/** Fields `file0`, `file1`, … of the variables `path0`, `path1`, … */
export function renderQuery(count: number): string {
  const numbers = Array.from({ length: count }, (_, index) => index);
  return `query ($owner: String!, $name: String!, $ref: String!${numbers.map((at) => `, $path${at}: String!`).join("")}) {
  repository(owner: $owner, name: $name) {
    ref(qualifiedName: $ref) {
      target {
        ... on Commit {
          oid
          message
          tree { oid }
          parents(first: 2) { totalCount nodes { oid } }
          author { user { login } }
          ${numbers.map((at) => `file${at}: file(path: $path${at}) { object { ... on Blob { text isTruncated } } }`).join("\n          ")}
        }
      }
    }
  }
}`;
}

function readTarget(target: z.infer<typeof Target>, paths: readonly string[]): BranchSnapshot | null {
  const files = new Map<string, string>();
  for (const [index, path] of paths.entries()) {
    const file = target[`file${index}`];
    if (file === null) continue;
    const found = File.safeParse(file).data?.object;
    if (typeof found?.text !== "string" || found.isTruncated !== false) return null;
    files.set(path, found.text);
  }
  const { oid, tree, message, parents, author } = target;
  return {
    commit: oid,
    tree: tree.oid,
    message,
    parents: parents.nodes.map((parent) => parent.oid),
    parentCount: parents.totalCount,
    author: author?.user?.login ?? null,
    files,
  };
}
