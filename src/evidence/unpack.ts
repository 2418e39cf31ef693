// The guarded unzip: an artifact may come from a job that ran a stranger's code, so every entry is checked before any byte is written.
import { createWriteStream } from "node:fs";
import { mkdir, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type Entry, fromBuffer, open, type ZipFile } from "yauzl";
import { InputError } from "../errors.ts";
import { findNameProblem } from "./entry-name.ts";

/** `bytes`: of all entries unpacked. `ratio`: unpacked to packed, for archives that unpack to more than 1 MiB. */
export interface UnpackLimits {
  readonly entries: number;
  readonly bytes: number;
  readonly ratio: number;
}

/** Evidence and findings: JSON and predictions, held in memory by the App. */
export const evidenceUnpackLimits: UnpackLimits = { entries: 1000, bytes: 256 * 2 ** 20, ratio: 300 };

/** Candidates: models, written to disk by the validating job. */
export const candidateUnpackLimits: UnpackLimits = { entries: 10_000, bytes: 20 * 2 ** 30, ratio: 500 };

/**
 * The entries of an archive in memory, only those whose name `wanted` accepts; all are checked all the same.
 * @throws InputError for an archive that is not whole, breaks a limit, or carries a name, link or encryption that is refused.
 */
export async function unpackToMemory(
  archive: Uint8Array,
  limits: UnpackLimits,
  wanted: (name: string) => boolean = () => true,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  await guard(async () => {
    const zip = await openArchive((callback) =>
      fromBuffer(Buffer.from(archive.buffer, archive.byteOffset, archive.byteLength), openOptions, callback),
    );
    try {
      for (const entry of await checkEntries(zip, archive.byteLength, limits)) {
        if (entry.fileName.endsWith("/") || !wanted(entry.fileName)) continue;
        const chunks: Buffer[] = [];
        for await (const chunk of await openEntry(zip, entry)) chunks.push(chunk as Buffer);
        files.set(entry.fileName, Buffer.concat(chunks));
      }
    } finally {
      zip.close();
    }
  });
  return files;
}

/**
 * Unpacks an archive of `archiveBytes` bytes into an empty folder; the names of its files, sorted.
 * @throws InputError as `unpackToMemory`, also when the folder holds something already.
 */
export async function unpackToFolder(
  archiveFile: string,
  archiveBytes: number,
  folder: string,
  limits: UnpackLimits,
): Promise<readonly string[]> {
  const names: string[] = [];
  await guard(async () => {
    await mkdir(folder, { recursive: true });
    if ((await readdir(folder)).length > 0) throw refuse(`the folder ${folder} is not empty`);
    const zip = await openArchive((callback) => open(archiveFile, openOptions, callback));
    try {
      for (const entry of await checkEntries(zip, archiveBytes, limits)) {
        if (entry.fileName.endsWith("/")) continue;
        const target = join(folder, entry.fileName);
        await mkdir(dirname(target), { recursive: true });
        await pipeline(await openEntry(zip, entry), createWriteStream(target, { flags: "wx", mode: 0o644 }));
        names.push(entry.fileName);
      }
    } finally {
      zip.close();
    }
  });
  return names.sort();
}

const openOptions = { lazyEntries: true, autoClose: false, strictFileNames: true, validateEntrySizes: true } as const;

/** What the library throws about a broken archive is the archive's fault, not ours. */
async function guard(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw refuse(error instanceof Error ? error.message : String(error), error);
  }
}

function openArchive(start: (callback: (error: Error | null, zip: ZipFile) => void) => void): Promise<ZipFile> {
  return new Promise((resolve, reject) => start((error, zip) => (error ? reject(error) : resolve(zip))));
}

function openEntry(zip: ZipFile, entry: Entry): Promise<Readable> {
  return new Promise((resolve, reject) =>
    zip.openReadStream(entry, (error, stream) => (error ? reject(error) : resolve(stream))),
  );
}

/** Every entry of the central directory, checked; sizes are those declared, which the library holds the bytes to. */
async function checkEntries(zip: ZipFile, archiveBytes: number, limits: UnpackLimits): Promise<readonly Entry[]> {
  if (zip.entryCount > limits.entries) throw refuse(`${zip.entryCount} entries, at most ${limits.entries} are read`);
  const entries = await readEntries(zip, limits.entries);
  let bytes = 0;
  for (const entry of entries) {
    const name = JSON.stringify(entry.fileName.slice(0, 200));
    if (entry.isEncrypted()) throw refuse(`${name} is encrypted`);
    const kind = (entry.externalFileAttributes >>> 16) & 0o170000;
    if (kind === 0o120000) throw refuse(`${name} is a symbolic link`);
    if (kind !== 0 && kind !== 0o100000 && kind !== 0o040000) throw refuse(`${name} is not a plain file`);
    bytes += entry.uncompressedSize;
  }
  if (bytes > limits.bytes) throw refuse(`unpacks to ${bytes} bytes, at most ${limits.bytes} are read`);
  if (bytes > 2 ** 20 && bytes > archiveBytes * limits.ratio) {
    throw refuse(`unpacks to ${Math.round(bytes / archiveBytes)} times its size, at most ${limits.ratio} times`);
  }
  const problem = findNameProblem(entries.map((entry) => entry.fileName));
  if (problem) throw refuse(problem);
  return entries;
}

function readEntries(zip: ZipFile, limit: number): Promise<readonly Entry[]> {
  return new Promise((resolve, reject) => {
    const entries: Entry[] = [];
    zip.on("entry", (entry: Entry) => {
      entries.push(entry);
      if (entries.length > limit) reject(refuse(`more than ${limit} entries`));
      else zip.readEntry();
    });
    zip.on("end", () => resolve(entries));
    zip.on("error", reject);
    zip.readEntry();
  });
}

function refuse(reason: string, cause?: unknown): InputError {
  return new InputError(
    {
      message: `the archive is refused: ${reason}`,
      hint: "it was not made by Modelgate's own steps, or was cut short",
    },
    { cause },
  );
}
