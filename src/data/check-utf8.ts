// Are delimited files UTF-8? Of some columns alone the query engine cannot say where they are not, and breaks.
import { isUtf8 } from "node:buffer";
import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import { InputError } from "../errors.ts";
import type { SourceFiles } from "./source-files.ts";

const newline = 0x0a;

/** Reads all of the files. Throws InputError with file and line at the first line that is not UTF-8, or what reading throws. */
export async function checkUtf8({ files, gzipped }: SourceFiles): Promise<void> {
  for (const { path, shown } of files) {
    const raw = createReadStream(path, { highWaterMark: 1_048_576 });
    let line = 1;
    for await (const lines of splitLines(gzipped ? raw.pipe(createGunzip()) : raw)) {
      if (!isUtf8(lines)) throw describeLine(lines, line, shown);
      for (let at = lines.indexOf(newline); at >= 0; at = lines.indexOf(newline, at + 1)) line++;
    }
  }
}

/** Whole lines, some at a time; the last may lack its end. */
async function* splitLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let left = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const end = chunk.lastIndexOf(newline) + 1;
    if (end > 0) yield Buffer.concat([left, chunk.subarray(0, end)]);
    left = end > 0 ? Buffer.from(chunk.subarray(end)) : Buffer.concat([left, chunk]);
  }
  yield left;
}

function describeLine(lines: Buffer, first: number, shown: string): InputError {
  let [start, line] = [0, first];
  for (
    let end = lines.indexOf(newline);
    end >= 0 && isUtf8(lines.subarray(start, end));
    end = lines.indexOf(newline, start)
  ) {
    start = end + 1;
    line++;
  }
  const end = lines.indexOf(newline, start);
  const received = lines.subarray(start, end < 0 ? undefined : end).toString("utf8");
  return new InputError({
    message: `${shown}, line ${line}: not UTF-8`,
    file: shown,
    line,
    expected: "UTF-8",
    received: received.length > 200 ? `${received.slice(0, 200)}…` : received,
  });
}
