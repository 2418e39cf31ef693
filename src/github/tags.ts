// Tags of versions: what stays when a release is deleted.
import { parseTag } from "../registry/names.ts";
import type { RepositoryClient } from "./client.ts";
import { explained, GitHubError } from "./failure.ts";

const pageSize = 100;

/** Names of the tags that look like `MODEL@VERSION`; one request per 100 tags of the repository. */
export async function listTags({ client, owner, name }: RepositoryClient): Promise<readonly string[]> {
  const found: string[] = [];
  for (let page = 1; ; page += 1) {
    const { data } = await explained(() => client.rest.repos.listTags({ owner, repo: name, per_page: pageSize, page }));
    found.push(...data.map((tag) => tag.name).filter((tag) => parseTag(tag) !== null));
    if (data.length < pageSize) return found;
  }
}

/** Deletes the tag, if it is there; false when a ruleset forbids it. */
export async function deleteTag({ client, owner, name }: RepositoryClient, tag: string): Promise<boolean> {
  try {
    await explained(() => client.rest.git.deleteRef({ owner, repo: name, ref: `tags/${tag}` }));
    return true;
  } catch (error) {
    if (!(error instanceof GitHubError) || error.status !== 422) throw error;
    return /does not exist/i.test(error.problems[0].received ?? "");
  }
}
