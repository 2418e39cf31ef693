// What each thread is to read of a plain file, from the file's first lines.
import type { FileHandle } from "node:fs/promises";
import { defaultMissingValues } from "../../config/missing-values.ts";
import { mostRelatedRows, type ProfileOptions } from "../aggregate-engine.ts";
import { readCsvHeader } from "../csv-header.ts";
import { checkContent, formatByName } from "../format.ts";
import { cutFile } from "./cut-file.ts";
import { inferPlainTypes, sampleRows } from "./infer-types.ts";
import type { PlainColumn, PlainOrder } from "./order.ts";
import { countReaders } from "./reading-threads.ts";

/** The first rows lie in so many bytes, or the file is left to the engine. */
const sampledBytes = 512 * 1024;
const mostColumns = 64;
/** They are texts among those that are counted. */
const mostMissing = 256;

/**
 * One order for each thread; null when the file is not plain as far as its first lines tell. Throws InputError, or the system's
 * error, when it is not what its name says.
 */
export async function planReading(
  file: FileHandle,
  path: string,
  options: ProfileOptions,
  keep: (name: string) => boolean,
): Promise<readonly PlainOrder[] | null> {
  const { format } = formatByName(path);
  const { size } = await file.stat();
  await checkContent(path, path, format, false);
  const { names, delimiter } = await readCsvHeader({ path, shown: path }, false, format === "tsv");
  const missing = options.missingValues ?? defaultMissingValues;
  const chosen = options.columns ?? names;
  if (chosen.some((name) => !names.includes(name)) || chosen.length > mostColumns) return null;
  // Of one column a line without anything may be a row or none.
  if (names.length < 2 || !areMissingPlain(missing, delimiter)) return null;
  const start = await readStart(file);
  if (start === null) return null;
  const { header, lines } = start;
  const isWanted = names.map((name) => chosen.includes(name));
  const types = inferPlainTypes(lines, delimiter, missing, isWanted);
  if (types === null) return null;
  const columns = names.map((name, index): PlainColumn => {
    const type = types[index] ?? null;
    return { name, type, isKept: type === "numeric" && keep(name) };
  });
  const ranges = await cutFile(file, header.length + 1, countReaders(options.atOnce));
  const related = mostRelatedRows(options);
  const rows = (size * lines.length) / lines.reduce((sum, line) => sum + line.length + 1, 0);
  return ranges.map((range) => ({
    path,
    range,
    delimiter,
    columns,
    missing,
    isSketched: options.differentNumbers ?? true,
    // Of far too many rows none need to be looked at.
    mostRelatedRows: rows > 2 * related ? -1 : related,
  }));
}

/** What means missing and is a number is a number to the loop; what the file cannot hold is the engine's to refuse. */
function areMissingPlain(missing: readonly string[], delimiter: string): boolean {
  const isPlain = (spelled: string): boolean => !/^-?\d|["\r\n\0\uFFFD]/.test(spelled) && !spelled.includes(delimiter);
  return missing.length <= mostMissing && missing.every(isPlain);
}

/** The header and the first rows; null where there is a byte order mark, an odd header, or text that is not UTF-8. */
async function readStart(
  file: FileHandle,
): Promise<{ readonly header: Buffer; readonly lines: readonly string[] } | null> {
  const bytes = Buffer.allocUnsafe(sampledBytes);
  const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
  let end = -1;
  const ends: number[] = [];
  while (ends.length <= sampleRows) {
    end = bytes.subarray(0, bytesRead).indexOf("\n", end + 1);
    if (end < 0) return null;
    ends.push(end);
  }
  const header = bytes.subarray(0, ends[0]);
  const isOdd = header.length === 0 || header[0] === 0xef || /["\r\0]/.test(header.toString("latin1"));
  if (isOdd) return null;
  const sample = bytes.subarray(header.length + 1, ends.at(-1));
  try {
    return { header, lines: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(sample).split("\n") };
  } catch {
    return null;
  }
}
