// Files as the rest of the house needs them: bounded reads, digests, writes that are whole or not there.
import { createHash } from "node:crypto";
import { constants, createReadStream } from "node:fs";
import { copyFile, lstat, mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join, relative, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import { InputError } from "../errors.ts";
import { explainSystemError } from "./system-error.ts";

/** A file by its path relative to the folder that was listed (forward slashes), with the sha256 of its bytes. */
export interface FileDigest {
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** sha256 (lower-case hex) and size of a file of any size. Throws InputError if it cannot be read. */
export async function digestFile(path: string): Promise<{ readonly sha256: string; readonly bytes: number }> {
  const hash = createHash("sha256");
  let bytes = 0;
  try {
    await pipeline(createReadStream(path), async function* (source) {
      for await (const chunk of source as AsyncIterable<Buffer>) {
        bytes += chunk.byteLength;
        hash.update(chunk);
      }
      yield* [];
    });
  } catch (error) {
    throw describeUnreadable(path, error);
  }
  return { sha256: hash.digest("hex"), bytes };
}

/** What `path` is; a link is followed. */
export async function findFileKind(path: string): Promise<"file" | "folder" | "other" | "missing"> {
  const found = await stat(path).catch(() => undefined);
  if (!found) return "missing";
  return found.isFile() ? "file" : found.isDirectory() ? "folder" : "other";
}

/**
 * The regular files of a file or a folder with everything below it, sorted by path. A single file is listed under its base
 * name. Throws InputError for a path that is missing, for links (they could point anywhere) and beyond `limit` files.
 */
export async function digestFiles(path: string, limit = 10_000): Promise<readonly FileDigest[]> {
  if ((await findFileKind(path)) === "file") return [{ path: basename(path), ...(await digestFile(path)) }];
  const files = await listFiles(path, limit);
  const digests: FileDigest[] = [];
  for (const file of files) digests.push({ path: file, ...(await digestFile(join(path, file))) });
  return digests;
}

/** Paths of the regular files below a folder, relative to it, with forward slashes, sorted. Same errors as `digestFiles`. */
export async function listFiles(folder: string, limit = 10_000): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    throw describeUnreadable(folder, error);
  });
  const files: string[] = [];
  for (const entry of entries) {
    const path = relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/");
    if (entry.isDirectory()) continue;
    if (!entry.isFile()) {
      throw new InputError({ message: "only regular files are taken", file: join(folder, path), received: "a link" });
    }
    if (files.push(path) > limit) {
      throw new InputError({ message: `the folder holds more than ${limit} files`, file: folder });
    }
  }
  return files.sort();
}

/** The bytes of a file of at most `limitBytes`. Throws InputError if it is missing, not a file, or larger. */
export async function readBoundedFile(path: string, limitBytes: number): Promise<Buffer> {
  const handle = await open(path, constants.O_RDONLY).catch((error: unknown) => {
    throw describeUnreadable(path, error);
  });
  try {
    const found = await handle.stat();
    if (!found.isFile()) throw new InputError({ message: "is not a file", file: path, expected: "a file" });
    if (found.size > limitBytes) {
      throw new InputError({
        message: "the file is too large",
        file: path,
        expected: `at most ${limitBytes} bytes`,
        received: `${found.size} bytes`,
      });
    }
    const bytes = await handle.readFile();
    if (bytes.byteLength > limitBytes) throw new InputError({ message: "the file grew while it was read", file: path });
    return bytes;
  } finally {
    await handle.close();
  }
}

/** Writes a file so that readers see the old bytes or all the new ones; makes the folders above it. Throws InputError for a path that cannot be written. */
export async function writeFileAtomically(path: string, content: string | Uint8Array): Promise<void> {
  const draft = join(dirname(path), `.${basename(path)}.${process.pid}.${Math.round(performance.now() * 1e6)}.draft`);
  try {
    await mkdir(dirname(path), { recursive: true });
    const handle = await open(draft, "wx");
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => {});
    throw explainSystemError(error, path) ?? error;
  }
}

/** Copies a file, or a folder of regular files, to `target`, which must not exist. Links are refused. */
export async function copyTree(source: string, target: string): Promise<void> {
  const link = await lstat(source).catch((error: unknown) => {
    throw describeUnreadable(source, error);
  });
  if (link.isSymbolicLink()) throw new InputError({ message: "is a link; give the file itself", file: source });
  if (link.isFile()) {
    await mkdir(dirname(target), { recursive: true });
    await copyFile(source, target, constants.COPYFILE_EXCL);
    return;
  }
  for (const file of await listFiles(source)) {
    await mkdir(dirname(join(target, file)), { recursive: true });
    await copyFile(join(source, file), join(target, file), constants.COPYFILE_EXCL);
  }
}

function describeUnreadable(path: string, error: unknown): InputError {
  const code = (error as NodeJS.ErrnoException).code;
  const message =
    code === "ENOENT" ? "no such file or folder" : code === "EISDIR" ? "is a folder, not a file" : "cannot be read";
  return new InputError({ message, file: path, ...(code && { received: code }) }, { cause: error });
}
