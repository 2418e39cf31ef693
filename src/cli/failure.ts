// An error as the terminal shows it: for people on stderr, for programs as the `error` document.
import { CommanderError } from "commander";
import { ModelgateError, type Problem, relateProblem, shortenMessage } from "../errors.ts";
import type { Context } from "../host/context.ts";
import { explainSystemError } from "../host/system-error.ts";

export interface Failure {
  readonly exitCode: 1 | 2 | 3 | 70;
  readonly text: string;
  readonly document: { readonly kind: "error"; readonly schemaVersion: 1; readonly problems: readonly Problem[] };
}

/** Any thrown value as exit status, text and document. A stack is shown only when `DEBUG` is set. */
export function renderFailure(thrown: unknown, context: Pick<Context, "environment" | "folder">): Failure {
  const error = explainSystemError(thrown) ?? thrown;
  const problems = findProblems(error).map((problem) => relateProblem(problem, context.folder));
  const exitCode = error instanceof ModelgateError ? error.exitCode : error instanceof CommanderError ? 2 : 70;
  const lines = problems.map(renderProblem);
  if (exitCode === 70)
    lines.push("This is a bug of Modelgate. Run again with DEBUG=1 for the stack and please report it.");
  if (context.environment["DEBUG"] && error instanceof Error && error.stack) lines.push(error.stack);
  return { exitCode, text: lines.join("\n"), document: { kind: "error", schemaVersion: 1, problems } };
}

function findProblems(error: unknown): readonly Problem[] {
  if (error instanceof ModelgateError) return error.problems;
  if (error instanceof CommanderError) {
    return [
      {
        message: error.message.replace(/^error: /, ""),
        hint: "`modelgate --help` lists the commands, `modelgate COMMAND --help` its options",
      },
    ];
  }
  return [{ message: error instanceof Error ? `${error.name}: ${error.message}` : String(error) }];
}

/** One problem in the order where, what, expected, received, how to fix; one line each after the first. */
export function renderProblem(problem: Problem): string {
  // A column without a file or line is one of a single rule, whose message says the character.
  const position = problem.line === undefined ? [] : [problem.line, problem.column];
  const place = [problem.file, ...position].filter((part) => part !== undefined).join(":");
  const head = `error: ${place ? `${place}: ` : ""}${problem.key ? `${problem.key}: ` : ""}${shortenMessage(problem)}`;
  const rows = [
    problem.expected === undefined ? undefined : `  expected: ${problem.expected}`,
    problem.received === undefined ? undefined : `  received: ${problem.received}`,
    problem.hint === undefined ? undefined : `  fix:      ${problem.hint}`,
  ];
  return [head, ...rows.filter((row) => row !== undefined)].join("\n");
}
