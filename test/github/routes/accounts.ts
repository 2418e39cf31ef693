// People, organizations, rate limit, and the root of the API.
import { authorOf } from "../auth/actor.ts";
import { type Call, param } from "../http/call.ts";
import { json, notFound, type Reply } from "../http/reply.ts";
import type { JsonObject } from "../json.ts";
import { renderFullUser, renderUser } from "../render/account.ts";
import { nodeId, viewOf } from "../render/view.ts";
import type { Account } from "../state/account.ts";
import { findAccount } from "../state/store.ts";
import type { RouteTools } from "./catalog.ts";

export function addAccountRoutes({ platform, limits }: RouteTools): void {
  const { router } = platform;
  router.route("GET /user", {}, (call) => {
    const author = authorOf(call.actor);
    return json(200, renderFullUser(viewOf(call), author), {
      "x-oauth-scopes": "delete_repo, gist, read:org, repo, workflow",
    });
  });
  router.route("GET /users/{username}", { actor: "anyone" }, (call) =>
    json(200, renderFullUser(viewOf(call), accountNamed(call, param(call, "username")))),
  );
  router.route("GET /orgs/{org}", { actor: "anyone" }, getOrganization);
  // Organizations here have no teams, so nobody is in one.
  router.route("GET /orgs/{org}/teams/{team_slug}/memberships/{username}", {}, () => {
    throw notFound();
  });
  router.route("GET /meta", { actor: "anyone" }, () =>
    json(200, { verifiable_password_authentication: true, installed_version: "3.17.0" }),
  );
  router.route("GET /rate_limit", { actor: "anyone" }, (call) => {
    const { limit, used, resetSeconds } = limits.budget(call.actor);
    const rate = { limit, used, remaining: Math.max(0, limit - used), reset: resetSeconds };
    return json(200, { resources: { core: rate, search: { ...rate, limit: 30, used: 0, remaining: 30 } }, rate });
  });
  router.route("GET /", { actor: "anyone" }, (call) => json(200, renderRoot(viewOf(call).api)));
}

function accountNamed(call: Call, login: string): Account {
  const account = findAccount(call.platform.store, login);
  if (account === undefined) throw notFound();
  return account;
}

function getOrganization(call: Call): Reply {
  const account = accountNamed(call, param(call, "org"));
  if (account.type !== "Organization") throw notFound();
  const view = viewOf(call);
  const url = `${view.api}/orgs/${account.login}`;
  const user = renderUser(view, account);
  return json(200, {
    login: account.login,
    id: account.id,
    node_id: nodeId("Organization", account.id),
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: user["avatar_url"],
    description: null,
    html_url: user["html_url"],
    has_organization_projects: false,
    has_repository_projects: false,
    public_repos: view.store.repositories.group(account.id).length,
    public_gists: 0,
    followers: 0,
    following: 0,
    type: "Organization",
    created_at: account.createdAt,
    updated_at: account.createdAt,
    archived_at: null,
  });
}

function renderRoot(api: string): JsonObject {
  return {
    current_user_url: `${api}/user`,
    current_user_authorizations_html_url: `${api}/settings/connections/applications{/client_id}`,
    authorizations_url: `${api}/authorizations`,
    code_search_url: `${api}/search/code?q={query}{&page,per_page,sort,order}`,
    commit_search_url: `${api}/search/commits?q={query}{&page,per_page,sort,order}`,
    emails_url: `${api}/user/emails`,
    emojis_url: `${api}/emojis`,
    events_url: `${api}/events`,
    feeds_url: `${api}/feeds`,
    followers_url: `${api}/user/followers`,
    following_url: `${api}/user/following{/target}`,
    gists_url: `${api}/gists{/gist_id}`,
    issue_search_url: `${api}/search/issues?q={query}{&page,per_page,sort,order}`,
    issues_url: `${api}/issues`,
    keys_url: `${api}/user/keys`,
    label_search_url: `${api}/search/labels?q={query}&repository_id={repository_id}{&page,per_page}`,
    notifications_url: `${api}/notifications`,
    organization_url: `${api}/orgs/{org}`,
    organization_repositories_url: `${api}/orgs/{org}/repos{?type,page,per_page,sort}`,
    organization_teams_url: `${api}/orgs/{org}/teams`,
    public_gists_url: `${api}/gists/public`,
    rate_limit_url: `${api}/rate_limit`,
    repository_url: `${api}/repos/{owner}/{repo}`,
    repository_search_url: `${api}/search/repositories?q={query}{&page,per_page,sort,order}`,
    current_user_repositories_url: `${api}/user/repos{?type,page,per_page,sort}`,
    starred_url: `${api}/user/starred{/owner}{/repo}`,
    starred_gists_url: `${api}/gists/starred`,
    user_url: `${api}/users/{user}`,
    user_organizations_url: `${api}/user/orgs`,
    user_repositories_url: `${api}/users/{user}/repos{?type,page,per_page,sort}`,
    user_search_url: `${api}/search/users?q={query}{&page,per_page,sort,order}`,
  };
}
