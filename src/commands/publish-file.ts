// Files on disk as the registry publishes them: digested once in a single pass, read again for every upload.
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { InputError } from "../errors.ts";
import { findFileKind, listFiles } from "../host/files.ts";
import { sha256Hex, startSha256 } from "../json/digest.ts";
import type { PublishFile } from "../registry/publish-files.ts";

/** The files of a model: one file under its base name, or all files below a folder by their relative paths. */
export async function openModelFiles(path: string, partBytes: number): Promise<readonly PublishFile[]> {
  const kind = await findFileKind(path);
  if (kind === "missing" || kind === "other")
    throw new InputError({
      message: kind === "missing" ? "there is no such file or folder" : "this is neither a file nor a folder",
      file: path,
      expected: "the model's file or folder",
      hint: "train first, or name the files with --file",
    });
  if (kind === "file") return [await openPublishFile(path, basename(path), "model", partBytes)];
  const files: PublishFile[] = [];
  for (const name of await listFiles(path))
    files.push(await openPublishFile(join(path, name), name, "model", partBytes));
  if (files.length === 0) throw new InputError({ message: "the folder of the model is empty", file: path });
  return files;
}

/** One file, digested as a whole and by parts of `partBytes` when it is larger than that. Memory is bounded by one read. */
export async function openPublishFile(
  path: string,
  name: string,
  role: PublishFile["role"],
  partBytes: number,
): Promise<PublishFile> {
  const { size } = await stat(path);
  const whole = startSha256();
  const parts: string[] = [];
  let part = startSha256();
  let partLeft = partBytes;
  let bytes = 0;
  for await (const piece of createReadStream(path, { highWaterMark: readBytes }) as AsyncIterable<Buffer>) {
    whole.update(piece);
    bytes += piece.byteLength;
    for (let rest: Uint8Array = piece; rest.byteLength > 0; ) {
      const taken = rest.subarray(0, partLeft);
      part.update(taken);
      partLeft -= taken.byteLength;
      rest = rest.subarray(taken.byteLength);
      if (partLeft > 0) continue;
      parts.push(part.finish());
      part = startSha256();
      partLeft = partBytes;
    }
  }
  if (partLeft < partBytes) parts.push(part.finish());
  if (bytes !== size) throw new InputError({ message: "the file changed while it was read", file: path });
  return {
    path: name,
    role,
    bytes,
    sha256: whole.finish(),
    partSha256: bytes > partBytes ? parts : [],
    // `end` of a read stream is inclusive.
    open: (start, end) => createReadStream(path, { start, end: end - 1, highWaterMark: readBytes }),
  };
}

const readBytes = 256 * 1024;

/** A document made in memory. */
export function createDocumentFile(name: string, text: string): PublishFile {
  const content = new TextEncoder().encode(text);
  async function* open(start: number, end: number): AsyncIterable<Uint8Array> {
    yield content.subarray(start, end);
  }
  return { path: name, role: "document", bytes: content.byteLength, sha256: sha256Hex(content), partSha256: [], open };
}
