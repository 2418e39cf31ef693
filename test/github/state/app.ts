// GitHub Apps, where they are installed, and what was sent to them.
import type { Row } from "./database.ts";
import type { Permissions } from "./permissions.ts";

export interface App extends Row {
  readonly slug: string;
  readonly name: string;
  readonly ownerId: number;
  /** The account in whose name it acts, `<slug>[bot]`. */
  readonly botId: number;
  /** PEM; the private half lies in a file of its own. */
  readonly publicKey: string;
  readonly webhookUrl: string;
  readonly webhookSecret: string;
  readonly contentType: "json" | "form";
  readonly permissions: Permissions;
  readonly events: readonly string[];
  readonly createdAt: string;
}

export interface Installation extends Row {
  readonly appId: number;
  readonly accountId: number;
  readonly permissions: Permissions;
  readonly events: readonly string[];
  /** null: all repositories of the account. */
  readonly repositoryIds: readonly number[] | null;
  readonly suspendedAt: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** One attempt to deliver one webhook; a redelivery is another row with the same guid. */
export interface Delivery extends Row {
  readonly appId: number;
  readonly guid: string;
  readonly event: string;
  readonly action: string | null;
  readonly installationId: number | null;
  readonly repositoryId: number | null;
  readonly redelivery: boolean;
  readonly deliveredAt: string;
  readonly durationSeconds: number;
  /** 0: no answer came. */
  readonly statusCode: number;
  /** As GitHub words it: `OK`, `Invalid HTTP Response: 500`, `failed to connect to host`, `pending`. */
  readonly status: string;
  readonly url: string;
  readonly requestHeaders: Readonly<Record<string, string>>;
  /** The exact bytes that were signed. */
  readonly body: string;
  readonly responseHeaders: Readonly<Record<string, string>>;
  readonly responseBody: string;
}
