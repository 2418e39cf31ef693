// Files on disk as the registry publishes them: found first, digested when their bytes decide something.
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { InputError } from "../errors.ts";
import { digestParts } from "../host/digest-parts.ts";
import { findFileKind, listFiles } from "../host/files.ts";
import { sha256Hex } from "../json/digest.ts";
import type { PublishFile, UndigestedFile } from "../registry/publish-files.ts";

/** A file of the model as it lies on the disk. */
export interface LocalFile extends UndigestedFile {
  readonly place: string;
}

/** The files of a model: one file under its base name, or all files below a folder by their relative paths. */
export async function findModelFiles(path: string): Promise<readonly LocalFile[]> {
  const kind = await findFileKind(path);
  if (kind === "missing" || kind === "other")
    throw new InputError({
      message: kind === "missing" ? "there is no such file or folder" : "this is neither a file nor a folder",
      file: path,
      expected: "the model's file or folder",
      hint: "train first, or name the files with --file",
    });
  if (kind === "file") return [await describeFile(path, basename(path))];
  const files: LocalFile[] = [];
  for (const name of await listFiles(path)) files.push(await describeFile(join(path, name), name));
  if (files.length === 0) throw new InputError({ message: "the folder of the model is empty", file: path });
  return files;
}

async function describeFile(place: string, path: string): Promise<LocalFile> {
  const { size } = await stat(place);
  // `end` of a read stream is inclusive.
  const open = (start: number, end: number) =>
    createReadStream(place, { start, end: end - 1, highWaterMark: readBytes });
  return { path, place, role: "model", bytes: size, open };
}

const readBytes = 256 * 1024;

/** Digested as a whole and by parts of `partBytes` when it is larger than that. InputError when it changes, or changed since it was found. */
export async function digestModelFile(file: LocalFile, partBytes: number): Promise<PublishFile> {
  const { bytes, sha256, partSha256 } = await digestParts(file.place, partBytes);
  if (bytes !== file.bytes) throw new InputError({ message: "the file changed while it was read", file: file.place });
  return { ...file, sha256, partSha256 };
}

/** A document made in memory. */
export function createDocumentFile(name: string, text: string): PublishFile {
  const content = new TextEncoder().encode(text);
  async function* open(start: number, end: number): AsyncIterable<Uint8Array> {
    yield content.subarray(start, end);
  }
  return { path: name, role: "document", bytes: content.byteLength, sha256: sha256Hex(content), partSha256: [], open };
}
