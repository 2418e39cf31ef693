// Runs one command line in a folder of its own, as a person would, and keeps what it printed.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { runProgram } from "../../src/cli/program.ts";

export interface Run {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Folder {
  readonly path: string;
  readonly write: (file: string, content: string | Uint8Array) => void;
  /** Words are split at spaces; an element of a list stays whole. */
  readonly run: (command: string | readonly string[], environment?: Readonly<Record<string, string>>) => Promise<Run>;
  readonly remove: () => void;
}

export function createFolder(): Folder {
  const path = mkdtempSync(join(tmpdir(), "modelgate-test-"));
  return {
    path,
    write: (file, content) => {
      mkdirSync(dirname(join(path, file)), { recursive: true });
      writeFileSync(join(path, file), content);
    },
    run: async (command, environment = {}) => {
      const out = { stdout: "", stderr: "" };
      const status = await runProgram(
        typeof command === "string" ? command.split(" ") : command,
        {
          folder: path,
          environment,
          now: () => new Date("2026-03-01T12:00:00Z"),
          progress: (line) => {
            out.stderr += `${line}\n`;
          },
          signal: new AbortController().signal,
        },
        {
          stdout: (text) => {
            out.stdout += text;
          },
          stderr: (text) => {
            out.stderr += text;
          },
        },
        "0.0.0",
      );
      return { status, ...out };
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}
