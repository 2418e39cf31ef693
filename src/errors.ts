// What went wrong, in a form that a person can act on: every error that leaves a room is one of these three families.
// Anything else that is thrown is a bug of ours (exit 70).

/** One thing that is wrong: what, where, expected, received, and how to fix it. Lines and columns count from 1. */
export interface Problem {
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  readonly key?: string;
  readonly expected?: string;
  readonly received?: string;
  readonly hint?: string;
}

export type ErrorFamily = "refused" | "input" | "provider";

const exitCodes = { refused: 1, input: 2, provider: 3 } as const satisfies Record<ErrorFamily, number>;

/** Base of the three families; `problems` is never empty, and `exitCode` is the documented one of the family. */
export class ModelgateError extends Error {
  readonly family: ErrorFamily;
  readonly problems: readonly [Problem, ...Problem[]];

  constructor(family: ErrorFamily, problems: readonly Problem[] | Problem | string, options?: ErrorOptions) {
    const list =
      typeof problems === "string"
        ? [{ message: problems }]
        : Array.isArray(problems)
          ? problems
          : [problems as Problem];
    const [first, ...rest] = list as Problem[];
    const head = first ?? { message: "something went wrong and no reason was given" };
    super(head.message, options);
    this.name = new.target.name;
    this.family = family;
    this.problems = [head, ...rest];
  }

  get exitCode(): 1 | 2 | 3 {
    return exitCodes[this.family];
  }
}

/** The user's input, data, config or usage is wrong (exit 2). All problems found are reported together. */
export class InputError extends ModelgateError {
  constructor(problems: readonly Problem[] | Problem | string, options?: ErrorOptions) {
    super("input", problems, options);
  }
}

/** A rule says no: a gate, a promotion rule, a right that is missing, other bytes under the same version, a program that failed (exit 1). */
export class RefusedError extends ModelgateError {
  constructor(problems: readonly Problem[] | Problem | string, options?: ErrorOptions) {
    super("refused", problems, options);
  }
}

/** GitHub, the network or an engine failed, also after retries (exit 3). */
export class ProviderError extends ModelgateError {
  constructor(problems: readonly Problem[] | Problem | string, options?: ErrorOptions) {
    super("provider", problems, options);
  }
}

/** The problem as it is told from `folder`: paths below it are relative, in `file` and in the texts. */
export function relateProblem(problem: Problem, folder: string): Problem {
  if (folder.length < 2) return problem;
  const shorten = (text: string) => text.replaceAll(`${folder.replace(/[\\/]$/, "")}/`, "");
  return Object.fromEntries(
    Object.entries(problem).map(([name, value]) => [name, typeof value === "string" ? shorten(value) : value]),
  ) as unknown as Problem;
}

/** The message for people, who see `file` beside it: a file that the message itself begins with is not said twice. */
export function shortenMessage({ file, message }: Problem): string {
  if (file === undefined || !message.startsWith(file)) return message;
  const rest = message.slice(file.length).replace(/^(, line \d+)?: |^ (?=is |has |does |cannot |could )/, "");
  return rest.length < message.length - file.length ? rest : message;
}
