// The config that judges: the one on the base branch, never the pull request's.
import { configFileName, decodeConfig, parseConfig } from "../config/parse.ts";
import type { Config } from "../config/settings.ts";
import type { RepositoryClient } from "../github/client.ts";
import { readFileAt } from "../github/contents.ts";
import { sha256Hex } from "../json/digest.ts";

export interface BaseConfig {
  readonly config: Config;
  /** Of the file's bytes. */
  readonly sha256: string;
}

/** The config at the tip of a branch (or at a commit), or null when there is none. @throws InputError when it is wrong. */
export async function readBaseConfig(repository: RepositoryClient, ref: string): Promise<BaseConfig | null> {
  const bytes = await readFileAt(repository, configFileName, ref);
  if (bytes === null) return null;
  return { config: parseConfig(decodeConfig(bytes, configFileName), configFileName), sha256: sha256Hex(bytes) };
}
