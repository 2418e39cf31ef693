// A file can hold thousands of problems; people read the first ones.
import type { Problem } from "../errors.ts";

const mostProblems = 200;

/** The first 200 problems by place, and one that says how many more there are. */
export function limitProblems(problems: readonly Problem[], file: string): readonly Problem[] {
  const sorted = [...problems].sort(
    (left, right) => (left.line ?? 0) - (right.line ?? 0) || (left.column ?? 0) - (right.column ?? 0),
  );
  const more = sorted.length - mostProblems;
  if (more <= 0) return sorted;
  return [...sorted.slice(0, mostProblems), { file, message: `has ${more} more problems, which are not listed` }];
}
