// Accounts as the API shows them.
import type { JsonObject } from "../json.ts";
import type { Account } from "../state/account.ts";
import { accountOf } from "../state/store.ts";
import { nodeId, type View } from "./view.ts";

/** `simple-user`. */
export function renderUser(view: View, account: Account): JsonObject {
  const login = encodeURIComponent(account.login);
  const url = `${view.api}/users/${login}`;
  return {
    login: account.login,
    id: account.id,
    node_id: nodeId("User", account.id),
    avatar_url: `${view.origin}/avatars/${account.id}`,
    gravatar_id: "",
    url,
    html_url:
      account.type === "Bot" ? `${view.origin}/apps/${login.replace("%5Bbot%5D", "")}` : `${view.origin}/${login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: account.type,
    user_view_type: "public",
    site_admin: account.siteAdmin,
  };
}

export function renderUserId(view: View, accountId: number): JsonObject {
  return renderUser(view, accountOf(view.store, accountId));
}

/** The user with the counts and the profile of `GET /user` and `GET /users/{username}`. */
export function renderFullUser(view: View, account: Account): JsonObject {
  return {
    ...renderUser(view, account),
    name: account.name,
    company: null,
    blog: "",
    location: null,
    email: account.email,
    hireable: null,
    bio: null,
    twitter_username: null,
    public_repos: view.store.repositories.group(account.id).filter((repository) => !repository.private).length,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: account.createdAt,
    updated_at: account.createdAt,
  };
}
