// Problems of a config (or any file of the repository) as a check: a list, and an annotation at each line.
import type { Problem } from "../errors.ts";
import { renderBlocks, textBlock } from "./blocks.ts";
import type { Annotation, Check } from "./check.ts";
import { summaryLimitBytes } from "./check.ts";
import { escapeMarkdown, flattenText, renderProse } from "./escape.ts";
import { renderPlural } from "./numbers.ts";

/** GitHub takes 50 annotations in one request. */
const mostAnnotations = 50;

/** A failed check for problems of `file`, a path of the repository. */
export function renderProblemsCheck(problems: readonly Problem[], file: string): Check {
  const count = renderPlural(problems.length, "problem");
  const lines = problems.slice(0, 200).map((problem) => {
    const place = problem.line === undefined ? "" : ` line ${problem.line}`;
    const key = problem.key === undefined ? "" : ` **${escapeMarkdown(problem.key, 200)}**`;
    return `-${place}${key}: ${renderProse(describe(problem), 1000)}`;
  });
  return {
    conclusion: "failure",
    title: `${file} has ${count}`,
    summary: renderBlocks(
      [textBlock(`### ❌ ${escapeMarkdown(file)} has ${count}`), ...lines.map((line) => textBlock(line))],
      summaryLimitBytes,
    ),
    annotations: problems.slice(0, mostAnnotations).map((problem) => annotate(problem, file)),
  };
}

function annotate(problem: Problem, file: string): Annotation {
  const line = Math.max(1, problem.line ?? 1);
  return {
    path: file,
    startLine: line,
    endLine: line,
    level: "failure",
    title: flattenText(problem.key ?? file).slice(0, 200),
    message: flattenText(describe(problem)).slice(0, 4000),
  };
}

function describe({ message, expected, received, hint }: Problem): string {
  return [
    message,
    expected === undefined ? null : `expected ${expected}`,
    received === undefined ? null : `received ${received}`,
    hint === undefined ? null : hint,
  ]
    .filter((part) => part !== null)
    .join("; ");
}
