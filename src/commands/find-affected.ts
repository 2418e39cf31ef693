// Which models of the base branch's config a pull request concerns, decided from both sides as GitHub has them.
import { findAffectedModels } from "../config/affected.ts";
import { configFileName } from "../config/parse.ts";
import { lockFileName } from "../config/parse-lock.ts";
import type { RepositoryClient } from "../github/client.ts";
import type { PullRequest } from "../github/pulls.ts";
import type { BaseConfig } from "./read-base-config.ts";
import { readSideQuietly } from "./read-proposed-head.ts";

/** Names in the config's order. Models that only the head has are not judged: base has no rules for them. */
export async function findAffected(
  repository: RepositoryClient,
  pull: PullRequest,
  base: BaseConfig,
  changedPaths: readonly string[] | null,
): Promise<readonly string[]> {
  const shared = changedPaths?.some((path) => path === configFileName || path === lockFileName) ?? false;
  const [baseSide, headSide] = shared
    ? [await readSideQuietly(repository, pull.baseBranch), await readSideQuietly(repository, pull.headSha)]
    : [null, null];
  const side = baseSide ?? { config: base.config, lock: { version: 1 as const, models: new Map() } };
  return findAffectedModels(side, baseSide === null ? null : headSide, changedPaths).filter((name) =>
    base.config.models.has(name),
  );
}
