// Where the loop over fields finds its text, its columns and its tables, in the memory that all loops of a thread share.
import { type KernelMemory, shareKernelMemory } from "../../statistics/kernel-memory.ts";
import { measureEnds } from "./field-ends-code.ts";
import { listRuns } from "./list-runs.ts";
import {
  columnBytes,
  columnBytesOf,
  type FieldKind,
  kindNumbers,
  markFlags,
  numberBytes,
  numberBytesOf,
  runBytes,
  runBytesOf,
  stateBytesOf,
  textSlotBits,
  textSlotBytes,
  textSlotBytesOf,
} from "./row-layout.ts";
import { rowModule } from "./row-module.ts";
import { tablesBytes, writeTables } from "./row-tables.ts";

export interface CountedText {
  readonly bytes: Uint8Array;
  readonly count: number;
}

export interface RowMemory {
  /** Where text is put; sixteen bytes behind it are readable. */
  readonly text: number;
  readonly bytes: () => Uint8Array;
  /** The address of a column's numbers, or times: microseconds since 1970 as integers, the least one for none. */
  readonly numbersOf: (column: number) => number;
  readonly viewNumbers: (column: number, rows: number) => Float64Array;
  readonly readState: (name: keyof typeof stateBytesOf) => number;
  /** Whole lines from `start` to `end` are read from now on. */
  readonly begin: (start: number, end: number) => void;
  /** The index of the column at which the state stands. */
  readonly readColumn: () => number;
  /** The field at which the state stands is this number, or no time; what comes next begins at `at`. */
  readonly passNumber: (value: number, at: number) => void;
  readonly passNoTime: (at: number) => void;
  /** From now on the column, of texts, is not looked at. */
  readonly skipColumn: (column: number) => void;
  /** The different texts of a column, to be used before more memory is reserved. */
  readonly listTexts: (column: number) => readonly CountedText[];
  /** Reads on from the state. */
  readonly readRows: () => void;
  /** How many rows were read; their numbers and times lie in their columns, until rows are read again. */
  readonly takeRows: () => number;
}

const mostRows = 1024;
/** All different texts of all columns together. */
const textsBytes = 4 * 1024 * 1024;
/** The loop looks at whole words, whose ends may lie behind the text. */
const behindText = 64;
/**
 * Else the values of a row would lie a power of two apart, and take each other's place in the processor's memory. Doubles are made two at
 * a time: of an odd number one more is written behind them.
 */
const betweenTargets = 320;

interface RowKernels {
  readonly readRows: (state: number) => void;
  readonly convert: (state: number, from: number, stride: number, to: number, end: number) => void;
}

/** Memory for text of up to `textBytes` bytes whose fields are split by `delimiter`; up to `mostTexts` different texts in a column. Throws ProviderError where there is none. */
export function reserveRowMemory(
  kinds: readonly FieldKind[],
  delimiter: string,
  mostTexts: number,
  textBytes: number,
): RowMemory {
  const memory = shareKernelMemory();
  const runs = listRuns(kinds);
  const numbered = kinds.flatMap((kind, index) => (isNumber(kind) ? [index] : []));
  const places = layOut(memory, kinds, runs.length, textBytes);
  const { state, columns } = places;
  const endRuns = places.runs + runs.length * runBytes;
  const stride = numbered.length * numberBytes;
  writeTables(memory.bytes(), state, delimiter);
  const kernels = memory.instantiate(rowModule) as unknown as RowKernels;
  const word = (address: number): number => memory.words()[address / 4] as number;
  const setWord = (address: number, value: number): void => {
    memory.words()[address / 4] = value;
  };
  const addressOf = (column: number): number => columns + column * columnBytes;
  const targetOf = (column: number): number => places.targets[column] as number;
  for (const [index] of kinds.entries()) setWord(addressOf(index) + columnBytesOf.target, targetOf(index));
  for (const [index, { kind, count, column }] of runs.entries()) {
    const run = places.runs + index * runBytes;
    const separator = index === runs.length - 1 ? "\n" : delimiter;
    setWord(run + runBytesOf.kind, kindNumbers[kind]);
    setWord(run + runBytesOf.count, count);
    setWord(run + runBytesOf.separator, separator.charCodeAt(0));
    setWord(run + runBytesOf.column, addressOf(column));
  }
  const writeState = (name: keyof typeof stateBytesOf, value: number): void =>
    setWord(state + stateBytesOf[name], value);
  const readState = (name: keyof typeof stateBytesOf): number => word(state + stateBytesOf[name]);
  const readColumn = (): number => {
    const run = readState("run");
    const column = (word(run + runBytesOf.column) - columns) / columnBytes;
    return column + word(run + runBytesOf.count) - readState("fieldsLeft");
  };
  /** As the loop does after a field. */
  const pass = (at: number): void => {
    writeState("at", at);
    writeState("bad", 0);
    if (isNumber(kinds[readColumn()])) writeState("out", readState("out") + numberBytes);
    writeState("fieldsLeft", readState("fieldsLeft") - 1);
    if (readState("fieldsLeft") > 0) return;
    writeState("run", readState("run") + runBytes);
    if (readState("run") === endRuns) writeState("row", readState("row") + 1);
  };
  const ends = measureEnds(kinds.length);
  writeState("ends", places.ends);
  writeState("endsLimit", places.ends + ends.limit);
  writeState("runs", places.runs);
  writeState("endRuns", endRuns);
  writeState("rowEnds", 4 * kinds.length);
  writeState("mostTexts", mostTexts);
  writeState("mostRows", mostRows);
  writeState("run", endRuns);
  writeState("out", places.numbers);
  writeState("freeText", places.texts);
  writeState("endTexts", places.texts + textsBytes);
  return {
    text: places.text,
    bytes: memory.bytes,
    numbersOf: targetOf,
    viewNumbers: (column, rows) => memory.numbers().subarray(targetOf(column) / 8, targetOf(column) / 8 + rows),
    readState,
    begin: (start, end) => {
      writeState("at", start);
      writeState("end", end);
      writeState("scanned", start);
      writeState("nextEnd", 0);
      writeState("lastEnd", 0);
    },
    readColumn,
    passNumber: (value, at) => {
      const out = readState("out");
      memory.numbers()[out / 8] = value;
      setWord(out + numberBytesOf.mark, markFlags.double);
      pass(at);
    },
    passNoTime: (at) => {
      const time = targetOf(readColumn()) + 8 * readState("row");
      setWord(time, 0);
      setWord(time + 4, 0x80000000);
      pass(at);
    },
    skipColumn: (column) => {
      setWord(addressOf(column) + columnBytesOf.target, 0);
      writeState("bad", 0);
    },
    listTexts: (column) => listTexts(memory, targetOf(column)),
    readRows: () => kernels.readRows(state),
    takeRows: () => {
      const rows = readState("row");
      for (const [place, column] of numbered.entries()) {
        const target = targetOf(column);
        if (rows > 0) kernels.convert(state, places.numbers + place * numberBytes, stride, target, target + 8 * rows);
      }
      writeState("row", 0);
      writeState("out", places.numbers);
      return rows;
    },
  };
}

function isNumber(kind: FieldKind | undefined): boolean {
  return kind === "number" || kind === "numberOrNothing";
}

function layOut(memory: KernelMemory, kinds: readonly FieldKind[], runCount: number, textBytes: number) {
  let length = 0;
  const place = (bytes: number): number => {
    const start = length;
    length += Math.ceil(bytes / 64) * 64;
    return start;
  };
  const size = (kind: FieldKind): number => {
    if (kind === "skipped") return 0;
    return kind === "text" ? textSlotBytes << textSlotBits : 8 * mostRows;
  };
  const numberCount = kinds.filter(isNumber).length;
  const offsets = {
    state: place(tablesBytes),
    runs: place(runBytes * runCount),
    columns: place(columnBytes * kinds.length),
    ends: place(measureEnds(kinds.length).bytes),
    numbers: place(numberBytes * mostRows * numberCount),
    texts: place(textsBytes),
    text: place(textBytes + behindText),
  };
  const targets = kinds.map((kind) => place(size(kind) + betweenTargets));
  // A memory's first bytes are 0, which marks free slots: nothing may lie there.
  const start = memory.reserve(length + 64) + 64;
  const moved = Object.entries(offsets).map(([name, offset]) => [name, start + offset]);
  return {
    ...(Object.fromEntries(moved) as typeof offsets),
    targets: targets.map((offset) => start + offset),
  };
}

function listTexts(memory: KernelMemory, table: number): readonly CountedText[] {
  const [words, bytes] = [memory.words(), memory.bytes()];
  const found: CountedText[] = [];
  const [atText, atLength, atCount] = [textSlotBytesOf.text / 4, textSlotBytesOf.length / 4, textSlotBytesOf.count / 4];
  for (let slot = table / 4; slot < (table + (textSlotBytes << textSlotBits)) / 4; slot += textSlotBytes / 4) {
    const text = words[slot + atText] as number;
    if (text === 0) continue;
    const length = words[slot + atLength] as number;
    found.push({ bytes: bytes.subarray(text, text + length), count: words[slot + atCount] as number });
  }
  return found;
}
