// All tables of the local GitHub by name, and the few look-ups that every room needs.
import type { Account, Token } from "./account.ts";
import type { App, Delivery, Installation } from "./app.ts";
import type { CheckRun, CheckSuite, CommitStatus, Deployment, DeploymentStatus, Environment } from "./check.ts";
import { type Database, openDatabase, type Table } from "./database.ts";
import type { Issue, IssueComment, Label, Pull, Review } from "./issue.ts";
import type { Attestation, Release, ReleaseAsset } from "./release.ts";
import type { BranchProtection, Collaborator, Repository, Ruleset } from "./repository.ts";

/** Groups: everything that belongs to a repository is grouped by its id, a token by its text, a status by repository and sha. */
export interface Store {
  readonly database: Database;
  readonly accounts: Table<Account>;
  readonly tokens: Table<Token>;
  readonly repositories: Table<Repository>;
  readonly collaborators: Table<Collaborator>;
  readonly protections: Table<BranchProtection>;
  readonly rulesets: Table<Ruleset>;
  readonly issues: Table<Issue>;
  readonly pulls: Table<Pull>;
  readonly comments: Table<IssueComment>;
  readonly labels: Table<Label>;
  readonly reviews: Table<Review>;
  /** Grouped by `headKey(repositoryId, sha)`. */
  readonly checkSuites: Table<CheckSuite>;
  /** Grouped by `headKey(repositoryId, sha)`. */
  readonly checkRuns: Table<CheckRun>;
  /** Grouped by `headKey(repositoryId, sha)`. */
  readonly statuses: Table<CommitStatus>;
  readonly deployments: Table<Deployment>;
  readonly deploymentStatuses: Table<DeploymentStatus>;
  readonly environments: Table<Environment>;
  readonly releases: Table<Release>;
  /** Grouped by release id. */
  readonly assets: Table<ReleaseAsset>;
  readonly attestations: Table<Attestation>;
  readonly apps: Table<App>;
  readonly installations: Table<Installation>;
  readonly deliveries: Table<Delivery>;
}

/** Group key of what hangs on a commit of a repository. */
export function headKey(repositoryId: number, sha: string): string {
  return `${repositoryId}:${sha}`;
}

const byRepository = (row: { readonly repositoryId: number }): number => row.repositoryId;
const byHead = (row: { readonly repositoryId: number; readonly headSha: string }): string =>
  headKey(row.repositoryId, row.headSha);

/** Opens the state below `folder`, made when absent. */
export function openStore(folder: string): Store {
  const database = openDatabase(folder);
  return {
    database,
    accounts: database.table<Account>("accounts", (row) => row.login.toLowerCase()),
    tokens: database.table<Token>("tokens", (row) => row.token),
    repositories: database.table<Repository>("repositories", (row) => row.ownerId),
    collaborators: database.table<Collaborator>("collaborators", byRepository),
    protections: database.table<BranchProtection>("protections", byRepository),
    rulesets: database.table<Ruleset>("rulesets", byRepository),
    issues: database.table<Issue>("issues", byRepository),
    pulls: database.table<Pull>("pulls", byRepository),
    comments: database.table<IssueComment>("comments", byRepository),
    labels: database.table<Label>("labels", byRepository),
    reviews: database.table<Review>("reviews", byRepository),
    checkSuites: database.table<CheckSuite>("checkSuites", byHead),
    checkRuns: database.table<CheckRun>("checkRuns", byHead),
    statuses: database.table<CommitStatus>("statuses", (row) => headKey(row.repositoryId, row.sha)),
    deployments: database.table<Deployment>("deployments", byRepository),
    deploymentStatuses: database.table<DeploymentStatus>("deploymentStatuses", (row) => row.deploymentId),
    environments: database.table<Environment>("environments", byRepository),
    releases: database.table<Release>("releases", byRepository),
    assets: database.table<ReleaseAsset>("assets", (row) => row.releaseId),
    attestations: database.table<Attestation>("attestations", byRepository),
    apps: database.table<App>("apps"),
    installations: database.table<Installation>("installations", (row) => row.accountId),
    deliveries: database.table<Delivery>("deliveries", (row) => row.appId),
  };
}

export function findAccount(store: Store, login: string): Account | undefined {
  return store.accounts.group(login.toLowerCase())[0];
}

/** The account with this id; throws when the state is broken. */
export function accountOf(store: Store, id: number): Account {
  const account = store.accounts.get(id);
  if (account === undefined) throw new Error(`no account ${id}`);
  return account;
}

/** By names, which GitHub compares without case. */
export function findRepository(store: Store, owner: string, name: string): Repository | undefined {
  const account = findAccount(store, owner);
  if (account === undefined) return undefined;
  const wanted = name.toLowerCase();
  return store.repositories.group(account.id).find((repository) => repository.name.toLowerCase() === wanted);
}

/** `owner/name`. */
export function fullName(store: Store, repository: Repository): string {
  return `${accountOf(store, repository.ownerId).login}/${repository.name}`;
}
