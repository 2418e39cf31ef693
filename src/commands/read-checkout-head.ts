// Which commit the checkout stands at.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Context } from "../host/context.ts";

/** The commit that is checked out; forty zeros outside a clone. */
export async function readCheckoutHead(context: Context): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)("git", ["rev-parse", "HEAD"], { cwd: context.folder });
    return stdout.trim();
  } catch {
    return "0".repeat(40);
  }
}
