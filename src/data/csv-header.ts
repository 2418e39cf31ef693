// The header of a delimited file: names and delimiter, read by us so that names never depend on the engine's guesses.
import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import { InputError } from "../errors.ts";
import type { SourceFile } from "./source-files.ts";

export interface CsvHeader {
  readonly names: readonly string[];
  readonly delimiter: "," | ";" | "\t" | "|";
}

const limit = 1_000_000;

/**
 * Reads the header of a CSV or TSV file. A CSV without a comma in its header may be split by `;`, tab or `|`.
 * Throws InputError on names given twice, text that is not UTF-8, or a header longer than 1 MB.
 */
export async function readCsvHeader(file: SourceFile, gzipped: boolean, tabs: boolean): Promise<CsvHeader> {
  const bytes = await readStart(file, gzipped);
  const text = decode(bytes, file);
  const delimiter = tabs ? "\t" : chooseDelimiter(text);
  const names = splitRecord(text, delimiter);
  if (!names) {
    throw new InputError({ message: `${file.shown}: the header does not end`, file: file.shown, line: 1 });
  }
  const seen = new Map<string, number>();
  names.forEach((name, index) => {
    const before = seen.get(name);
    if (before !== undefined) {
      throw new InputError({
        message: `${file.shown}: columns ${before + 1} and ${index + 1} are both called ${JSON.stringify(name)}`,
        file: file.shown,
        line: 1,
        column: index + 1,
        expected: "every column to have a name of its own",
      });
    }
    seen.set(name, index);
  });
  return { names, delimiter };
}

/** The first record of `text`, or null when it does not end within it. */
export function splitRecord(text: string, delimiter: string): string[] | null {
  const fields: string[] = [];
  let field = "";
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i] ?? "";
    if (quoted) {
      if (character !== '"') field += character;
      else if (text[i + 1] === '"') {
        field += '"';
        i++;
      } else quoted = false;
    } else if (character === '"' && field === "") quoted = true;
    else if (character === delimiter) {
      fields.push(field);
      field = "";
    } else if (character === "\n" || character === "\r") return [...fields, field];
    else field += character;
  }
  return quoted || text.length >= limit ? null : [...fields, field];
}

function chooseDelimiter(text: string): CsvHeader["delimiter"] {
  for (const delimiter of [",", ";", "\t", "|"] as const) {
    if ((splitRecord(text, delimiter)?.length ?? 0) > 1) return delimiter;
  }
  return ",";
}

function decode(bytes: Buffer, file: SourceFile): string {
  const end = bytes.indexOf(0x0a);
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(end < 0 ? bytes : bytes.subarray(0, end));
  } catch {
    throw new InputError({
      message: `${file.shown}: the header is not UTF-8`,
      file: file.shown,
      line: 1,
      expected: "UTF-8",
      hint: "save the file as UTF-8",
    });
  }
  return new TextDecoder("utf-8").decode(bytes);
}

async function readStart(file: SourceFile, gzipped: boolean): Promise<Buffer> {
  const raw = createReadStream(file.path, gzipped ? {} : { end: limit - 1 });
  const stream = gzipped ? raw.pipe(createGunzip()) : raw;
  const parts: Buffer[] = [];
  let length = 0;
  try {
    for await (const part of stream as AsyncIterable<Buffer>) {
      parts.push(part);
      length += part.length;
      if (length >= limit || part.includes(0x0a)) break;
    }
  } catch (error) {
    throw new InputError({ message: `${file.shown}: the gzip content is damaged`, file: file.shown }, { cause: error });
  } finally {
    raw.destroy();
  }
  return Buffer.concat(parts);
}
