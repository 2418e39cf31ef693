// The first things in an empty world: an owner with a token, the App of GitHub Actions, and one App of our own.
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { actionsAppId } from "../auth/actor.ts";
import { issueUserToken } from "../auth/tokens.ts";
import type { Platform } from "../platform.ts";
import type { Account } from "./account.ts";
import type { Permissions } from "./permissions.ts";
import { findAccount, type Store } from "./store.ts";

/** What a new world is made of; everything has a default. */
export interface Seed {
  /** Login of the owner; default `octocat`. */
  readonly owner?: string | undefined;
  readonly ownerType?: "User" | "Organization" | undefined;
  readonly app?:
    | {
        readonly slug?: string | undefined;
        readonly name?: string | undefined;
        readonly permissions?: Permissions | undefined;
        readonly events?: readonly string[] | undefined;
        readonly webhookUrl?: string | undefined;
        readonly webhookSecret?: string | undefined;
      }
    | undefined;
}

/** What a client needs to begin. */
export interface World {
  /** The owner's token, with admin rights. */
  readonly token: string;
  readonly owner: string;
  readonly app: {
    readonly id: number;
    readonly slug: string;
    readonly privateKeyFile: string;
    readonly webhookSecret: string;
    readonly webhookUrl: string;
  };
}

const appPermissions: Permissions = {
  metadata: "read",
  contents: "write",
  pull_requests: "write",
  issues: "write",
  checks: "write",
  statuses: "write",
  actions: "write",
  deployments: "write",
  merge_queues: "read",
};

const appEvents = [
  "pull_request",
  "pull_request_review",
  "issues",
  "issue_comment",
  "check_run",
  "check_suite",
  "merge_group",
  "workflow_run",
  "workflow_job",
  "release",
  "push",
  "create",
  "delete",
  "deployment",
  "deployment_status",
  "status",
  "repository_dispatch",
];

/** Makes the world, or finds it as it was left. */
export function foundWorld(platform: Platform, seed: Seed): World {
  const { store, dataFolder } = platform;
  const privateKeyFile = join(dataFolder, "app.private-key.pem");
  const known = store.apps.find((app) => app.id !== actionsAppId);
  if (known === undefined) found(platform, seed, privateKeyFile);
  const app = store.apps.find((row) => row.id !== actionsAppId);
  const owner = app && store.accounts.get(app.ownerId);
  const token = owner && store.tokens.find((row) => row.kind === "user" && row.accountId === owner.id);
  if (app === undefined || owner === undefined || token === undefined)
    throw new Error(`the state in ${dataFolder} is incomplete`);
  return {
    token: token.token,
    owner: owner.login,
    app: { id: app.id, slug: app.slug, privateKeyFile, webhookSecret: app.webhookSecret, webhookUrl: app.webhookUrl },
  };
}

/** A new account; logins are unique without case. */
export function createAccount(
  store: Store,
  login: string,
  type: Account["type"],
  createdAt: string,
  more: { readonly id?: number; readonly siteAdmin?: boolean } = {},
): Account {
  if (findAccount(store, login) !== undefined) throw new Error(`the login ${login} is taken`);
  return store.accounts.insert({
    ...(more.id === undefined ? {} : { id: more.id }),
    login,
    type,
    name: null,
    email: type === "User" ? `${login}@users.noreply.localhost` : null,
    siteAdmin: more.siteAdmin ?? false,
    createdAt,
  });
}

let keys: { readonly publicKey: string; readonly privateKey: string } | undefined;

/** Made once per process: making a key takes as long as a whole test. */
function appKeys(): NonNullable<typeof keys> {
  keys ??= generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
  });
  return keys;
}

function found(platform: Platform, seed: Seed, privateKeyFile: string): void {
  const { store } = platform;
  const createdAt = platform.timestamp();
  const owner = createAccount(store, seed.owner ?? "octocat", seed.ownerType ?? "User", createdAt);
  issueUserToken(store, owner.id);
  const github = createAccount(store, "github", "Organization", createdAt);
  const actionsBot = createAccount(store, "github-actions[bot]", "Bot", createdAt, { id: 41_898_282 });
  const common = { publicKey: "", webhookUrl: "", webhookSecret: "", contentType: "json", createdAt } as const;
  store.apps.insert({
    ...common,
    id: actionsAppId,
    slug: "github-actions",
    name: "GitHub Actions",
    ownerId: github.id,
    botId: actionsBot.id,
    permissions: { ...appPermissions, administration: "read" },
    events: [],
  });
  const { publicKey, privateKey } = appKeys();
  writeFileSync(privateKeyFile, privateKey, { mode: 0o600 });
  const slug = seed.app?.slug ?? "modelgate";
  const permissions = seed.app?.permissions ?? appPermissions;
  const events = seed.app?.events ?? appEvents;
  const app = store.apps.insert({
    ...common,
    slug,
    name: seed.app?.name ?? "Modelgate",
    ownerId: owner.id,
    botId: createAccount(store, `${slug}[bot]`, "Bot", createdAt).id,
    publicKey,
    webhookUrl: seed.app?.webhookUrl ?? "",
    webhookSecret: seed.app?.webhookSecret ?? randomBytes(20).toString("hex"),
    permissions,
    events,
  });
  store.installations.insert({
    appId: app.id,
    accountId: owner.id,
    permissions,
    events,
    repositoryIds: null,
    suspendedAt: null,
    createdAt,
    updatedAt: createdAt,
  });
}
