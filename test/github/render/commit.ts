// Commits and differences as the API shows them.
import { isOurSignature } from "../auth/commit-signing.ts";
import { type Commit, type Person, readCommit } from "../git/commits.ts";
import type { FileDifference } from "../git/diff.ts";
import { notFound } from "../http/reply.ts";
import type { JsonObject } from "../json.ts";
import type { Account } from "../state/account.ts";
import type { Repository } from "../state/repository.ts";
import type { Store } from "../state/store.ts";
import { renderUser } from "./account.ts";
import { repositoryPage, repositoryUrl } from "./repository.ts";
import { nodeId, type View } from "./view.ts";

/** The commit of a repository; 404 when it has none of that name. */
export function commitOf(view: View, repository: Repository, sha: string): Commit {
  const commit = readCommit(view.platform.git.folder(repository.id), sha);
  if (commit === undefined) throw notFound();
  return commit;
}

/** The account that an e-mail address belongs to. */
export function accountOfEmail(store: Store, email: string): Account | undefined {
  const numbered = /^(\d+)\+.*@users\.noreply\.github\.com$/.exec(email);
  if (numbered !== null) return store.accounts.get(Number(numbered[1]));
  return store.accounts.find((account) => account.email === email);
}

/** Whether GitHub vouches for who made it. */
export function renderVerification(view: View, commit: Commit): JsonObject {
  const { signature } = commit;
  if (signature === null)
    return { verified: false, reason: "unsigned", signature: null, payload: null, verified_at: null };
  const verified = isOurSignature(view.platform.dataFolder, signature.text, signature.payload);
  return {
    verified,
    reason: verified ? "valid" : "unknown_key",
    signature: signature.text,
    payload: signature.payload,
    verified_at: verified ? commit.committer.date : null,
  };
}

/** `git-commit`. */
export function renderGitCommit(view: View, repository: Repository, commit: Commit): JsonObject {
  const url = repositoryUrl(view, repository);
  const page = repositoryPage(view, repository);
  return {
    sha: commit.sha,
    node_id: nodeId("Commit", commit.sha),
    url: `${url}/git/commits/${commit.sha}`,
    html_url: `${page}/commit/${commit.sha}`,
    author: renderPerson(commit.author),
    committer: renderPerson(commit.committer),
    tree: { sha: commit.tree, url: `${url}/git/trees/${commit.tree}` },
    message: commit.message,
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${url}/git/commits/${sha}`,
      html_url: `${page}/commit/${sha}`,
    })),
    verification: renderVerification(view, commit),
  };
}

/** `commit`: the commit with the accounts of its people. */
export function renderCommit(view: View, repository: Repository, commit: Commit): JsonObject {
  const url = repositoryUrl(view, repository);
  const page = repositoryPage(view, repository);
  const author = accountOfEmail(view.store, commit.author.email);
  const committer = accountOfEmail(view.store, commit.committer.email);
  return {
    sha: commit.sha,
    node_id: nodeId("Commit", commit.sha),
    commit: {
      author: renderPerson(commit.author),
      committer: renderPerson(commit.committer),
      message: commit.message,
      tree: { sha: commit.tree, url: `${url}/git/trees/${commit.tree}` },
      url: `${url}/git/commits/${commit.sha}`,
      comment_count: 0,
      verification: renderVerification(view, commit),
    },
    url: `${url}/commits/${commit.sha}`,
    html_url: `${page}/commit/${commit.sha}`,
    comments_url: `${url}/commits/${commit.sha}/comments`,
    author: author === undefined ? {} : renderUser(view, author),
    committer: committer === undefined ? {} : renderUser(view, committer),
    parents: commit.parents.map((sha) => ({ sha, url: `${url}/commits/${sha}`, html_url: `${page}/commit/${sha}` })),
  };
}

/** `diff-entry`; `head` is the commit the files are shown at. */
export function renderDifference(view: View, repository: Repository, head: string, file: FileDifference): JsonObject {
  const path = encodeURI(file.path);
  const page = repositoryPage(view, repository);
  return {
    sha: file.sha,
    filename: file.path,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.additions + file.deletions,
    blob_url: `${page}/blob/${head}/${path}`,
    raw_url: `${page}/raw/${head}/${path}`,
    contents_url: `${repositoryUrl(view, repository)}/contents/${path}?ref=${head}`,
    ...(file.patch === null ? {} : { patch: file.patch }),
    ...(file.previousPath === null ? {} : { previous_filename: file.previousPath }),
  };
}

function renderPerson(person: Person): JsonObject {
  return { name: person.name, email: person.email, date: person.date };
}
