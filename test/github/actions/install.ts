// Workflows on this server: listens to events, starts runs, answers the routes below /actions.
import type { Platform } from "../platform.ts";

/** Called once at the start, before the first request. `stop` ends what is running. */
export function installActions(_platform: Platform): { readonly stop: () => Promise<void> } {
  return { stop: () => Promise.resolve() };
}
