// Finds and reads the config and the lock of the repository that a folder belongs to.
import { open, readFile, stat } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";
import type { Lock } from "../config/lock.ts";
import { configFileName, decodeConfig, parseConfig } from "../config/parse.ts";
import { emptyLock, lockFileName, parseLock } from "../config/parse-lock.ts";
import type { Config, ModelSettings } from "../config/settings.ts";
import { configLimits } from "../config/yaml-document.ts";
import { InputError } from "../errors.ts";
import type { Context } from "../host/context.ts";
import { sha256Hex } from "../json/digest.ts";
import { findNearestName } from "../nearest-name.ts";

export interface LoadedConfig {
  readonly config: Config;
  /** Absolute. */
  readonly file: string;
  /** The repository's root: paths in the config are relative to it. Absolute. */
  readonly root: string;
  readonly text: string;
  /** Of the file's bytes. */
  readonly sha256: string;
}

/**
 * Reads the config at `configFile`, or the first `.github/modelgate.yml` from the folder upwards.
 * @throws {InputError} when there is none, it cannot be read, or anything in it is wrong (all problems at once).
 */
export async function loadConfig(configFile: string | undefined, context: Context): Promise<LoadedConfig> {
  const file = configFile === undefined ? await findConfig(context.folder) : resolve(context.folder, configFile);
  const shown = relative(context.folder, file) || file;
  const bytes = await readConfigBytes(file, shown);
  const text = decodeConfig(bytes, shown);
  return { config: parseConfig(text, shown), file, root: findRoot(file), text, sha256: sha256Hex(bytes) };
}

/**
 * Reads `modelgate.lock` at the root; a repository without one has an empty lock.
 * @throws {InputError} when it is there and wrong.
 */
export async function loadLock(root: string): Promise<Lock> {
  const file = join(root, lockFileName);
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw new InputError(
      { file: lockFileName, message: `cannot be read (${error.code ?? error.message})` },
      { cause: error },
    );
  });
  return bytes === undefined ? emptyLock : parseLock(decodeConfig(bytes, lockFileName), lockFileName);
}

/**
 * One model of a config by name.
 * @throws {InputError} naming the nearest known model.
 */
export function findModel(loaded: Pick<LoadedConfig, "config" | "file">, name: string): ModelSettings {
  const model = loaded.config.models.get(name);
  if (model) return model;
  const known = [...loaded.config.models.keys()];
  const nearest = findNearestName(name, known);
  throw new InputError({
    file: relative(findRoot(loaded.file), loaded.file),
    key: "models",
    message: "does not name this model",
    expected: known.length > 20 ? `one of ${known.slice(0, 20).join(", ")}, …` : `one of ${known.join(", ")}`,
    received: name,
    hint: nearest
      ? `did you mean \`${nearest}\`?`
      : /^[a-z0-9][a-z0-9._-]{0,63}$/.test(name)
        ? `add \`${name}:\` under \`models\``
        : `the names of models are under \`models\` in the config`,
  });
}

/** The first `.github/modelgate.yml` from the folder upwards; null when there is none. */
export async function locateConfig(folder: string): Promise<string | null> {
  for (let at = folder; ; at = dirname(at)) {
    const file = join(at, configFileName);
    const found = await stat(file).catch(() => undefined);
    if (found?.isFile()) return file;
    if (dirname(at) === at) return null;
  }
}

async function findConfig(folder: string): Promise<string> {
  const file = await locateConfig(folder);
  if (file !== null) return file;
  throw new InputError({
    message: `no ${configFileName} in ${folder} or any folder above it`,
    expected: `the config at ${configFileName}, or \`--config FILE\``,
    received: "nothing",
    hint: "`modelgate init` writes a first one",
  });
}

async function readConfigBytes(file: string, shown: string): Promise<Buffer> {
  try {
    const { size } = await stat(file);
    if (size > configLimits.sizeBytes) refuseSize(shown, size);
    return await readWithinLimit(file, shown);
  } catch (error) {
    if (error instanceof InputError) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    throw new InputError(
      {
        file: shown,
        message: describeUnreadable(code ?? String(error)),
        expected: "a config",
        hint: "`modelgate init` writes a first one",
      },
      { cause: error },
    );
  }
}

/** Never more than the limit: a device or a pipe has no size that says beforehand how much comes. */
async function readWithinLimit(file: string, shown: string): Promise<Buffer> {
  const handle = await open(file, "r");
  try {
    const chunk = Buffer.alloc(configLimits.sizeBytes + 1);
    let length = 0;
    for (let bytesRead = -1; bytesRead !== 0 && length < chunk.length; length += bytesRead)
      ({ bytesRead } = await handle.read(chunk, length, chunk.length - length, null));
    if (length > configLimits.sizeBytes) refuseSize(shown, length);
    return chunk.subarray(0, length);
  } finally {
    await handle.close();
  }
}

function describeUnreadable(code: string): string {
  if (code === "ENOENT") return "there is no such file";
  return code === "EISDIR" ? "is a folder, not a file" : `cannot be read (${code})`;
}

function refuseSize(shown: string, sizeBytes: number): never {
  throw new InputError({
    file: shown,
    message: "the file is too large",
    expected: `at most ${configLimits.sizeBytes} bytes`,
    received: `${sizeBytes} bytes`,
    hint: "split the models over several repositories, or shorten lists and comments",
  });
}

/** The folder above `.github`, or the folder the config is in. */
function findRoot(file: string): string {
  const folder = dirname(file);
  return basename(folder) === ".github" ? dirname(folder) : folder;
}
