// Where the loop over fields finds its text, its columns and its tables, in the memory that all loops of a thread share.
import { type KernelMemory, shareKernelMemory } from "../../statistics/kernel-memory.ts";
import { listPowers, listTens, powersBytes, tensBytes } from "./decimal-code.ts";
import {
  classesBytes,
  columnBytes,
  columnBytesOf,
  createRowKernel,
  kindNumbers,
  listByteClasses,
  stateBytes,
  stateBytesOf,
  textSlotBits,
  textSlotBytes,
  textSlotBytesOf,
} from "./row-code.ts";

/** What fields of a column are: numbers, times, texts, or not looked at; a number or time may be an empty field where that means missing. */
export type FieldKind = keyof typeof kindNumbers;

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
  readonly setNumber: (column: number, row: number, value: number) => void;
  readonly setNoTime: (column: number, row: number) => void;
  readonly readState: (name: keyof typeof stateBytesOf) => number;
  readonly writeState: (name: keyof typeof stateBytesOf, value: number) => void;
  /** The index of the column at which the state stands. */
  readonly readColumn: () => number;
  readonly writeColumn: (column: number) => void;
  /** From now on the column is not looked at. */
  readonly skipColumn: (column: number) => void;
  /** The different texts of a column, to be used before more memory is reserved. */
  readonly listTexts: (column: number) => readonly CountedText[];
  /** Reads on from the state. */
  readonly readRows: () => void;
}

const mostRows = 8192;
/** All different texts of all columns together. */
const textsBytes = 4 * 1024 * 1024;
/** The loop looks at whole words, whose ends may lie behind the text. */
const behindText = 64;

/** Memory for text of up to `textBytes` bytes whose fields are split by `delimiter`; up to `mostTexts` different texts in a column. Throws ProviderError where there is none. */
export function reserveRowMemory(
  kinds: readonly FieldKind[],
  delimiter: string,
  mostTexts: number,
  textBytes: number,
): RowMemory {
  const memory = shareKernelMemory();
  const places = layOut(memory, kinds, textBytes);
  const { state, columns } = places;
  memory.bytes().set(new Uint8Array(listPowers().buffer), places.powers);
  memory.bytes().set(new Uint8Array(listTens().buffer), places.tens);
  memory.bytes().set(listByteClasses([delimiter, "\n", "\r", '"', "\0"]), places.classes);
  const kernels = memory.instantiate({ readRows: createRowKernel({ ...places, mostTexts }) }) as {
    readonly readRows: (state: number) => void;
  };
  const word = (address: number): number => memory.words()[address / 4] as number;
  const setWord = (address: number, value: number): void => {
    memory.words()[address / 4] = value;
  };
  const addressOf = (column: number): number => columns + column * columnBytes;
  const targetOf = (column: number): number => places.targets[column] as number;
  for (const [index, kind] of kinds.entries()) {
    const separator = index === kinds.length - 1 ? "\n" : delimiter;
    setWord(addressOf(index) + columnBytesOf.kind, kindNumbers[kind]);
    setWord(addressOf(index) + columnBytesOf.separator, separator.charCodeAt(0));
    setWord(addressOf(index) + columnBytesOf.target, targetOf(index));
  }
  const writeState = (name: keyof typeof stateBytesOf, value: number): void =>
    setWord(state + stateBytesOf[name], value);
  const readState = (name: keyof typeof stateBytesOf): number => word(state + stateBytesOf[name]);
  writeState("mostRows", mostRows);
  for (const name of ["column", "firstColumn"] as const) writeState(name, columns);
  writeState("endColumns", addressOf(kinds.length));
  writeState("freeText", places.texts);
  writeState("endTexts", places.texts + textsBytes);
  return {
    text: places.text,
    bytes: memory.bytes,
    numbersOf: targetOf,
    viewNumbers: (column, rows) => memory.numbers().subarray(targetOf(column) / 8, targetOf(column) / 8 + rows),
    setNumber: (column, row, value) => {
      memory.numbers()[targetOf(column) / 8 + row] = value;
    },
    setNoTime: (column, row) => {
      setWord(targetOf(column) + 8 * row, 0);
      setWord(targetOf(column) + 8 * row + 4, 0x80000000);
    },
    readState,
    writeState,
    readColumn: () => (readState("column") - columns) / columnBytes,
    writeColumn: (column) => writeState("column", addressOf(column)),
    skipColumn: (column) => setWord(addressOf(column) + columnBytesOf.kind, kindNumbers.skipped),
    listTexts: (column) => listTexts(memory, targetOf(column)),
    readRows: () => kernels.readRows(state),
  };
}

function layOut(memory: KernelMemory, kinds: readonly FieldKind[], textBytes: number) {
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
  const offsets = {
    state: place(stateBytes),
    powers: place(powersBytes),
    tens: place(tensBytes),
    classes: place(classesBytes),
    columns: place(columnBytes * kinds.length),
    texts: place(textsBytes),
    text: place(textBytes + behindText),
  };
  const targets = kinds.map((kind) => place(size(kind)));
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
