// Which format a file has, by its name, and whether its bytes agree with the name.
import { open } from "node:fs/promises";
import { InputError } from "../errors.ts";

export type DataFormat = "csv" | "tsv" | "parquet" | "json" | "jsonl";

const formatsByEnding: Readonly<Record<string, DataFormat>> = {
  ".csv": "csv",
  ".tsv": "tsv",
  ".parquet": "parquet",
  ".json": "json",
  ".jsonl": "jsonl",
  ".ndjson": "jsonl",
};

/** The format and whether it is gzipped, from the end of a path, glob or URL path. Throws InputError on any other ending. */
export function formatByName(name: string, shown = name): { readonly format: DataFormat; readonly gzipped: boolean } {
  const lower = name.toLowerCase();
  const gzipped = lower.endsWith(".gz");
  const inner = gzipped ? lower.slice(0, -3) : lower;
  for (const [ending, format] of Object.entries(formatsByEnding)) {
    if (inner.endsWith(ending) && !(gzipped && format === "parquet")) return { format, gzipped };
  }
  throw new InputError({
    message: `${shown} does not end like a data file`,
    file: shown,
    expected: "a name ending in .csv, .tsv, .json, .jsonl or .ndjson (each may be followed by .gz), or .parquet",
    hint: "rename the file, or convert it",
  });
}

/**
 * Looks at the first and last bytes of a file and throws InputError when it cannot be what its name says: empty,
 * a Git LFS pointer, gzip without the name or the other way round, Parquet cut short, a binary or web page named .csv.
 */
export async function checkContent(path: string, shown: string, format: DataFormat, gzipped: boolean): Promise<void> {
  const { head, tail, size } = await readEnds(path);
  const problem = findProblem(head, tail, size, format, gzipped);
  if (problem) throw new InputError({ file: shown, ...problem, message: `${shown}: ${problem.message}` });
}

type Finding = {
  readonly message: string;
  readonly expected?: string;
  readonly received?: string;
  readonly hint?: string;
};

function findProblem(head: Buffer, tail: Buffer, size: number, format: DataFormat, gzipped: boolean): Finding | null {
  const start = head.toString("latin1");
  if (size === 0)
    return { message: "the file is empty", hint: "write it again; the step that makes it may have failed" };
  if (start.startsWith("version https://git-lfs.github.com/spec/")) {
    return {
      message: "this is a Git LFS pointer, not the data",
      hint: "check out with `lfs: true`, or run `git lfs pull`",
    };
  }
  const isGzip = head[0] === 0x1f && head[1] === 0x8b;
  if (gzipped !== isGzip) {
    return gzipped
      ? { message: "the name says gzip and the content is not", hint: "take .gz off the name, or compress the file" }
      : { message: "the content is gzip and the name does not say so", hint: `name it ${"*"}.${format}.gz` };
  }
  if (gzipped) return null;
  if (format === "parquet") return findParquetProblem(start, tail, size);
  if (start.startsWith("PAR1"))
    return { message: "the content is Parquet", expected: format, hint: "name it *.parquet" };
  if (start.startsWith("PK\x03\x04"))
    return { message: "the content is a zip archive or a spreadsheet", expected: format };
  if (head.includes(0)) {
    const wide = start.startsWith("\xff\xfe") || start.startsWith("\xfe\xff");
    return wide
      ? { message: "the file is UTF-16", expected: "UTF-8", hint: "save it as UTF-8" }
      : { message: "the content is binary", expected: `${format} text in UTF-8` };
  }
  if (/^\s*<(!doctype|html)/i.test(start)) return { message: "the content is a web page", expected: format };
  if ((format === "json" || format === "jsonl") && !/^(\xef\xbb\xbf)?\s*[[{]/.test(start)) {
    return { message: "the content is not JSON", expected: "text that begins with [ or {" };
  }
  if (format === "json" && /^(\xef\xbb\xbf)?\s*\[/.test(start) && !/\]\s*$/.test(tail.toString("latin1"))) {
    return { message: "the JSON list is cut short", expected: "a ] at the end", hint: "fetch or write the file again" };
  }
  return null;
}

function findParquetProblem(start: string, tail: Buffer, size: number): Finding | null {
  if (!start.startsWith("PAR1"))
    return { message: "the content is not Parquet", expected: "a file that begins with PAR1" };
  if (size < 12 || !tail.toString("latin1").endsWith("PAR1")) {
    return {
      message: "the Parquet file is cut short",
      expected: "PAR1 as the last four bytes",
      received: `${size} bytes without the footer`,
      hint: "the download or the program that wrote it stopped early: fetch or write it again",
    };
  }
  return null;
}

async function readEnds(path: string): Promise<{ head: Buffer; tail: Buffer; size: number }> {
  const file = await open(path, "r");
  try {
    const { size } = await file.stat();
    const head = Buffer.alloc(Math.min(size, 4096));
    await file.read(head, 0, head.length, 0);
    const tail = Buffer.alloc(Math.min(size, 256));
    await file.read(tail, 0, tail.length, size - tail.length);
    return { head, tail, size };
  } finally {
    await file.close();
  }
}
