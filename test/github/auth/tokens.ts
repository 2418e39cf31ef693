// New tokens, in the forms that GitHub gives them.
import { randomBytes } from "node:crypto";
import type { Token } from "../state/account.ts";
import type { Installation } from "../state/app.ts";
import type { Permissions } from "../state/permissions.ts";
import type { Repository } from "../state/repository.ts";
import type { Store } from "../state/store.ts";
import { actionsAppId } from "./actor.ts";

const hourMs = 3_600_000;

/** A person's token with all scopes; it does not expire. */
export function issueUserToken(store: Store, accountId: number): string {
  return insert(store, "ghp_", {
    kind: "user",
    accountId,
    installationId: null,
    repositoryIds: null,
    permissions: {},
    expiresAtMs: null,
  });
}

/** An installation's token, for one hour; `repositoryIds` null: all that the installation reaches. */
export function issueInstallationToken(
  store: Store,
  installation: Installation,
  permissions: Permissions,
  repositoryIds: readonly number[] | null,
): { readonly token: string; readonly expiresAtMs: number } {
  const expiresAtMs = Date.now() + hourMs;
  const accountId = store.apps.get(installation.appId)?.botId ?? -1;
  const token = insert(store, "ghs_", {
    kind: "installation",
    accountId,
    installationId: installation.id,
    repositoryIds,
    permissions,
    expiresAtMs,
  });
  return { token, expiresAtMs };
}

/** A job's token: one repository, the permissions of the job, for a day. */
export function issueJobToken(store: Store, repository: Repository, permissions: Permissions): string {
  const accountId = store.apps.get(actionsAppId)?.botId ?? -1;
  return insert(store, "ghs_", {
    kind: "job",
    accountId,
    installationId: null,
    repositoryIds: [repository.id],
    permissions: { metadata: "read", ...permissions },
    expiresAtMs: Date.now() + 24 * hourMs,
  });
}

function insert(store: Store, prefix: string, token: Omit<Token, "id" | "token">): string {
  const text = prefix + randomBytes(18).toString("hex");
  store.tokens.insert({ ...token, token: text });
  return text;
}
