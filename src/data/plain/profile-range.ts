// Profiles a range of a plain delimited file: fields are read and counted where they lie, block by block.
import { closeSync, openSync, readSync } from "node:fs";
import { summarizeRelations } from "../../monitoring/correlations.ts";
import { mostBins } from "../../monitoring/ordered-histogram.ts";
import type { ColumnProfile } from "../../monitoring/profile.ts";
import { profileCountedTexts } from "../../monitoring/profile-table.ts";
import { createRowSampler, mostRelated } from "../../monitoring/row-sample.ts";
import { countNumbers } from "./count-numbers.ts";
import type { PlainAnswer, PlainColumn, PlainOrder } from "./order.ts";
import { createFieldReader, type FieldReader, type Oddity } from "./read-fields.ts";
import type { FieldKind } from "./row-layout.ts";
import type { CountedText } from "./row-memory.ts";

/** Small enough for a processor's own memory, large enough that a read costs little. */
const blockBytes = 1024 * 1024;
const newline = 0x0a;
/** Texts are counted in 32 bits. */
const mostRows = 2 ** 32 - 1;

/** The profile of all rows, or what is odd. Throws the system's error when the file cannot be read, ProviderError without memory, RangeError beyond 4,294,967,295 rows. */
export function profileRange(order: PlainOrder): PlainAnswer {
  const { columns, missing, delimiter } = order;
  const kinds = columns.map(({ type }) => chooseKind(type, missing));
  const fields = { kinds, delimiter, missing, mostTexts: mostBins + missing.length };
  const numbers = columns.flatMap((column, index) => countNumbers(column, index, order.isSketched) ?? []);
  const related =
    order.mostRelatedRows > 0 ? numbers.filter(({ type }) => type === "numeric").slice(0, mostRelated) : [];
  const sampler = createRowSampler(related.length);
  let rows = 0;
  const reader = createFieldReader(fields, blockBytes, (count, memory) => {
    rows += count;
    if (rows > mostRows) throw new RangeError("more rows than a text can be counted in");
    for (const column of numbers) column.add(memory, count);
    if (related.length > 1 && rows <= order.mostRelatedRows) {
      sampler.add(
        related.map(({ index }) => memory.viewNumbers(index, count)),
        count,
      );
    }
  });
  try {
    const odd = readRange(order, reader);
    if (odd) return { kind: "odd", ...odd };
    const texts = finishTexts(order, reader, rows);
    if (texts === null) return { kind: "odd", why: "a text that is not UTF-8, or not what its column holds" };
    const counted = new Map(texts);
    const kept = new Map<string, Float64Array>();
    for (const column of numbers) {
      const found = column.finish(rows);
      counted.set(column.name, found.profile);
      if (found.numbers) kept.set(column.name, found.numbers);
    }
    const names = related.map(({ name }) => name);
    const relations = rows <= order.mostRelatedRows ? summarizeRelations(names, sampler.finish()) : null;
    const chosen = columns.filter(({ type }) => type !== null);
    return {
      kind: "shard",
      shard: {
        profile: { rows, columns: chosen.flatMap(({ name }) => counted.get(name) ?? []), relations },
        numbers: kept,
        givenUp: chosen.flatMap(({ name }) => (counted.has(name) ? [] : [name])),
      },
    };
  } finally {
    for (const column of numbers) column.abandon();
  }
}

function chooseKind(type: PlainColumn["type"], missing: readonly string[]): FieldKind {
  if (type === null) return "skipped";
  if (type === "categorical" || type === "boolean") return "text";
  const kind = type === "numeric" ? "number" : "time";
  return missing.includes("") ? `${kind}OrNothing` : kind;
}

/** Block after block; what is left of one's last line goes before the next. */
function readRange({ path, range: { from, to } }: PlainOrder, reader: FieldReader): Oddity | null {
  const file = openSync(path, "r");
  try {
    let left = 0;
    for (let position = from; position < to; ) {
      const room = Math.min(blockBytes - 1 - left, to - position);
      const count = room > 0 ? readSync(file, reader.memory.bytes(), reader.text + left, room, position) : 0;
      if (count === 0) return { why: "a line longer than a block, or a file that became shorter" };
      position += count;
      let filled = reader.text + left + count;
      // The last line of a file may lack its end.
      if (position === to && reader.memory.bytes()[filled - 1] !== newline) reader.memory.bytes()[filled++] = newline;
      const end = reader.memory.bytes().subarray(reader.text, filled).lastIndexOf(newline) + 1 + reader.text;
      const odd = reader.readLines(reader.text, end);
      if (odd) return odd;
      left = filled - end;
      reader.memory.bytes().copyWithin(reader.text, end, filled);
    }
    return null;
  } finally {
    closeSync(file);
  }
}

/** Profiles of the columns of texts that were counted to the end; null when a text is not what its column holds. */
function finishTexts(order: PlainOrder, reader: FieldReader, rows: number): readonly [string, ColumnProfile][] | null {
  const found: [string, ColumnProfile][] = [];
  for (const [index, { name, type }] of order.columns.entries()) {
    if ((type !== "categorical" && type !== "boolean") || reader.isGivenUp(index)) continue;
    const counts = countTexts(reader.memory.listTexts(index), type, order.missing);
    if (counts === null) return null;
    if (counts.size <= mostBins) found.push([name, profileCountedTexts(name, type, counts, rows)]);
  }
  return found;
}

function countTexts(
  texts: readonly CountedText[],
  type: "categorical" | "boolean",
  missing: readonly string[],
): ReadonlyMap<string, number> | null {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const counts = new Map<string, number>();
  try {
    for (const { bytes, count } of texts) {
      const spelled = decoder.decode(bytes);
      if (missing.includes(spelled)) continue;
      // The engine's package takes it for the mark of a file.
      if (spelled.startsWith("\uFEFF")) return null;
      const text = type === "boolean" ? spelled.toLowerCase() : spelled;
      if (type === "boolean" && text !== "true" && text !== "false") return null;
      counts.set(text, (counts.get(text) ?? 0) + count);
    }
    return counts;
  } catch {
    return null;
  }
}
