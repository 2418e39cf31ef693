// Repositories as the API shows them.
import { roleOf } from "../auth/authorize.ts";
import type { JsonObject } from "../json.ts";
import { coversRole, type Role } from "../state/permissions.ts";
import type { Repository } from "../state/repository.ts";
import { accountOf, fullName } from "../state/store.ts";
import { renderUser } from "./account.ts";
import { nodeId, type View } from "./view.ts";

const apiFolders = {
  archive_url: "{archive_format}{/ref}",
  assignees_url: "assignees{/user}",
  blobs_url: "git/blobs{/sha}",
  branches_url: "branches{/branch}",
  collaborators_url: "collaborators{/collaborator}",
  comments_url: "comments{/number}",
  commits_url: "commits{/sha}",
  compare_url: "compare/{base}...{head}",
  contents_url: "contents/{+path}",
  contributors_url: "contributors",
  deployments_url: "deployments",
  downloads_url: "downloads",
  events_url: "events",
  forks_url: "forks",
  git_commits_url: "git/commits{/sha}",
  git_refs_url: "git/refs{/sha}",
  git_tags_url: "git/tags{/sha}",
  hooks_url: "hooks",
  issue_comment_url: "issues/comments{/number}",
  issue_events_url: "issues/events{/number}",
  issues_url: "issues{/number}",
  keys_url: "keys{/key_id}",
  labels_url: "labels{/name}",
  languages_url: "languages",
  merges_url: "merges",
  milestones_url: "milestones{/number}",
  notifications_url: "notifications{?since,all,participating}",
  pulls_url: "pulls{/number}",
  releases_url: "releases{/id}",
  stargazers_url: "stargazers",
  statuses_url: "statuses/{sha}",
  subscribers_url: "subscribers",
  subscription_url: "subscription",
  tags_url: "tags",
  teams_url: "teams",
  trees_url: "git/trees{/sha}",
} as const;

/** Address of a repository in the API. */
export function repositoryUrl(view: View, repository: Repository): string {
  return `${view.api}/repos/${fullName(view.store, repository)}`;
}

/** Address of a repository's page. */
export function repositoryPage(view: View, repository: Repository): string {
  return `${view.origin}/${fullName(view.store, repository)}`;
}

/** `repository`; with `readerId` also what that account may do. */
export function renderRepository(view: View, repository: Repository, readerId?: number): JsonObject {
  const url = repositoryUrl(view, repository);
  const page = repositoryPage(view, repository);
  const openIssues = view.store.issues.group(repository.id).filter((issue) => issue.state === "open").length;
  const forks = view.store.repositories.all().filter((fork) => fork.parentId === repository.id).length;
  const urls = Object.fromEntries(Object.entries(apiFolders).map(([key, rest]) => [key, `${url}/${rest}`]));
  return {
    id: repository.id,
    node_id: nodeId("Repository", repository.id),
    name: repository.name,
    full_name: fullName(view.store, repository),
    private: repository.private,
    owner: renderUser(view, accountOf(view.store, repository.ownerId)),
    html_url: page,
    description: repository.description,
    fork: repository.parentId !== null,
    url,
    ...urls,
    git_url: `${page.replace(/^https?/, "git")}.git`,
    ssh_url: `git@localhost:${fullName(view.store, repository)}.git`,
    clone_url: `${page}.git`,
    svn_url: page,
    mirror_url: null,
    homepage: repository.homepage,
    size: 0,
    stargazers_count: 0,
    watchers_count: 0,
    language: null,
    has_issues: repository.hasIssues,
    has_projects: false,
    has_downloads: true,
    has_wiki: false,
    has_pages: false,
    has_discussions: false,
    forks_count: forks,
    archived: repository.archived,
    disabled: false,
    open_issues_count: openIssues,
    license: null,
    allow_forking: true,
    is_template: false,
    web_commit_signoff_required: false,
    topics: [...repository.topics],
    visibility: repository.private ? "private" : "public",
    forks,
    open_issues: openIssues,
    watchers: 0,
    default_branch: repository.defaultBranch,
    created_at: repository.createdAt,
    updated_at: repository.updatedAt,
    pushed_at: repository.pushedAt,
    ...(readerId === undefined ? {} : { permissions: renderRights(roleOf(view.store, repository, readerId)) }),
  };
}

/** `full-repository`: one repository asked for by name. */
export function renderFullRepository(view: View, repository: Repository, readerId?: number): JsonObject {
  const owner = accountOf(view.store, repository.ownerId);
  const parent = repository.parentId === null ? undefined : view.store.repositories.get(repository.parentId);
  return {
    ...renderRepository(view, repository, readerId),
    allow_squash_merge: repository.allowSquashMerge,
    allow_merge_commit: repository.allowMergeCommit,
    allow_rebase_merge: repository.allowRebaseMerge,
    allow_auto_merge: false,
    delete_branch_on_merge: repository.deleteBranchOnMerge,
    allow_update_branch: false,
    use_squash_pr_title_as_default: false,
    squash_merge_commit_message: "COMMIT_MESSAGES",
    squash_merge_commit_title: "COMMIT_OR_PR_TITLE",
    merge_commit_message: "PR_TITLE",
    merge_commit_title: "MERGE_MESSAGE",
    network_count: 0,
    subscribers_count: 0,
    ...(owner.type === "Organization" ? { organization: renderUser(view, owner) } : {}),
    ...(parent === undefined ? {} : { parent: renderRepository(view, parent), source: renderRepository(view, parent) }),
  };
}

/** The five booleans of what a role may do. */
export function renderRights(role: Role): JsonObject {
  return {
    admin: role === "admin",
    maintain: coversRole(role, "maintain"),
    push: coversRole(role, "write"),
    triage: coversRole(role, "triage"),
    pull: coversRole(role, "read"),
  };
}
