// One comment per pull request that is kept up to date: found by its marker and its author over all pages, duplicates healed.
import type { RepositoryClient } from "./client.ts";
import { orNullIfMissing } from "./missing.ts";

export interface Comment {
  readonly id: number;
  readonly url: string;
  readonly author: string;
  readonly body: string;
}

/** All comments of an issue or pull request, oldest first. */
export async function listComments(repository: RepositoryClient, issueNumber: number): Promise<readonly Comment[]> {
  const { client, owner, name } = repository;
  const found = await client.paginate(client.rest.issues.listComments, {
    owner,
    repo: name,
    issue_number: issueNumber,
    per_page: 100,
  });
  return found
    .map((comment) => ({
      id: comment.id,
      url: comment.html_url,
      author: comment.user?.login ?? "",
      body: comment.body ?? "",
    }))
    .sort((a, b) => a.id - b.id);
}

/** Creates a comment; its address. */
export async function createComment(repository: RepositoryClient, issueNumber: number, body: string): Promise<Comment> {
  const { client, owner, name } = repository;
  const { data } = await client.rest.issues.createComment({ owner, repo: name, issue_number: issueNumber, body });
  return { id: data.id, url: data.html_url, author: data.user?.login ?? "", body };
}

export interface StickyComment {
  /** Must be the first line of `body`: what the comment is found by, together with its author. */
  readonly marker: string;
  /** Logins whose comments are ours: `app[bot]`, `github-actions[bot]`. */
  readonly authors: readonly string[];
  readonly body: string;
  /** Creates nothing: only a comment that stands already is brought up to date. */
  readonly onlyUpdate?: boolean;
  /** Given the text now standing: false leaves it, because it is newer than ours. */
  readonly mayReplace?: (standing: string) => boolean;
}

/**
 * Creates or updates the comment. Equal text writes nothing; of duplicates (two processes at once) the oldest stays and the others go.
 * `written` is false when nothing had to be or might be changed; null when there is none and `onlyUpdate` is set.
 */
export async function putStickyComment(
  repository: RepositoryClient,
  issueNumber: number,
  sticky: StickyComment,
): Promise<{ readonly comment: Comment; readonly written: boolean } | null> {
  const mine = await findOwnComments(repository, issueNumber, sticky);
  const [oldest, ...duplicates] = mine;
  if (!oldest && sticky.onlyUpdate) return null;
  if (!oldest) {
    const created = await createComment(repository, issueNumber, sticky.body);
    const again = await findOwnComments(repository, issueNumber, sticky);
    const first = again[0];
    if (!first || first.id === created.id) return { comment: created, written: true };
    await removeComments(repository, again.slice(1));
    return await replaceComment(repository, first, sticky);
  }
  await removeComments(repository, duplicates);
  return await replaceComment(repository, oldest, sticky);
}

async function findOwnComments(
  repository: RepositoryClient,
  issueNumber: number,
  { marker, authors }: StickyComment,
): Promise<readonly Comment[]> {
  const comments = await listComments(repository, issueNumber);
  return comments.filter((comment) => authors.includes(comment.author) && comment.body.trimStart().startsWith(marker));
}

async function replaceComment(repository: RepositoryClient, standing: Comment, sticky: StickyComment) {
  const { client, owner, name } = repository;
  const same = standing.body.trim() === sticky.body.trim();
  if (same || sticky.mayReplace?.(standing.body) === false) return { comment: standing, written: false };
  await client.rest.issues.updateComment({ owner, repo: name, comment_id: standing.id, body: sticky.body });
  return { comment: { ...standing, body: sticky.body }, written: true };
}

async function removeComments(repository: RepositoryClient, comments: readonly Comment[]): Promise<void> {
  const { client, owner, name } = repository;
  for (const comment of comments) {
    await orNullIfMissing(client.rest.issues.deleteComment({ owner, repo: name, comment_id: comment.id }));
  }
}
