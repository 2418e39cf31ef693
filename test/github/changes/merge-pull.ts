// Merging a pull request: what stands in its way, and the commit that comes of it.
import { type Actor, authorOf } from "../auth/actor.ts";
import { roleOf } from "../auth/authorize.ts";
import { signCommit } from "../auth/commit-signing.ts";
import { commitsBetween, isAncestor, mergeBase, readCommit, writeCommit } from "../git/commits.ts";
import { mergeTrees } from "../git/merge.ts";
import { readRef } from "../git/refs.ts";
import { emptyTreeSha } from "../git/trees.ts";
import { HttpError } from "../http/reply.ts";
import type { Platform } from "../platform.ts";
import { requiredChecksOf } from "../render/pull.ts";
import { defaultView } from "../render/view.ts";
import type { Pull } from "../state/issue.ts";
import type { Repository } from "../state/repository.ts";
import { accountOf } from "../state/store.ts";
import { moveRefQuietly } from "./move-ref.ts";
import { personOf } from "./person.ts";
import { completeMerge, issueOf, mergePull, refreshPull } from "./pull-heads.ts";
import { judgeRefMove, protectionOf, rulesetsFor } from "./ref-rules.ts";
import { refsMoved } from "./refs-moved.ts";
import { missingChecks } from "./required-checks.ts";

export interface MergeWish {
  readonly method: "merge" | "squash" | "rebase";
  /** The head that the caller saw; 409 when it has moved. */
  readonly sha: string | undefined;
  readonly title: string | undefined;
  readonly message: string | undefined;
}

/** Merges and returns the merged pull request; throws 405 when something is in the way, 409 when the head or the base has moved. */
export function mergeByRules(
  platform: Platform,
  repository: Repository,
  stale: Pull,
  actor: Actor,
  wish: MergeWish,
): Pull {
  const issue = issueOf(platform, stale);
  if (stale.mergedAt !== null || issue.state !== "open") throw new HttpError(405, "Pull Request is not mergeable");
  if (stale.draft) throw new HttpError(405, "Pull Request is still a draft");
  const pull = refreshPull(platform, repository, stale);
  if (wish.sha !== undefined && wish.sha !== pull.headSha) {
    throw new HttpError(409, "Head branch was modified. Review and try the merge again.");
  }
  const allowed = {
    merge: repository.allowMergeCommit,
    squash: repository.allowSquashMerge,
    rebase: repository.allowRebaseMerge,
  };
  if (!allowed[wish.method])
    throw new HttpError(405, `${methodNames[wish.method]} are not allowed on this repository.`);
  if (pull.mergeable !== true) throw new HttpError(405, "Pull Request is not mergeable");
  checkRules(platform, repository, pull, actor);
  const before = readRef(platform.git.folder(repository.id), `refs/heads/${pull.baseRef}`);
  const sha = makeCommit(platform, repository, pull, actor, wish);
  if (before !== pull.baseSha) throw new HttpError(409, "Base branch was modified. Review and try the merge again.");
  const name = `refs/heads/${pull.baseRef}`;
  const refused = judgeRefMove(platform, repository, actor, { name, before, after: sha }, true).refusals[0];
  if (refused !== undefined) throw new HttpError(405, refused);
  const move = moveRefQuietly(platform, repository, actor, { name, after: sha, force: false, merging: true });
  const merged = completeMerge(platform, repository, pull, sha, actor);
  refsMoved(platform, repository, [move], actor);
  return merged;
}

const methodNames = { merge: "Merge commits", squash: "Squash merges", rebase: "Rebase merges" } as const;

function checkRules(platform: Platform, repository: Repository, pull: Pull, actor: Actor): void {
  const view = defaultView(platform);
  const ref = `refs/heads/${pull.baseRef}`;
  const protection = protectionOf(platform, repository, ref);
  const isAdmin = actor.kind === "user" && roleOf(platform.store, repository, actor.account.id) === "admin";
  // Stricter than GitHub where `enforce_admins` is off: required checks hold for everybody who merges over the API.
  const [missing] = missingChecks(
    platform,
    repository,
    [pull.headSha],
    requiredChecksOf(view, repository, pull.baseRef),
  );
  if (missing !== undefined) {
    const words = { expected: "is expected", pending: "is pending", failing: "is failing" } as const;
    throw new HttpError(405, `Required status check "${missing.context}" ${words[missing.why]}.`);
  }
  if (isAdmin && protection?.enforceAdmins !== true) return;
  const folder = platform.git.folder(repository.id);
  if (protection?.strict === true && !isAncestor(folder, pull.baseSha, pull.headSha)) {
    throw new HttpError(405, "Head branch is out of date. Review and try the merge again.");
  }
  const approvals = platform.store.reviews
    .group(repository.id)
    .filter((review) => review.pullNumber === pull.number && review.state === "APPROVED");
  const needed = Math.max(protection?.requiredApprovals ?? 0, approvalsByRule(platform, repository, ref));
  if (new Set(approvals.map((review) => review.authorId)).size < needed) {
    throw new HttpError(405, `At least ${needed} approving review is required by reviewers with write access.`);
  }
}

function approvalsByRule(platform: Platform, repository: Repository, ref: string): number {
  const counts = rulesetsFor(platform, repository, ref)
    .flatMap((ruleset) => ruleset.rules)
    .filter((rule) => rule.type === "pull_request")
    .map((rule) => Number(rule.parameters?.["required_approving_review_count"] ?? 0));
  return Math.max(0, ...counts);
}

function makeCommit(platform: Platform, repository: Repository, pull: Pull, actor: Actor, wish: MergeWish): string {
  const folder = platform.git.folder(repository.id);
  const outcome = mergePull(platform, repository, pull);
  if (!outcome.merged) throw new HttpError(405, "Pull Request is not mergeable");
  const issue = issueOf(platform, pull);
  const sign = (payload: string): string => signCommit(platform.dataFolder, payload);
  const now = platform.timestamp();
  const merger = personOf(authorOf(actor), now);
  if (wish.method === "rebase") return rebase(platform, repository, pull, actor);
  if (wish.method === "squash") {
    const title = wish.title ?? `${issue.title} (#${pull.number})`;
    return writeCommit(
      folder,
      {
        tree: outcome.tree,
        parents: [pull.baseSha],
        author: personOf(accountOf(platform.store, issue.authorId), now),
        committer: merger,
        message: joinMessage(title, wish.message ?? squashedMessages(folder, pull)),
      },
      sign,
    );
  }
  const owner = headOwner(platform, pull);
  const title = wish.title ?? `Merge pull request #${pull.number} from ${owner}/${pull.headRef}`;
  return writeCommit(
    folder,
    {
      tree: outcome.tree,
      parents: [pull.baseSha, pull.headSha],
      author: merger,
      committer: merger,
      message: joinMessage(title, wish.message ?? issue.title),
    },
    sign,
  );
}

function squashedMessages(folder: string, pull: Pull): string {
  const commits = commitsBetween(folder, pull.baseSha, pull.headSha).reverse();
  return commits.length < 2 ? "" : commits.map((commit) => `* ${commit.message}`).join("\n\n");
}

function joinMessage(title: string, message: string): string {
  return message === "" ? title : `${title}\n\n${message}`;
}

function headOwner(platform: Platform, pull: Pull): string {
  const head = pull.headRepositoryId === null ? undefined : platform.store.repositories.get(pull.headRepositoryId);
  return head === undefined ? "unknown" : accountOf(platform.store, head.ownerId).login;
}

/** Puts each commit of the head onto the base, one after the other; merge commits are left out. */
function rebase(platform: Platform, repository: Repository, pull: Pull, actor: Actor): string {
  const folder = platform.git.folder(repository.id);
  const committer = personOf(authorOf(actor), platform.timestamp());
  const treeOf = (sha: string | undefined): string => (sha && readCommit(folder, sha)?.tree) ?? emptyTreeSha;
  let head = pull.baseSha;
  const start = mergeBase(folder, pull.baseSha, pull.headSha);
  for (const commit of commitsBetween(folder, pull.baseSha, pull.headSha).reverse()) {
    if (commit.parents.length > 1) continue;
    const outcome = mergeTrees(folder, treeOf(commit.parents[0] ?? start), treeOf(head), commit.tree);
    if (!outcome.merged) throw new HttpError(405, "This branch can't be rebased");
    const { author, message } = commit;
    head = writeCommit(folder, { tree: outcome.tree, parents: [head], author, committer, message });
  }
  return head;
}
