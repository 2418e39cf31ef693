// modelgate.lock from its text, and back: the same lock always gives the same bytes.
import { InputError } from "../errors.ts";
import { limitProblems } from "./limit-problems.ts";
import { type Lock, type LockedData, type LockedModel, lockLimits } from "./lock.ts";
import { LockFile } from "./lock-schema.ts";
import { listKeysAt } from "./schema-keys.ts";
import { describeIssues } from "./schema-problems.ts";
import type { WindowSettings } from "./settings.ts";
import { readYamlDocument } from "./yaml-document.ts";

/** Where the lock is, in every repository: beside nothing else, at the root. */
export const lockFileName = "modelgate.lock";

export const emptyLock: Lock = { version: 1, models: new Map() };

/**
 * Reads a lock. JSON is read by the YAML reader, which gives every problem its line and refuses duplicate keys.
 * @throws {InputError} with all problems.
 */
export function parseLock(text: string, file: string = lockFileName): Lock {
  const { document, problems } = readYamlDocument(text, file, lockLimits);
  if (!document) throw new InputError(problems);
  const parsed = LockFile.safeParse(document.value ?? undefined);
  if (!parsed.success) {
    const shape = describeIssues(parsed.error.issues, document, file, (path) => listKeysAt(LockFile, path));
    throw new InputError(limitProblems([...problems, ...shape.map(({ problem }) => problem)], file));
  }
  if (problems.length > 0) throw new InputError(limitProblems(problems, file));
  const models = Object.entries(parsed.data.models).map(([name, { train, evaluation }]) => {
    const model: LockedModel = {
      train: train && toLockedData(train),
      evaluation: evaluation && toLockedData(evaluation),
    };
    return [name, model] as const;
  });
  return { version: 1, models: new Map(models) };
}

/** JSON with models by name, keys in a fixed order, columns on one line, a newline at the end. */
export function renderLock(lock: Lock): string {
  const names = [...lock.models.keys()].sort();
  const models = names.map((name) => {
    const model = lock.models.get(name)!;
    return `    ${JSON.stringify(name)}: {\n      "train": ${renderData(model.train)},\n      "evaluation": ${renderData(model.evaluation)}\n    }`;
  });
  const body = models.length === 0 ? "{}" : `{\n${models.join(",\n")}\n  }`;
  return `{\n  "version": 1,\n  "models": ${body}\n}\n`;
}

/** The lock with one model's entry replaced. */
export function withLockedModel(lock: Lock, name: string, model: LockedModel): Lock {
  return { version: 1, models: new Map([...lock.models, [name, model]]) };
}

function renderData(data: LockedData | null): string {
  if (!data) return "null";
  const lines = [
    `"source": ${JSON.stringify(data.source)}`,
    `"window": ${data.window ? renderWindow(data.window) : "null"}`,
    `"sha256": ${JSON.stringify(data.sha256)}`,
    `"rows": ${data.rows}`,
    `"columns": [${data.columns.map((column) => JSON.stringify(column)).join(", ")}]`,
  ];
  return `{\n${lines.map((line) => `        ${line}`).join(",\n")}\n      }`;
}

function renderWindow({ from, to }: WindowSettings): string {
  const ends = Object.entries({ from, to }).filter(([, end]) => end !== undefined);
  return ends.length === 0 ? "{}" : `{ ${ends.map(([key, end]) => `"${key}": ${JSON.stringify(end)}`).join(", ")} }`;
}

/** Pinned data as plain settings; ends of the window that are not said are left out. */
export function toLockedData(file: NonNullable<LockFile["models"][string]["train"]>): LockedData {
  const { from, to } = file.window ?? {};
  return {
    ...file,
    window: file.window && { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) },
  };
}
