// Rate limits: counted and told in the headers always, enforced only when a test asks for it.
import type { Actor } from "../auth/actor.ts";
import type { Call } from "./call.ts";
import { HttpError } from "./reply.ts";

export interface LimitSettings {
  /** Refuse when the hourly budget is used up. */
  readonly enforcePrimary: boolean;
  /** Refuse (403 with Retry-After) more writes than this in a minute; null: no limit. */
  readonly writesPerMinute: number | null;
}

export interface Budget {
  readonly limit: number;
  readonly used: number;
  /** Seconds since 1970. */
  readonly resetSeconds: number;
}

export interface RateLimits {
  /** Counts the request; returns the headers that tell of it. Throws 403 when a limit is enforced and reached. */
  readonly take: (actor: Actor, call: Call) => Record<string, string>;
  /** A 304 costs nothing. */
  readonly giveBack: (actor: Actor) => void;
  readonly budget: (actor: Actor) => Budget;
  readonly configure: (settings: LimitSettings) => void;
}

const hourSeconds = 3_600;

export function createRateLimits(): RateLimits {
  const windows = new Map<string, { used: number; resetSeconds: number }>();
  const writes = new Map<string, number[]>();
  let settings: LimitSettings = { enforcePrimary: false, writesPerMinute: null };

  function window(actor: Actor): { used: number; resetSeconds: number } {
    const nowSeconds = Math.floor(Date.now() / 1000);
    const key = keyOf(actor);
    const known = windows.get(key);
    if (known !== undefined && known.resetSeconds > nowSeconds) return known;
    const fresh = { used: 0, resetSeconds: nowSeconds + hourSeconds };
    windows.set(key, fresh);
    return fresh;
  }
  function checkWrites(actor: Actor, call: Call): void {
    const perMinute = settings.writesPerMinute;
    if (perMinute === null || call.method === "GET" || call.method === "HEAD") return;
    const now = Date.now();
    const recent = (writes.get(keyOf(actor)) ?? []).filter((time) => time > now - 60_000);
    const oldest = recent[0];
    if (recent.length >= perMinute && oldest !== undefined) {
      throw new HttpError(
        403,
        "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
        {},
        { "retry-after": String(Math.max(1, Math.ceil((oldest + 60_000 - now) / 1000))) },
      );
    }
    writes.set(keyOf(actor), [...recent, now]);
  }
  return {
    take: (actor, call) => {
      const current = window(actor);
      const limit = limitOf(actor);
      if (call.path !== "/rate_limit") {
        current.used += 1;
        checkWrites(actor, call);
      }
      const headers = {
        "x-ratelimit-limit": String(limit),
        "x-ratelimit-remaining": String(Math.max(0, limit - current.used)),
        "x-ratelimit-used": String(current.used),
        "x-ratelimit-reset": String(current.resetSeconds),
        "x-ratelimit-resource": "core",
      };
      if (settings.enforcePrimary && current.used > limit) {
        throw new HttpError(403, `API rate limit exceeded for ${keyOf(actor)}.`, {}, headers);
      }
      return headers;
    },
    giveBack: (actor) => {
      const current = window(actor);
      current.used = Math.max(0, current.used - 1);
    },
    budget: (actor) => ({ limit: limitOf(actor), ...window(actor) }),
    configure: (next) => {
      settings = next;
    },
  };
}

function limitOf(actor: Actor): number {
  if (actor.kind === "anonymous") return 60;
  return actor.kind === "job" ? 1_000 : 5_000;
}

function keyOf(actor: Actor): string {
  if (actor.kind === "anonymous") return "anonymous";
  if (actor.kind === "app") return `app ID ${actor.app.id}`;
  if (actor.kind === "installation") return `installation ID ${actor.installation.id}`;
  if (actor.kind === "job") return `repository ID ${actor.repositoryIds?.[0] ?? 0}`;
  return `user ID ${actor.account.id}`;
}
