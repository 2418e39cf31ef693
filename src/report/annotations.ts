// Problems of a file in the pull request, at their lines in the diff.
import type { Problem } from "../errors.ts";
import { flattenText } from "./escape.ts";

/** As GitHub's check runs take it; texts are plain. */
export interface Annotation {
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
  readonly level: "notice" | "warning" | "failure";
  readonly title: string;
  readonly message: string;
}

/** GitHub takes 50 in one request. */
const mostAnnotations = 50;

/** One annotation per problem that names its file, at most 50. */
export function annotateProblems(problems: readonly Problem[]): readonly Annotation[] {
  return problems.slice(0, mostAnnotations).flatMap((problem) => {
    if (problem.file === undefined) return [];
    const line = Math.max(1, problem.line ?? 1);
    const title = flattenText(problem.key ?? problem.file).slice(0, 200);
    const message = flattenText(describeProblem(problem)).slice(0, 4000);
    return [{ path: problem.file, startLine: line, endLine: line, level: "failure" as const, title, message }];
  });
}

/** What, expected, received and how to fix, as one line of plain text. */
export function describeProblem({ message, expected, received, hint }: Problem): string {
  return [
    message,
    expected === undefined ? null : `expected ${expected}`,
    received === undefined ? null : `received ${received}`,
    hint ?? null,
  ]
    .filter((part) => part !== null)
    .join("; ");
}
