// The head of a pull request as far as it matters to rules: its config and lock as text, never obeyed.
import type { Side } from "../config/affected.ts";
import { configFileName, decodeConfig, parseConfig } from "../config/parse.ts";
import { emptyLock, lockFileName, parseLock } from "../config/parse-lock.ts";
import { InputError } from "../errors.ts";
import type { RepositoryClient } from "../github/client.ts";
import { readFileAt } from "../github/contents.ts";
import type { ProposedHead } from "./proposed-changes.ts";

/** Reads both files at the head. */
export async function readProposedHead(
  repository: RepositoryClient,
  headSha: string,
  changedPaths: readonly string[] | null,
): Promise<ProposedHead> {
  return {
    configText: await readText(repository, configFileName, headSha),
    lockText: await readText(repository, lockFileName, headSha),
    changedPaths,
  };
}

/** Config and lock at a ref. Null when there is no config. @throws InputError when one of them is wrong. */
export async function readSide(
  repository: RepositoryClient,
  ref: string,
): Promise<(Side & { readonly configBytes: Uint8Array }) | null> {
  const configBytes = await readFileAt(repository, configFileName, ref);
  if (configBytes === null) return null;
  const config = parseConfig(decodeConfig(configBytes, configFileName), configFileName);
  const lockBytes = await readFileAt(repository, lockFileName, ref);
  const lock = lockBytes === null ? emptyLock : parseLock(decodeConfig(lockBytes, lockFileName), lockFileName);
  return { config, lock, configBytes };
}

/** As `readSide`, but null also when the files are wrong: the head is not ours to complain about. */
export async function readSideQuietly(repository: RepositoryClient, ref: string): Promise<Side | null> {
  try {
    return await readSide(repository, ref);
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}

/** A file that is too large counts as not there; its readers refuse it by its absence. */
async function readText(repository: RepositoryClient, path: string, ref: string): Promise<string | null> {
  try {
    const bytes = await readFileAt(repository, path, ref);
    return bytes === null ? null : Buffer.from(bytes).toString("utf8");
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}
