// Who is asking: nobody, a person, an App by its JWT, an installation of an App, or a job of a workflow.
import type { IncomingHttpHeaders } from "node:http";
import { unauthorized } from "../http/reply.ts";
import type { Account, Token } from "../state/account.ts";
import type { App, Installation } from "../state/app.ts";
import type { Permissions } from "../state/permissions.ts";
import { accountOf, type Store } from "../state/store.ts";
import { readAppId, verifyAppJwt } from "./app-jwt.ts";

interface Granted {
  readonly account: Account;
  readonly app: App;
  readonly permissions: Permissions;
  /** null: all repositories of the installation's account. */
  readonly repositoryIds: readonly number[] | null;
}

export type Actor =
  | { readonly kind: "anonymous" }
  | { readonly kind: "user"; readonly account: Account }
  | { readonly kind: "app"; readonly app: App }
  | ({ readonly kind: "installation"; readonly installation: Installation } & Granted)
  | ({ readonly kind: "job" } & Granted);

/** The App in whose name workflows run; its id is the one it has on github.com. */
export const actionsAppId = 15368;

/**
 * Reads `Authorization` (`token`, `Bearer`, or Basic with the token as password). Unknown, expired or forged: 401.
 * Expiry is judged by the host's clock, not by the one that tests may set.
 */
export function readActor(store: Store, headers: IncomingHttpHeaders, hostNowMs: number): Actor {
  const credential = readCredential(headers.authorization);
  if (credential === undefined) return { kind: "anonymous" };
  if (credential.split(".").length === 3) return { kind: "app", app: appOfJwt(store, credential, hostNowMs) };
  const token = store.tokens.group(credential)[0];
  if (token === undefined) throw unauthorized();
  if (token.expiresAtMs !== null && token.expiresAtMs <= hostNowMs) throw unauthorized();
  return actorOfToken(store, token);
}

/** The account that what this actor writes is written by; 401 for nobody and for a bare App. */
export function authorOf(actor: Actor): Account {
  if (actor.kind === "anonymous") throw unauthorized("Requires authentication");
  if (actor.kind === "app") throw unauthorized("A JSON web token could not be used here");
  return actor.account;
}

/** The App through which this actor works, if any. */
export function appOf(actor: Actor): App | null {
  return actor.kind === "installation" || actor.kind === "job" || actor.kind === "app" ? actor.app : null;
}

/** How the request log names an actor. */
export function nameActor(actor: Actor): string {
  if (actor.kind === "anonymous") return "anonymous";
  return actor.kind === "app" ? `app:${actor.app.slug}` : actor.account.login;
}

function actorOfToken(store: Store, token: Token): Actor {
  const account = accountOf(store, token.accountId);
  if (token.kind === "user") return { kind: "user", account };
  const { permissions, repositoryIds } = token;
  if (token.kind === "job") {
    const app = store.apps.get(actionsAppId);
    if (app === undefined) throw unauthorized();
    return { kind: "job", account, app, permissions, repositoryIds };
  }
  const installation = store.installations.get(token.installationId ?? -1);
  const app = installation && store.apps.get(installation.appId);
  if (installation === undefined || app === undefined || installation.suspendedAt !== null) throw unauthorized();
  return { kind: "installation", account, app, installation, permissions, repositoryIds };
}

function appOfJwt(store: Store, jwt: string, hostNowMs: number): App {
  const app = store.apps.get(readAppId(jwt) ?? -1);
  if (app === undefined) throw unauthorized("Integration not found");
  verifyAppJwt(jwt, app.publicKey, hostNowMs);
  return app;
}

function readCredential(header: string | undefined): string | undefined {
  if (header === undefined || header === "") return undefined;
  const [scheme = "", value = ""] = header.split(/\s+/, 2);
  if (/^(token|bearer)$/i.test(scheme)) return value;
  if (!/^basic$/i.test(scheme)) throw unauthorized();
  const text = Buffer.from(value, "base64").toString("utf8");
  const colon = text.indexOf(":");
  const password = colon < 0 ? "" : text.slice(colon + 1);
  return password === "" || password === "x-oauth-basic" ? text.slice(0, Math.max(0, colon)) : password;
}
