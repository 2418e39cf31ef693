// The small values the config is made of. An error text is the phrase after "expected:".
import { z } from "zod";

const identifier = /^[a-z0-9][a-z0-9._-]{0,63}$/;

/** Name of a model or stage; a git tag and branch is made of it, hence the narrow alphabet. */
export const Name = z
  .string()
  .regex(
    identifier,
    "a name of lower-case letters, digits, `.`, `_`, `-`, starting with a letter or digit, at most 64",
  );

export const Text = z.string().min(1, "text that is not empty").max(500, "at most 500 characters");

/** A column of a data file: any text. */
export const ColumnName = Text.max(200, "a column name of at most 200 characters");

/** A repository on GitHub. */
export const RepositoryName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,38}\/(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/, "OWNER/NAME, such as `org/models`");

/** A path inside the repository. */
export const RepositoryPath = z
  .string()
  .regex(
    /^(?![/~])(?!.*(?:^|\/)\.\.(?:\/|$))(?![A-Za-z]:)[^\\\p{Cc}]{1,500}$/u,
    "a path inside the repository with forward slashes, without `..`",
  );

/** Where data lives. */
export const DataSource = z
  .string()
  .regex(/^[^\p{Cc}]{1,1000}$/u, "a path, a glob, `https://…`, `s3://…` or `clickhouse://…`");

export const Duration = z
  .string()
  .regex(/^[1-9][0-9]{0,8}(ms|s|m|h|d|w)$/, "a duration such as 90s, 30m, 12h, 14d or 2w");

/** A day or a moment; a moment without a zone is UTC. */
export const Moment = z
  .string()
  .regex(
    /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])([T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?)?$/,
    "a date such as 2026-01-31, or a date and time such as 2026-01-31T06:00:00Z",
  );

/** Any scalar a label or category may be; compared as text. */
export const Scalar = z.union([z.string().max(500, "at most 500 characters"), z.number(), z.boolean()]);

/** A list is a program and its arguments, run without a shell; a text is for the shell and needs `shell: true` beside it. */
export const CommandLine = z.union([
  z.array(z.string().max(4000, "at most 4000 characters")).min(1, "at least the program").max(200, "at most 200 words"),
  z.string().min(1, "text that is not empty").max(4000, "at most 4000 characters"),
]);

export const VariableName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]{0,199}$/, "the name of an environment variable, such as AWS_ACCESS_KEY_ID");

const secondsPerUnit = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 } as const;

/** Seconds of a text that `Duration` accepts. */
export function parseDurationSeconds(text: string): number {
  const [, count, unit] = /^(\d+)(ms|s|m|h|d|w)$/.exec(text) ?? [];
  return Number(count) * secondsPerUnit[(unit ?? "s") as keyof typeof secondsPerUnit];
}
