// What a handler works with: the repository and its registry as the installed App sees them, who the App is, the outside world.
import { openRegistrySession, type RegistrySession } from "../src/commands/registry-session.ts";
import type { GitHubClient } from "../src/github/client.ts";
import type { Context } from "../src/host/context.ts";

/** The App as GitHub knows it. */
export interface Identity {
  readonly appId: number;
  /** Login of its comments: `SLUG[bot]`. */
  readonly login: string;
}

export interface Session extends RegistrySession {
  readonly repositoryId: number;
  readonly defaultBranch: string;
  readonly identity: Identity;
  /** `OWNER/NAME` of the repository with the reusable workflows. */
  readonly publisher: string;
  readonly context: Context;
}

/** The part of a payload that names the repository. */
export interface RepositoryPayload {
  readonly id: number;
  readonly name: string;
  readonly default_branch: string;
  readonly owner: { readonly login: string };
}

/** What all sessions of the process share. */
export type SharedSession = Pick<Session, "identity" | "publisher" | "context">;

/** The session of one delivery. */
export function openSession(payload: RepositoryPayload, client: GitHubClient, shared: SharedSession): Session {
  const repository = { client, owner: payload.owner.login, name: payload.name };
  return {
    ...openRegistrySession(repository, shared.context),
    repositoryId: payload.id,
    defaultBranch: payload.default_branch,
    ...shared,
  };
}
