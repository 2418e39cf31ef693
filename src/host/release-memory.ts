// Lets go of native memory that short-lived JavaScript objects hold.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

type Collect = (options: { readonly type: "minor" }) => void;

let collect: Collect | null | undefined;

/**
 * Collects young objects and lets their finalizers run. The collector sees the few bytes of a wrapper, not the chunk of
 * rows behind it: left alone, hundreds of them wait. Does nothing where the runtime offers no way to ask for it.
 */
export async function releaseMemory(): Promise<void> {
  collectYoung();
  await new Promise((resolve) => setImmediate(resolve));
}

/** Collects young objects. Does nothing where the runtime offers no way to ask for it. */
export function collectYoung(): void {
  collect ??= findCollector();
  collect?.({ type: "minor" });
}

function findCollector(): Collect | null {
  try {
    setFlagsFromString("--expose-gc");
    const found: unknown = runInNewContext("gc");
    return typeof found === "function" ? (found as Collect) : null;
  } catch {
    return null;
  }
}
