// From the text of a config to its settings, or to every problem in it at once: YAML → schema → rules → defaults.
import type { z } from "zod";
import { InputError, type Problem } from "../errors.ts";
import { type PathPart, readAt, removeAt, renderKey } from "./document-path.ts";
import { limitProblems } from "./limit-problems.ts";
import { resolveConfig } from "./resolve.ts";
import { checkRules } from "./rules/catalog.ts";
import type { Finding } from "./rules/rule.ts";
import { ConfigFile } from "./schema.ts";
import { listKeysAt } from "./schema-keys.ts";
import { describeIssues, type PlacedProblem } from "./schema-problems.ts";
import type { Config } from "./settings.ts";
import { readYamlDocument } from "./yaml-document.ts";
import type { YamlDocument } from "./yaml-places.ts";

/** Where the config is looked for, in every repository. */
export const configFileName = ".github/modelgate.yml";

/**
 * Reads a config. `file` is its name in messages.
 * @throws {InputError} with all problems of the text (the first 200), each with file, line, column, key, expected, received and a hint where there is one.
 */
export function parseConfig(text: string, file: string): Config {
  const { document, problems } = readYamlDocument(text, file);
  if (!document) throw new InputError(problems);
  if (document.value === null || document.value === undefined) throw new InputError(describeEmpty(file));
  const parsed = ConfigFile.safeParse(document.value);
  const misshapen = parsed.success
    ? []
    : describeIssues(parsed.error.issues, document, file, (path) => listKeysAt(ConfigFile, path));
  const findings = parsed.success ? checkRules(parsed.data) : checkRulesOfTheRest(document.value, misshapen);
  const broken = findings.map((finding) => describeFinding(finding, document, file));
  const all = limitProblems([...problems, ...misshapen.map(({ problem }) => problem), ...broken], file);
  if (all.length > 0 || !parsed.success) throw new InputError(all);
  return resolveConfig(parsed.data);
}

/**
 * The text of a config that came as bytes.
 * @throws {InputError} when it is not UTF-8.
 */
export function decodeConfig(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new InputError({
      file,
      message: "is not UTF-8 text",
      expected: "a YAML file in UTF-8",
      received: `${bytes.length} bytes in another encoding`,
      hint: "save the file as UTF-8",
    });
  }
}

/**
 * Rules on what has the right shape, so that a misspelt key does not hide a wrong gate. What is misshapen is taken out, and a rule
 * that looked at one of those keys, or at the key a misspelt one was meant as, is not believed.
 */
function checkRulesOfTheRest(value: unknown, misshapen: readonly PlacedProblem[]): readonly Finding[] {
  const meant = misshapen.map(({ path, nearest }) => (nearest === undefined ? path : [...path.slice(0, -1), nearest]));
  const absent = new Set(meant.map(renderKey));
  const rest: unknown = structuredClone(value);
  let parsed = ConfigFile.safeParse(rest);
  while (!parsed.success) {
    for (const path of listPathsToRemove(parsed.error.issues, rest)) {
      if (path.length === 0) return [];
      absent.add(renderKey(path));
      removeAt(rest, path);
    }
    parsed = ConfigFile.safeParse(rest);
  }
  return checkRules(parsed.data, absent);
}

/** For each issue the deepest path that exists, a key too many before what holds it; each removal makes the data smaller. */
function listPathsToRemove(issues: readonly z.core.$ZodIssue[], value: unknown): readonly (readonly PathPart[])[] {
  return issues.flatMap((issue) => {
    const path = issue.path.map((part) => (typeof part === "symbol" ? String(part) : part));
    if (issue.code === "unrecognized_keys") return issue.keys.map((key) => [...path, key]);
    let end = path.length;
    while (end > 0 && readAt(value, path.slice(0, end)) === undefined) end -= 1;
    return [path.slice(0, end)];
  });
}

function describeEmpty(file: string): Problem {
  return {
    file,
    line: 1,
    column: 1,
    message: "the config is empty",
    expected: "at least `models:` with one model",
    received: "nothing",
    hint: "`modelgate init` writes a first one",
  };
}

function describeFinding(finding: Finding, document: YamlDocument, file: string): Problem {
  return {
    file,
    ...document.locate(finding.path, finding.at ?? "value"),
    key: renderKey(finding.path),
    message: finding.message,
    ...(finding.expected === undefined ? {} : { expected: finding.expected }),
    ...(finding.received === undefined ? {} : { received: finding.received }),
    ...(finding.hint === undefined ? {} : { hint: finding.hint }),
  };
}
