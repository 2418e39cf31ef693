// Turns what zod found into problems a person can act on: place, key, expected, received, and the nearest known key.
import type { z } from "zod";
import type { Problem } from "../errors.ts";
import { findNearestName } from "../nearest-name.ts";
import { isRecord, type PathPart, readAt, renderKey } from "./document-path.ts";
import type { YamlDocument } from "./yaml-places.ts";

type Issue = z.core.$ZodIssue;

/** A problem of the shape and the path it is at. `unknownKey`: the path is a key too many, perhaps meant as `nearest`. */
export interface PlacedProblem {
  readonly path: readonly PathPart[];
  readonly unknownKey: boolean;
  readonly nearest?: string | undefined;
  readonly missing?: boolean;
  readonly problem: Problem;
}

/** Problems of one failed parse; a missing key that is there misspelt is reported once. `keysAt` gives the keys the schema knows at a path. */
export function describeIssues(
  issues: readonly Issue[],
  document: YamlDocument,
  file: string,
  keysAt: (path: readonly PathPart[]) => readonly string[],
): PlacedProblem[] {
  const found = issues.flatMap((issue) => describeIssue(issue, [], document, file, keysAt));
  const meant = new Set(
    found.map(({ path, nearest }) => nearest !== undefined && renderKey([...path.slice(0, -1), nearest])),
  );
  return found.filter(({ path, missing }) => !(missing && meant.has(renderKey(path))));
}

function describeIssue(
  issue: Issue,
  prefix: readonly PathPart[],
  document: YamlDocument,
  file: string,
  keysAt: (path: readonly PathPart[]) => readonly string[],
): PlacedProblem[] {
  const path = [...prefix, ...issue.path.map((part) => (typeof part === "symbol" ? String(part) : part))];
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => {
      const known = keysAt(path);
      const nearest = findNearestName(key, known);
      const problem = describeUnknownKey([...path, key], document, file, known, nearest);
      return { path: [...path, key], unknownKey: true, nearest, problem };
    });
  }
  if (issue.code === "invalid_key") {
    return [{ path, unknownKey: true, problem: describeInvalidKey(path, issue, document, file) }];
  }
  if (issue.code === "invalid_union") {
    const branch = chooseBranch(issue.errors, readAt(document.value, path));
    if (branch) return branch.flatMap((inner) => describeIssue(inner, path, document, file, keysAt));
  }
  const received = readAt(document.value, path);
  const missing = received === undefined;
  const quoted = document.quote(path);
  // YAML reads 1.10 as the number 1.1, and `yes` only in quotes as a word.
  const isUnquoted =
    issue.code === "invalid_type" && issue.expected === "string" && ["number", "boolean"].includes(typeof received);
  const problem = {
    file,
    ...document.locate(path, "value"),
    key: renderKey(path),
    message: missing ? "is missing" : "has a value that is not allowed",
    expected: describeExpected(issue),
    received: missing ? "nothing" : (quoted ?? describeKind(received)),
    ...(isUnquoted && quoted ? { hint: `put it in quotes: "${quoted}"` } : {}),
  };
  return [{ path, unknownKey: false, missing, problem }];
}

function describeUnknownKey(
  path: readonly PathPart[],
  document: YamlDocument,
  file: string,
  known: readonly string[],
  nearest: string | undefined,
): Problem {
  const key = String(path.at(-1));
  return {
    file,
    ...document.locate(path, "key"),
    key: renderKey(path),
    message: "is a key that nobody knows",
    ...(known.length > 0 ? { expected: `one of ${[...known].sort().join(", ")}` } : {}),
    received: key,
    hint:
      key === "<<"
        ? "merge keys are not part of YAML 1.2: repeat the keys"
        : nearest
          ? `did you mean \`${nearest}\`?`
          : "remove it",
  };
}

function describeInvalidKey(path: readonly PathPart[], issue: Issue, document: YamlDocument, file: string): Problem {
  const inner = issue.code === "invalid_key" ? issue.issues[0] : undefined;
  return {
    file,
    ...document.locate(path, "key"),
    key: renderKey(path),
    message: "is not a name that can be used",
    expected: inner?.message ?? issue.message,
    received: String(path.at(-1)),
  };
}

/**
 * The branch of a union that the author meant: the one whose outer type fits what is there; among those the one with the fewest
 * unknown keys, then the fewest problems. Undefined when no branch has the type.
 */
function chooseBranch(branches: readonly (readonly Issue[])[], value: unknown): readonly Issue[] | undefined {
  const fitting = branches.filter(
    (branch) =>
      !branch.some(
        (issue) => issue.path.length === 0 && (issue.code === "invalid_type" || issue.code === "invalid_value"),
      ),
  );
  if (fitting.length === 0) return undefined;
  const unknown = (branch: readonly Issue[]) =>
    branch.reduce(
      (sum, issue) => sum + (issue.code === "unrecognized_keys" && isRecord(value) ? issue.keys.length : 0),
      0,
    );
  return [...fitting].sort((left, right) => unknown(left) - unknown(right) || left.length - right.length)[0];
}

function describeExpected(issue: Issue): string {
  switch (issue.code) {
    case "invalid_type":
      return typeWords[issue.expected] ?? issue.expected;
    case "invalid_value":
      return issue.values.length === 1
        ? String(issue.values[0])
        : `one of ${issue.values.map((value) => String(value)).join(", ")}`;
    case "invalid_union":
      return [...new Set(issue.errors.flatMap((branch) => branch.slice(0, 1).map(describeExpected)))].join(", or ");
    default:
      return issue.message;
  }
}

const typeWords: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  tuple: "a list",
  object: "a map of keys",
  record: "a map of keys",
  null: "nothing",
};

function describeKind(value: unknown): string {
  if (value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "a map" : String(value);
}
