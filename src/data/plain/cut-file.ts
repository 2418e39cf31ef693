// Cuts a delimited file at the ends of lines, so that several threads read a part of it each.
import type { FileHandle } from "node:fs/promises";
import type { PlainRange } from "./order.ts";

/** Where the end of a line is looked for: longer lines are not read here. */
const searchedBytes = 1024 * 1024;
const newline = 0x0a;

/** The lines from byte `from` on in `shares` parts of about as many bytes; fewer where lines are long. Throws the system's error when the file cannot be read. */
export async function cutFile(file: FileHandle, from: number, shares: number): Promise<readonly PlainRange[]> {
  const { size } = await file.stat();
  const ranges: PlainRange[] = [];
  for (let start = from; start < size; ) {
    const left = shares - ranges.length;
    const end = left <= 1 ? size : await findLineEnd(file, start + Math.ceil((size - start) / left), size);
    ranges.push({ from: start, to: end });
    start = end;
  }
  return ranges;
}

/** The byte after the first end of a line from `position` on; `size` where none is near. */
async function findLineEnd(file: FileHandle, position: number, size: number): Promise<number> {
  const buffer = Buffer.allocUnsafe(searchedBytes);
  const { bytesRead } = await file.read(buffer, 0, buffer.length, position);
  const end = buffer.subarray(0, bytesRead).indexOf(newline);
  return end < 0 ? size : position + end + 1;
}
