// People, organizations, bots, and what proves who somebody is.
import type { Row } from "./database.ts";
import type { Permissions } from "./permissions.ts";

export interface Account extends Row {
  readonly login: string;
  readonly type: "User" | "Organization" | "Bot";
  readonly name: string | null;
  readonly email: string | null;
  readonly siteAdmin: boolean;
  readonly createdAt: string;
}

/** A bearer token. `user`: acts as its account; `installation`: as the App's bot; `job`: as github-actions[bot] on one repository. */
export interface Token extends Row {
  readonly token: string;
  readonly kind: "user" | "installation" | "job";
  readonly accountId: number;
  readonly installationId: number | null;
  /** null: every repository that the account or installation reaches. */
  readonly repositoryIds: readonly number[] | null;
  readonly permissions: Permissions;
  /** Milliseconds of the host's clock; null: never. */
  readonly expiresAtMs: number | null;
}
