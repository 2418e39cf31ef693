// A context as the terminal makes one, and a config with one model, for tests that train.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Context } from "../../src/host/context.ts";

export function createContext(folder: string, lines: string[] = []): Context {
  return {
    folder,
    environment: process.env,
    now: () => new Date("2026-01-05T08:00:00Z"),
    progress: (line) => lines.push(line),
    signal: new AbortController().signal,
  };
}

/** Writes files below `folder` by their relative paths. */
export function writeFiles(folder: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

/** `.github/modelgate.yml` with the model `m`; `lines` are its keys, indented by four. */
export function renderConfig(...lines: readonly string[]): string {
  return ["version: 1", "models:", "  m:", ...lines.map((line) => `    ${line}`), ""].join("\n");
}
