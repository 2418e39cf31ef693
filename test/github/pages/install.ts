// The pages that people look at in a browser.
import type { Platform } from "../platform.ts";

/** Called once at the start, after the API's routes; a page is a route with `foreign: true`. */
export function installPages(_platform: Platform): void {}
