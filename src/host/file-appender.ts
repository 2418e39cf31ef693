// Writes that arrive in small pieces, some at a time and beside what else is done: a write a piece costs more than its bytes.
import type { FileHandle } from "node:fs/promises";

export interface FileAppender {
  /** Resolves when there is room for more. Rejects when an earlier write failed. The piece must not change any more. */
  readonly append: (piece: Uint8Array) => Promise<void>;
  /** Resolves when the system has taken everything. */
  readonly flush: () => Promise<void>;
  /** Waits for a write that is under way, whatever comes of it: before the file is closed. */
  readonly settle: () => Promise<void>;
}

const batchBytes = 1_048_576;

/** Appends to a file that was opened for it. Two batches of a megabyte are held at most. */
export function createFileAppender(file: FileHandle): FileAppender {
  let waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  let writing: Promise<void> = Promise.resolve();
  const write = async (): Promise<void> => {
    await writing;
    if (waitingBytes === 0) return;
    writing = writeAll(file, waiting, waitingBytes);
    // Heard where it is awaited next.
    writing.catch(() => undefined);
    waiting = [];
    waitingBytes = 0;
  };
  return {
    append: async (piece) => {
      waiting.push(piece);
      waitingBytes += piece.byteLength;
      if (waitingBytes >= batchBytes) await write();
    },
    flush: async () => {
      await write();
      await writing;
    },
    settle: () => writing.catch(() => undefined),
  };
}

/** A disk that fills up may take a part and say no more: the rest is tried again, which says why. */
async function writeAll(file: FileHandle, pieces: readonly Uint8Array[], bytes: number): Promise<void> {
  const { bytesWritten } = await file.writev([...pieces]);
  if (bytesWritten < bytes) await file.appendFile(Buffer.concat(pieces).subarray(bytesWritten));
}
