// Which models of the base branch's config a pull request concerns, decided from both sides as GitHub has them.
import { findAffectedModels, type Side } from "../config/affected.ts";
import { configFileName, decodeConfig } from "../config/parse.ts";
import { emptyLock, lockFileName, parseLock } from "../config/parse-lock.ts";
import { InputError } from "../errors.ts";
import type { RepositoryClient } from "../github/client.ts";
import { readFileAt } from "../github/contents.ts";
import type { PullRequest } from "../github/pulls.ts";
import type { BaseConfig } from "./read-base-config.ts";
import { readSideQuietly } from "./read-proposed-head.ts";

export interface Affected {
  /** Names in the config's order. Models that only the head has are not judged: base has no rules for them. */
  readonly models: readonly string[];
  /** Null when the lock of the base branch is wrong. */
  readonly base: Side | null;
  /** Null when it is wrong, or was not read because neither config nor lock change: then it is as base. */
  readonly head: Side | null;
}

/** Reads the base's lock, and config and lock of the head when the change touches one of them. */
export async function findAffected(
  repository: RepositoryClient,
  pull: PullRequest,
  base: BaseConfig,
  changedPaths: readonly string[] | null,
): Promise<Affected> {
  const baseSide = await readBaseSide(repository, pull.baseBranch, base);
  const shared = changedPaths?.some((path) => path === configFileName || path === lockFileName) ?? true;
  const head = shared ? await readSideQuietly(repository, pull.headSha) : null;
  const side = baseSide ?? { config: base.config, lock: emptyLock };
  const models = findAffectedModels(side, baseSide === null ? null : head, changedPaths);
  return { models: models.filter((name) => base.config.models.has(name)), base: baseSide, head };
}

async function readBaseSide(repository: RepositoryClient, branch: string, base: BaseConfig): Promise<Side | null> {
  try {
    const bytes = await readFileAt(repository, lockFileName, branch);
    const lock = bytes === null ? emptyLock : parseLock(decodeConfig(bytes, lockFileName), lockFileName);
    return { config: base.config, lock };
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}
