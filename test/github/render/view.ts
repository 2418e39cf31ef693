// What rendering needs to know: the state, and the address under which the reader knows this server.
import type { Call } from "../http/call.ts";
import type { Platform } from "../platform.ts";
import type { Store } from "../state/store.ts";

export interface View {
  readonly platform: Platform;
  readonly store: Store;
  /** Base of pages: `http://host:port`. */
  readonly origin: string;
  /** Base of API addresses: `<origin>/api/v3`. */
  readonly api: string;
}

/** Addresses as the client that called reaches them. */
export function viewOf(call: Call): View {
  return { platform: call.platform, store: call.platform.store, origin: call.origin, api: `${call.origin}/api/v3` };
}

/** Addresses for webhooks, which no client asked for. */
export function defaultView(platform: Platform): View {
  return { platform, store: platform.store, origin: platform.url, api: `${platform.url}/api/v3` };
}

/** The opaque id of GraphQL. */
export function nodeId(type: string, id: number | string): string {
  return Buffer.from(`${type}:${id}`).toString("base64url");
}
