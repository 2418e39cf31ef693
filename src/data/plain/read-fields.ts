// Drives the loop over fields through one text after another, and decides about the fields that it does not take.
import { readSpelling } from "./read-spelling.ts";
import { badReasons, type FieldKind } from "./row-layout.ts";
import { type RowMemory, reserveRowMemory } from "./row-memory.ts";

/** Text that the engine has to read, and what is odd about it. */
export interface Oddity {
  readonly why: string;
}

export interface FieldReader {
  readonly memory: RowMemory;
  /** Where the bytes of a text are put, up to `blockBytes` of them. */
  readonly text: number;
  /** Reads whole lines from `text` on; gives their rows away in batches. What is odd, or null. */
  readonly readLines: (start: number, end: number) => Oddity | null;
  /** Whether the texts of a column were too many to be counted. */
  readonly isGivenUp: (column: number) => boolean;
}

const longestSpelling = 400;
const newline = 0x0a;

/** Texts up to `blockBytes` bytes. `take` is given batches of rows, whose numbers lie in the memory. */
export function createFieldReader(
  columns: {
    readonly kinds: readonly FieldKind[];
    readonly delimiter: string;
    readonly missing: readonly string[];
    readonly mostTexts: number;
  },
  blockBytes: number,
  take: (rows: number, memory: RowMemory) => void,
): FieldReader {
  const { kinds, delimiter, missing, mostTexts } = columns;
  const memory = reserveRowMemory(kinds, delimiter, mostTexts, blockBytes);
  const givenUp = new Set<number>();
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  /** Takes the field at which the loop stands; false for what only the engine can tell. */
  const passField = (column: number, spelled: string, at: number): boolean => {
    if (kinds[column] === "time" || kinds[column] === "timeOrNothing") {
      if (!missing.includes(spelled)) return false;
      memory.passNoTime(at);
      return true;
    }
    const value = readSpelling(spelled, missing);
    if (value === null) return false;
    memory.passNumber(value, at);
    return true;
  };
  const decideField = (): Oddity | null => {
    const [at, column] = [memory.readState("at"), memory.readColumn()];
    if (memory.readState("bad") === badReasons.manyTexts) {
      givenUp.add(column);
      memory.skipColumn(column);
      return null;
    }
    if (kinds[column] === "text" || kinds[column] === "skipped")
      return { why: "a field that is quoted, or a row of another length" };
    const isLast = column === kinds.length - 1;
    const end = findEnd(memory.bytes(), at, isLast ? newline : delimiter.charCodeAt(0));
    const spelled = end < 0 ? null : decoder.decode(memory.bytes().subarray(at, end));
    if (spelled === null || !passField(column, spelled, end + 1)) return { why: "a value of another spelling" };
    return null;
  };
  return {
    memory,
    text: memory.text,
    readLines: (start, end) => {
      memory.begin(start, end);
      for (;;) {
        memory.readRows();
        if (memory.readState("bad") !== 0) {
          const odd = decideField();
          if (odd) return odd;
          continue;
        }
        const rows = memory.takeRows();
        if (rows > 0) take(rows, memory);
        if (memory.readState("at") >= end) return null;
      }
    },
    isGivenUp: (column) => givenUp.has(column),
  };
}

/** Where a short field ends; −1 where it does not. */
function findEnd(bytes: Uint8Array, at: number, separator: number): number {
  const end = bytes.subarray(at, at + longestSpelling).indexOf(separator);
  return end < 0 ? -1 : at + end;
}
