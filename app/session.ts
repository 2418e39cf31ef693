// What a handler works with: the repository as the installed App sees it, who the App is, and the outside world.
import type { GitHubClient, RepositoryClient } from "../src/github/client.ts";
import { createGitHubLedger } from "../src/github/ledger.ts";
import type { Context } from "../src/host/context.ts";
import type { LedgerPort } from "../src/registry/ledger.ts";
import type { Pace } from "../src/registry/pace.ts";

/** The App as GitHub knows it. */
export interface Identity {
  readonly appId: number;
  /** Login of its comments: `SLUG[bot]`. */
  readonly login: string;
}

export interface Session {
  readonly repository: RepositoryClient;
  readonly ledger: LedgerPort;
  readonly repositoryId: number;
  readonly defaultBranch: string;
  readonly identity: Identity;
  /** `OWNER/NAME` of the repository with the reusable workflows. */
  readonly publisher: string;
  readonly context: Context;
  readonly pace: Pace;
}

/** The part of a payload that names the repository. */
export interface RepositoryPayload {
  readonly id: number;
  readonly name: string;
  readonly default_branch: string;
  readonly owner: { readonly login: string };
}

/** What all sessions of the process share. */
export type SharedSession = Pick<Session, "identity" | "publisher" | "context" | "pace">;

/** The session of one delivery. */
export function openSession(payload: RepositoryPayload, client: GitHubClient, shared: SharedSession): Session {
  const repository = { client, owner: payload.owner.login, name: payload.name };
  return {
    repository,
    ledger: createGitHubLedger(repository),
    repositoryId: payload.id,
    defaultBranch: payload.default_branch,
    ...shared,
  };
}
