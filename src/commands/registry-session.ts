// A registry that can be read and written: the repository, its ledger and releases, and the time and chance they need.
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { createGitHubClient, type RepositoryClient } from "../github/client.ts";
import { createGitHubLedger } from "../github/ledger.ts";
import { createGitHubReleases } from "../github/releases.ts";
import { readRetryLimits } from "../github/retry-limits.ts";
import type { Context } from "../host/context.ts";
import type { LedgerPort } from "../registry/ledger.ts";
import type { Pace } from "../registry/pace.ts";
import type { ReleasePort } from "../registry/release.ts";
import { findRepository } from "./find-repository.ts";

/** Fits wherever the registry asks for ports. */
export interface RegistrySession {
  readonly repository: RepositoryClient;
  readonly ledger: LedgerPort;
  readonly releases: ReleasePort;
  readonly pace: Pace;
  readonly progress: (line: string) => void;
}

/** The registry in a repository, through any client that may act on it (the App's, an action's, ours). */
export function openRegistrySession(repository: RepositoryClient, context: Context): RegistrySession {
  return {
    repository,
    ledger: createGitHubLedger(repository),
    releases: createGitHubReleases(repository),
    pace: createPace(context),
    progress: context.progress,
  };
}

/** The registry of the named repository, the workflow's or the clone's; API and token from the environment. */
export async function connectRegistry(named: string | undefined, context: Context): Promise<RegistrySession> {
  const { owner, name } = await findRepository(named, context);
  const { environment } = context;
  const client = createGitHubClient({
    apiUrl: environment["GITHUB_API_URL"] || "https://api.github.com",
    token: environment["GITHUB_TOKEN"] || environment["GH_TOKEN"] || undefined,
    limits: readRetryLimits(environment),
    progress: context.progress,
    signal: context.signal,
  });
  return openRegistrySession({ client, owner, name }, context);
}

/** Real time and chance; a wait ends at once when the process was asked to stop. */
export function createPace(context: Context): Pace {
  return {
    now: context.now,
    random: Math.random,
    wait: async (milliseconds) => void (await sleep(milliseconds, undefined, { signal: context.signal })),
    newId: randomUUID,
  };
}
