// Digests of a large file as a whole and by parts, on two threads: reading it twice is cheap, SHA-256 is not.
import { createReadStream, type Stats } from "node:fs";
import { stat } from "node:fs/promises";
import { InputError, ProviderError } from "../errors.ts";
import { type Sha256Stream, startSha256 } from "../json/digest.ts";
import { findProgram } from "./find-program.ts";
import { startThread } from "./start-thread.ts";

export interface PartDigests {
  readonly bytes: number;
  /** Of the whole file. */
  readonly sha256: string;
  /** Of consecutive pieces of `partBytes`, the last one shorter; empty for a file that is no larger than one. */
  readonly partSha256: readonly string[];
}

/** What the thread is asked. */
export interface DigestOrder {
  readonly path: string;
  readonly partBytes: number;
}

/** The whole, and its first part: the whole's digest on the way. */
export interface WholeDigest {
  readonly sha256: string;
  readonly firstSha256: string;
}

export const digestReadBytes = 256 * 1024;

/**
 * Memory is bounded by a few reads. Throws InputError when the file changes meanwhile: whole and parts would be of different
 * bytes. ProviderError when the thread dies. Where this installation does not
 * carry the thread's program both are digested on the caller's.
 */
export async function digestParts(path: string, partBytes: number): Promise<PartDigests> {
  const before = await stat(path);
  const whole = before.size > partBytes ? digestBeside({ path, partBytes }) : digestHere({ path, partBytes });
  const [{ sha256, firstSha256 }, rest] = await Promise.all([whole, digestRest(path, partBytes, before.size)]);
  const after = await stat(path);
  if (describeState(before) !== describeState(after))
    throw new InputError({
      message: "the file changed while it was read",
      file: path,
      hint: "publish it when whatever writes it is done",
    });
  return { bytes: before.size, sha256, partSha256: before.size > partBytes ? [firstSha256, ...rest] : [] };
}

function describeState({ size, mtimeMs, ino }: Stats): string {
  return `${size} ${mtimeMs} ${ino}`;
}

/** Digests that go on from read to read; `firstSha256` is of the first `partBytes`, or of all where there are fewer. */
export function startWholeDigest(partBytes: number): {
  readonly update: (piece: Uint8Array) => void;
  readonly finish: () => WholeDigest;
} {
  const whole = startSha256();
  let [left, first] = [partBytes, null as string | null];
  return {
    update: (piece) => {
      const head = piece.subarray(0, left);
      whole.update(head);
      left -= head.byteLength;
      if (left > 0) return;
      first ??= whole.peek();
      whole.update(piece.subarray(head.byteLength));
    },
    finish: () => {
      const sha256 = whole.finish();
      return { sha256, firstSha256: first ?? sha256 };
    },
  };
}

async function digestHere({ path, partBytes }: DigestOrder): Promise<WholeDigest> {
  const digest = startWholeDigest(partBytes);
  for await (const piece of createReadStream(path, { highWaterMark: digestReadBytes })) digest.update(piece);
  return digest.finish();
}

async function digestBeside(order: DigestOrder): Promise<WholeDigest> {
  const program = findProgram("digesting");
  if (program === null) return await digestHere(order);
  const thread = startThread(program, order);
  try {
    return await new Promise((resolve, reject) => {
      thread.once("message", resolve);
      thread.once("error", reject);
      thread.once("exit", () =>
        reject(
          new ProviderError({
            message: "the thread that digests the file ended before it was done",
            file: order.path,
            hint: "run the same command again; where memory is short, give the machine more",
          }),
        ),
      );
    });
  } finally {
    await thread.terminate();
  }
}

/** Digests of all parts but the first. */
async function digestRest(path: string, partBytes: number, size: number): Promise<readonly string[]> {
  const parts: string[] = [];
  if (size <= partBytes) return parts;
  let [part, left]: [Sha256Stream, number] = [startSha256(), partBytes];
  for await (const piece of createReadStream(path, { start: partBytes, highWaterMark: digestReadBytes }))
    for (let rest: Uint8Array = piece; rest.byteLength > 0; ) {
      const taken = rest.subarray(0, left);
      part.update(taken);
      left -= taken.byteLength;
      rest = rest.subarray(taken.byteLength);
      if (left > 0) continue;
      parts.push(part.finish());
      [part, left] = [startSha256(), partBytes];
    }
  if (left < partBytes) parts.push(part.finish());
  return parts;
}
