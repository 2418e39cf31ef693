// Which GitHub repository a command is about: the one that was named, the workflow's, or the clone's.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { InputError } from "../errors.ts";
import type { Context } from "../host/context.ts";

export interface RepositoryName {
  readonly owner: string;
  readonly name: string;
}

/** `named` is `OWNER/NAME`. Falls back to GITHUB_REPOSITORY, then to the clone's remote `origin`. InputError when none says. */
export async function findRepository(named: string | undefined, context: Context): Promise<RepositoryName> {
  const text = named ?? (context.environment["GITHUB_REPOSITORY"] || undefined);
  if (text !== undefined) return parseRepository(text);
  const origin = await readOrigin(context);
  const found = origin?.match(/[/:]([A-Za-z0-9-]+)\/([A-Za-z0-9._-]+?)(?:\.git)?\/?$/);
  if (found?.[1] && found[2]) return { owner: found[1], name: found[2] };
  throw new InputError({
    message: "which GitHub repository this is about is not known",
    expected: "`--repo OWNER/NAME`, GITHUB_REPOSITORY, or a clone with a remote `origin`",
    received: origin?.replace(/\/\/[^/@]*@/, "//") ?? "no remote",
    hint: "add `--repo OWNER/NAME`",
  });
}

/** `OWNER/NAME` as its two parts, or InputError. */
export function parseRepository(text: string): RepositoryName {
  const [, owner, name] = text.match(/^([A-Za-z0-9][A-Za-z0-9-]{0,38})\/([A-Za-z0-9._-]{1,100})$/) ?? [];
  if (owner && name) return { owner, name };
  throw new InputError({ message: "this does not name a repository", expected: "OWNER/NAME", received: text });
}

async function readOrigin(context: Context): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)("git", ["remote", "get-url", "origin"], { cwd: context.folder });
    return stdout.trim();
  } catch {
    return null;
  }
}
