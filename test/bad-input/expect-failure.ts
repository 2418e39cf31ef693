// What holds of every failure, whatever was wrong: the exit status, one clear message, one document, no trace, no secret.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { Problem } from "../../src/errors.ts";
import { sha256Hex } from "../../src/json/digest.ts";
import type { Folder, Run } from "../cli/run-in-folder.ts";

/** Nothing listens there, and one try is enough to say so. */
export const closedGitHub = { GITHUB_API_URL: "http://127.0.0.1:1", MODELGATE_RETRY_SECONDS: "0" } as const;

/** Never in anything that is printed or written. */
export const secret = "ghp_TheTokenThatNobodyMaySee";

export interface Failure {
  readonly status: 1 | 2 | 3;
  readonly message: RegExp;
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * Runs a command as a person and as a program would and expects the same failure of both, with nothing in the folder
 * changed. Gives the problems of the document.
 */
export async function expectFailure(
  folder: Folder,
  command: string | readonly string[],
  { status, message, environment = {} }: Failure,
): Promise<readonly Problem[]> {
  const words = typeof command === "string" ? command.split(" ") : command;
  const surroundings = { ...closedGitHub, PATH: process.env["PATH"] ?? "", GITHUB_TOKEN: secret, ...environment };
  const before = digestFolder(folder.path);
  const told = await folder.run(words, surroundings);
  expect(`${told.status} ${told.stderr}`).toMatch(message);
  expect(told.status, told.stderr).toBe(status);
  expect(told.stdout).toBe("");
  expect(told.stderr).toMatch(/^error: /m);
  const written = await folder.run([...words, "--json"], surroundings);
  expect(written.status).toBe(status);
  const document = JSON.parse(written.stdout) as { readonly problems: readonly Problem[] };
  expect(document).toMatchObject({ kind: "error", schemaVersion: 1 });
  expect(document.problems.length).toBeGreaterThan(0);
  expect(written.stdout.trimEnd()).not.toContain("\n");
  for (const run of [told, written]) expectClean(run);
  expect(digestFolder(folder.path)).toEqual(before);
  return document.problems;
}

/** No stack trace, no word of a bug of ours, and none of the secrets. */
export function expectClean({ stdout, stderr }: Pick<Run, "stdout" | "stderr">): void {
  const output = stdout + stderr;
  expect(output).not.toMatch(/\n\s+at |a bug of Modelgate|undefined|\[object/);
  expect(output).not.toContain(secret);
}

/** Every file below a folder with its digest: equal = nothing was written, changed or lost. */
export function digestFolder(folder: string): ReadonlyMap<string, string> {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
  return new Map(
    paths.map((path) => {
      const whole = join(folder, path);
      return [path, statSync(whole).isFile() ? sha256Hex(readFileSync(whole)) : "folder"];
    }),
  );
}
