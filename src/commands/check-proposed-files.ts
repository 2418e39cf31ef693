// Are config and lock of a pull request's head readable? Merged as they are, a wrong one would stop the default branch.
import { configFileName, decodeConfig, parseConfig } from "../config/parse.ts";
import { lockFileName, parseLock } from "../config/parse-lock.ts";
import { InputError, type Problem } from "../errors.ts";
import type { RepositoryClient } from "../github/client.ts";
import { readFileAt } from "../github/contents.ts";

/** All problems of the two files at the head, as far as the change touches them; `changedPaths` null = both are looked at. */
export async function checkProposedFiles(
  repository: RepositoryClient,
  headSha: string,
  changedPaths: readonly string[] | null,
): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  const readers = [
    [configFileName, (text: string) => void parseConfig(text, configFileName)],
    [lockFileName, (text: string) => void parseLock(text, lockFileName)],
  ] as const;
  for (const [file, read] of readers) {
    if (changedPaths !== null && !changedPaths.includes(file)) continue;
    try {
      const bytes = await readFileAt(repository, file, headSha);
      if (bytes !== null) read(decodeConfig(bytes, file));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(...error.problems.map((problem) => ({ ...problem, file })));
    }
  }
  return problems;
}
