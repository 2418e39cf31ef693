// Cuts delimited files at the ends of lines, so that several threads read a part of them each.
import { type FileHandle, open } from "node:fs/promises";
import type { PlainRange } from "./order.ts";

/** Where the end of a line is looked for: no longer lines are read here. */
const searchedBytes = 512 * 1024;
const newline = 0x0a;
const quote = 0x22;
const carriageReturn = 0x0d;
const byteOrderMark = 0xef;

/**
 * The lines after the headers, in `shares` parts of about as many bytes; fewer where the lines are long. Null for a file whose header is
 * quoted, ends in a carriage return, has a byte order mark or is empty. Throws the system's error when a file cannot be read.
 */
export async function cutFiles(
  paths: readonly string[],
  shares: number,
): Promise<readonly (readonly PlainRange[])[] | null> {
  const whole: PlainRange[] = [];
  for (const path of paths) {
    const range = await withFile(path, async (file): Promise<PlainRange | null> => {
      const from = await findFirstRow(file);
      return from === null ? null : { path, from, to: (await file.stat()).size };
    });
    if (range === null) return null;
    whole.push(range);
  }
  return shareRanges(whole, shares);
}

async function shareRanges(whole: readonly PlainRange[], shares: number): Promise<readonly (readonly PlainRange[])[]> {
  const share = Math.ceil(whole.reduce((sum, { from, to }) => sum + to - from, 0) / shares);
  const parts: PlainRange[][] = [[]];
  let left = share;
  for (const { path, from, to } of whole)
    await withFile(path, async (file) => {
      for (let start = from; start < to; ) {
        const isLast = parts.length === shares;
        const end = isLast || start + left >= to ? to : await findLineEnd(file, start + left, to);
        parts.at(-1)?.push({ path, from: start, to: end });
        left -= end - start;
        start = end;
        if (left <= 0 && !isLast) {
          parts.push([]);
          left = share;
        }
      }
    });
  return parts.filter((part) => part.length > 0);
}

async function withFile<T>(path: string, use: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(path, "r");
  try {
    return await use(file);
  } finally {
    await file.close();
  }
}

async function read(file: FileHandle, position: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(searchedBytes);
  const { bytesRead } = await file.read(buffer, 0, buffer.length, position);
  return buffer.subarray(0, bytesRead);
}

async function findFirstRow(file: FileHandle): Promise<number | null> {
  const start = await read(file, 0);
  const header = start.subarray(0, start.indexOf(newline) + 1);
  const isOdd = header.length < 2 || header.includes(quote) || header.includes(carriageReturn);
  return isOdd || header[0] === byteOrderMark ? null : header.length;
}

/** The byte after the first end of a line from `position` on; `to` where none is near. */
async function findLineEnd(file: FileHandle, position: number, to: number): Promise<number> {
  const end = (await read(file, position)).indexOf(newline);
  return end < 0 ? to : Math.min(to, position + end + 1);
}
