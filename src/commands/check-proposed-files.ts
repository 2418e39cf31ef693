// Are config and lock of a pull request's head readable? Merged as they are, a wrong one would stop the default branch.
import { configFileName, decodeConfig, parseConfig } from "../config/parse.ts";
import { lockFileName, parseLock } from "../config/parse-lock.ts";
import { InputError, type Problem } from "../errors.ts";
import type { RepositoryClient } from "../github/client.ts";
import { readFileAt } from "../github/contents.ts";
import {
  describeCardRemedy,
  findMissingSections,
  madeSections,
  nameSection,
  readCardSections,
} from "../report/card-sections.ts";

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
  if (problems.length === 0 && (changedPaths?.some((path) => path === configFileName || path.endsWith(".md")) ?? true))
    problems.push(...(await checkCards(repository, headSha)));
  return problems;
}

/** Sections that people have to write before anything is published: better missed now than after the merge. */
async function checkCards(repository: RepositoryClient, headSha: string): Promise<readonly Problem[]> {
  const config = await readFileAt(repository, configFileName, headSha);
  if (config === null) return [];
  const problems: Problem[] = [];
  const made = new Set<string>(madeSections);
  for (const { name, card } of parseConfig(decodeConfig(config, configFileName), configFileName).models.values()) {
    const required = card.required.filter((id) => !made.has(nameSection(id)));
    if (required.length === 0) continue;
    const bytes = card.file === null ? null : await readFileAt(repository, card.file, headSha);
    const sections = bytes === null ? [] : readCardSections(new TextDecoder().decode(bytes));
    const missing = findMissingSections(
      required,
      sections.map(({ id }) => id),
    );
    if (missing.length === 0) continue;
    problems.push({
      file: card.file ?? configFileName,
      message: `the model card of ${name} lacks required sections: ${missing.join(", ")}`,
      expected: required.join(", "),
      received: sections.map(({ id }) => id).join(", ") || "no section",
      hint: describeCardRemedy(missing, card.file),
    });
  }
  return problems;
}
