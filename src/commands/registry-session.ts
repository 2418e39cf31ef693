// A registry that can be read and written: the repository, its ledger and releases, and the time and chance they need.
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Config } from "../config/settings.ts";
import { InputError } from "../errors.ts";
import { createGitHubClient, type GitHubClient, type RepositoryClient } from "../github/client.ts";
import { readDefaultBranchFile } from "../github/default-branch-file.ts";
import { createGitHubLedger } from "../github/ledger.ts";
import { createGitHubReleases } from "../github/releases.ts";
import { readRepositoryName } from "../github/repository-name.ts";
import { readRetryLimits } from "../github/retry-limits.ts";
import { type AnswerCache, findCacheFolder, openFileCache } from "../host/answer-cache.ts";
import type { Context } from "../host/context.ts";
import type { LedgerPort } from "../registry/ledger.ts";
import type { Pace } from "../registry/pace.ts";
import type { ReleasePort } from "../registry/release.ts";
import { findRepository, parseRepository } from "./find-repository.ts";

/** Fits wherever the registry asks for ports. */
export interface RegistrySession {
  /** The code's repository: its people, issues and pull requests. */
  readonly repository: RepositoryClient;
  /** Where ledger and releases lie: the same repository, or one of its own. */
  readonly registry: RepositoryClient;
  readonly ledger: LedgerPort;
  readonly releases: ReleasePort;
  /** May write to the repositories that are told of stage moves. */
  readonly dispatcher: GitHubClient;
  readonly pace: Pace;
  readonly progress: (line: string) => void;
  /** The registry that a config names, for the same code; this one when it names none. */
  readonly under: (config: Pick<Config, "registry">) => RegistrySession;
}

/** Clients for other repositories than the code's. The App has one for all, an action and a terminal a token for each. */
export interface RegistryClients {
  readonly registry: GitHubClient;
  readonly dispatcher: GitHubClient;
}

/** Variable with the token for a registry in another repository; else GITHUB_TOKEN is used. */
export const registryTokenVariable = "MODELGATE_REGISTRY_TOKEN";
/** Variable with the token that tells other repositories of stage moves; else the registry's. */
export const dispatchTokenVariable = "MODELGATE_DISPATCH_TOKEN";

/** The registry in a repository, through any client that may act on it (the App's, an action's, ours). */
export function openRegistrySession(
  repository: RepositoryClient,
  context: Context,
  clients: RegistryClients = { registry: repository.client, dispatcher: repository.client },
  answers?: AnswerCache,
): RegistrySession {
  const { dispatcher } = clients;
  const common = { repository, dispatcher, pace: createPace(context), progress: context.progress };
  const own: RegistrySession = {
    ...common,
    registry: repository,
    ledger: createGitHubLedger(repository, answers),
    releases: createGitHubReleases(repository),
    under: ({ registry }) => {
      const place = registry === null ? null : parseRepository(registry);
      if (place === null || isSame(place, repository))
        return { ...own, ledger: { ...own.ledger, tenant: createTenant(repository, repository) } };
      const other = { client: clients.registry, ...place };
      const apart: RegistrySession = {
        ...common,
        registry: other,
        ledger: { ...createGitHubLedger(other, answers), tenant: createTenant(repository, other) },
        releases: createGitHubReleases(other),
        under: own.under,
      };
      return apart;
    },
  };
  return own;
}

/** True when ledger and releases lie in another repository than the code. */
export function isRegistryApart({ repository, registry }: Pick<RegistrySession, "repository" | "registry">): boolean {
  return !isSame(repository, registry);
}

type Place = Pick<RepositoryClient, "owner" | "name">;

function isSame(a: Place, b: Place): boolean {
  return `${a.owner}/${a.name}`.toLowerCase() === `${b.owner}/${b.name}`.toLowerCase();
}

/** Whose models a config in `repository` may use in the registry that lies in `registry`. */
function createTenant(repository: RepositoryClient, registry: RepositoryClient): NonNullable<LedgerPort["tenant"]> {
  const own = `${repository.owner}/${repository.name}`;
  const known = new Map<string, Promise<string | null>>();
  const find = async (model: string, source: string | null) => {
    if (source === null) {
      const free = isSame(repository, registry) || !(await publishesItself(registry, model));
      return free ? null : `${registry.owner}/${registry.name}`;
    }
    if (source.toLowerCase() === own.toLowerCase()) return null;
    const [owner = "", name = ""] = source.split("/");
    const now = await readRepositoryName({ client: repository.client, owner, name });
    return now?.toLowerCase() === own.toLowerCase() ? null : source;
  };
  return {
    repository: own,
    findOther: async (model, source) => {
      const key = `${model} ${source}`;
      const found = known.get(key) ?? find(model, source);
      known.set(key, found);
      return await found;
    },
  };
}

/** The registry's own repository has a config that names the model, and so may publish it; a config that cannot be read may. */
async function publishesItself(registry: RepositoryClient, model: string): Promise<boolean> {
  const { configFileName, decodeConfig, parseConfig } = await import("../config/parse.ts");
  const bytes = await readDefaultBranchFile(registry, configFileName);
  if (bytes === null) return false;
  try {
    const config = parseConfig(decodeConfig(bytes, configFileName), configFileName);
    return config.registry === null && config.models.has(model);
  } catch (error) {
    if (error instanceof InputError) return true;
    throw error;
  }
}

/** Variables with a token, the first that is set counts. */
const ownTokens = ["GITHUB_TOKEN", "GH_TOKEN"];
const registryTokens = [registryTokenVariable, ...ownTokens];

/** The registry of the named repository, the workflow's or the clone's; API and tokens from the environment. */
export async function connectRegistry(named: string | undefined, context: Context): Promise<RegistrySession> {
  const { owner, name } = await findRepository(named, context);
  const repository = { client: connectClient(ownTokens, context), owner, name };
  return openRegistrySession(repository, context, connectOthers(context), openAnswers(ownTokens, context));
}

/** The registry in a repository that a config names: nothing is known of the code. */
export function connectNamedRegistry(named: string, context: Context): RegistrySession {
  const clients = connectOthers(context);
  const repository = { client: clients.registry, ...parseRepository(named) };
  return openRegistrySession(repository, context, clients, openAnswers(registryTokens, context));
}

/** Clients with the tokens that the environment has for a registry apart and for telling of stage moves. */
export function connectOthers(context: Context): RegistryClients {
  const registryHint = `the registry is another repository: give a token that may read and write its contents as \`registry-token\` (action) or ${registryTokenVariable} (terminal)`;
  const dispatchHint = `give a token with \`contents: write\` there as \`dispatch-token\` (action) or ${dispatchTokenVariable} (terminal)`;
  return {
    registry: connectClient(registryTokens, context, registryHint),
    dispatcher: connectClient([dispatchTokenVariable, ...registryTokens], context, dispatchHint),
  };
}

/** A client with the first of these variables that is set, else an anonymous one. */
function connectClient(tokens: readonly string[], context: Context, tokenHint?: string): GitHubClient {
  const { environment } = context;
  return createGitHubClient({
    apiUrl: findApiUrl(context),
    token: findToken(tokens, context),
    ...(tokenHint === undefined ? {} : { tokenHint }),
    limits: readRetryLimits(environment),
    progress: context.progress,
    signal: context.signal,
  });
}

function findApiUrl({ environment }: Context): string {
  return environment["GITHUB_API_URL"] || "https://api.github.com";
}

function findToken(names: readonly string[], { environment }: Context): string | undefined {
  return names.map((name) => environment[name]).find((token) => token);
}

/** What is remembered between commands for the user's own token; undefined = nothing, as without a token. */
export function openOwnAnswers(context: Context): AnswerCache | undefined {
  return findToken(ownTokens, context) === undefined ? undefined : openAnswers(ownTokens, context);
}

/** What other commands of this user read of GitHub before, with the same token; undefined = nothing is kept. */
function openAnswers(tokens: readonly string[], context: Context): AnswerCache | undefined {
  const folder = findCacheFolder(context);
  const scope = [findApiUrl(context), findToken(tokens, context) ?? ""];
  return folder === null ? undefined : openFileCache(folder, scope);
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
