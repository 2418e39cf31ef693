// The loop over the fields of plain delimited text, in WebAssembly: numbers go into arrays, texts are counted.
import {
  block,
  type Code,
  choose,
  i8x16,
  i32,
  i64,
  type KernelFunction,
  type Locals,
  leaveBlock,
  repeatWhile,
  v128,
  when,
} from "../../statistics/assembly.ts";
import { type DecimalPlaces, decimalIntegers, decimalLongs, readDecimal } from "./decimal-code.ts";
import { readTime, timeIntegers, timeLongs } from "./time-code.ts";

/** Where the loop stands, in bytes from its state: between calls, and where it met what it does not take. */
export const stateBytesOf = {
  /** The next byte, and the end of the last whole line. */
  at: 0,
  end: 4,
  row: 8,
  mostRows: 12,
  /** Address of the next column, of the first one, and after the last one. */
  column: 16,
  firstColumn: 20,
  endColumns: 24,
  /** 0 when it came to the end of the text or of the rows. */
  bad: 28,
  /** Where the next new text is kept, and where there is no more room. */
  freeText: 32,
  endTexts: 36,
} as const;
export const stateBytes = 64;

/** A column, in bytes from its address. */
export const columnBytesOf = {
  kind: 0,
  /** The byte that ends its fields. */
  separator: 4,
  /** Address of its numbers, or of its table of texts. */
  target: 8,
  /** Different texts. */
  used: 12,
} as const;
export const columnBytes = 16;

export const kindNumbers = {
  skipped: 0,
  text: 1,
  number: 2,
  /** Odd ones from here on may be empty. */
  numberOrNothing: 3,
  time: 4,
  timeOrNothing: 5,
} as const;

/** A slot of a table of texts, in bytes. Its key is what `keyText` makes of the first eight bytes; an address of 0 marks a free one. */
export const textSlotBytesOf = { key: 0, text: 8, length: 12, count: 16 } as const;
export const textSlotBytes = 32;
export const textSlotBits = 14;

/** What `bad` says. */
export const badReasons = { field: 1, manyTexts: 2 } as const;

/** What stands for a missing number, and for a missing time. */
const nanBits = 0x7ff8000000000000n;
const noTime = -(2n ** 63n);
const hashFactor = 0x9e3779b97f4a7c15n;
/** Bytes looked at together. */
const vectorBytes = 16;

export interface RowKernelPlaces extends DecimalPlaces {
  readonly state: number;
  /** What `listByteClasses` gives. */
  readonly classes: number;
  readonly mostTexts: number;
}

export const classesBytes = 2 * vectorBytes;

/**
 * Two tables, by the lower and by the upper half of a byte: both have a bit in common for those of `ending`, which end a field or are not
 * taken at all, and for no other byte. They are of up to eight different upper halves, all below 128.
 */
export function listByteClasses(ending: readonly string[]): Uint8Array {
  const table = new Uint8Array(classesBytes);
  const uppers = [...new Set(ending.map((character) => character.charCodeAt(0) >> 4))];
  for (const byte of ending.map((character) => character.charCodeAt(0))) {
    const bit = 1 << uppers.indexOf(byte >> 4);
    table[byte & 15] = (table[byte & 15] as number) | bit;
    table[vectorBytes + (byte >> 4)] = bit;
  }
  return table;
}

/** `at` goes on to the first byte that ends a field or is not taken. */
function scanField({ get, set }: Locals): Code {
  const bytes = v128.load(get("at"));
  const lowers = i8x16.pick(get("lowers"), v128.and(bytes, i8x16.splat(i32.constant(15))));
  const uppers = i8x16.pick(get("uppers"), i8x16.shiftRightUnsigned(bytes, i32.constant(4)));
  const look = set("ends", i8x16.signs(i8x16.notEqual(v128.and(lowers, uppers), v128.zero)));
  return [
    ...look,
    ...when(
      i32.isZero(get("ends")),
      repeatWhile(i32.isZero(get("ends")), set("at", i32.add(get("at"), i32.constant(vectorBytes))), look),
    ),
    ...set("at", i32.add(get("at"), i32.trailingZeros(get("ends")))),
  ];
}

/** Reads what goes into an array, or nothing where that is allowed. */
function readValue(locals: Locals, read: Code, nothing: bigint): Code {
  const { get, set } = locals;
  const target = i32.add(i32.load(get("column"), columnBytesOf.target), i32.shiftLeft(get("row"), i32.constant(3)));
  const isNothing = i32.and(
    i32.and(get("kind"), i32.constant(1)),
    i32.equal(i32.loadByte(get("start")), i32.load(get("column"), columnBytesOf.separator)),
  );
  return [
    ...read,
    ...when(
      get("bad"),
      when(isNothing, set("at", get("start")), set("bits", i64.constant(nothing)), set("bad", i32.constant(0))),
    ),
    ...i64.store(target, get("bits")),
  ];
}

/** The first `length` bytes, up to eight, of a word: in its upper end, with zeros below. */
function keyText(word: Code, length: Code): Code {
  // By half of what is not wanted, twice: all of it may be 64 bits.
  const half = i64.extend(i32.sub(i32.constant(32), i32.shiftLeft(length, i32.constant(2))));
  return i64.shiftLeft(i64.shiftLeft(word, half), half);
}

/** Does `each` with the words of the field after its first eight bytes, at `from` and `left` bytes before its end. */
function eachLaterWord({ get, set }: Locals, isWanted: Code, ...each: readonly Code[]): Code {
  const isLeft = i32.and(i32.lessSigned(i32.constant(0), get("left")), isWanted);
  return [
    ...set("from", i32.add(get("start"), i32.constant(8))),
    ...set("left", i32.sub(get("length"), i32.constant(8))),
    ...when(
      isLeft,
      repeatWhile(
        isLeft,
        ...each,
        set("from", i32.add(get("from"), i32.constant(8))),
        set("left", i32.sub(get("left"), i32.constant(8))),
      ),
    ),
  ];
}

function least(value: Code, most: Code): Code {
  return i32.select(value, most, i32.lessSigned(value, most));
}

/** `isSame`: whether the slot is of the field, of which its key and its length are. */
function compareTexts(locals: Locals): Code {
  const { get, set } = locals;
  const length = least(get("left"), i32.constant(8));
  const other = i64.load(i32.add(get("text"), i32.sub(get("from"), get("start"))));
  return [
    ...set("isSame", i32.constant(1)),
    ...eachLaterWord(
      locals,
      get("isSame"),
      set("isSame", i64.equal(keyText(i64.load(get("from")), length), keyText(other, length))),
    ),
  ];
}

/** Keeps the field as a new text in the free slot, if there is room. */
function keepText(locals: Locals, mostTexts: number): Code {
  const { get, set } = locals;
  const free = i32.load(get("state"), stateBytesOf.freeText);
  const used = i32.load(get("column"), columnBytesOf.used);
  // Whole words, and one to spare for reading beyond the end.
  const after = i32.and(i32.add(i32.add(get("text"), get("length")), i32.constant(15)), i32.constant(-8));
  const step = (name: string): Code => set(name, i32.add(get(name), i32.constant(8)));
  return [
    ...set("text", free),
    ...choose(
      i32.or(
        i32.greaterUnsigned(after, i32.load(get("state"), stateBytesOf.endTexts)),
        i32.greaterUnsigned(used, i32.constant(mostTexts)),
      ),
      set("bad", i32.constant(badReasons.manyTexts)),
      [
        ...i64.store(get("slot"), get("key"), textSlotBytesOf.key),
        ...i32.store(get("slot"), get("text"), textSlotBytesOf.text),
        ...i32.store(get("slot"), get("length"), textSlotBytesOf.length),
        ...i32.store(get("slot"), i32.constant(1), textSlotBytesOf.count),
        ...i32.store(get("column"), i32.add(used, i32.constant(1)), columnBytesOf.used),
        ...i32.store(get("state"), after, stateBytesOf.freeText),
        ...set("from", get("start")),
        ...repeatWhile(
          i32.lessUnsigned(get("from"), get("at")),
          i64.store(get("text"), i64.load(get("from"))),
          step("from"),
          step("text"),
        ),
      ],
    ),
  ];
}

/** `place`, in bytes from the table: where the field belongs by its key, its length and, if it is long, the rest of it. */
function placeText(locals: Locals): Code {
  const { get, set } = locals;
  const mix = (value: Code): Code => set("hash", i64.multiply(value, i64.constant(BigInt.asIntN(64, hashFactor))));
  const folded = i64.xor(get("hash"), i64.shiftRightUnsigned(get("hash"), i64.constant(32n)));
  return [
    ...mix(i64.add(get("key"), i64.extend(get("length")))),
    ...when(
      i32.greaterUnsigned(get("length"), i32.constant(8)),
      eachLaterWord(
        locals,
        i32.constant(1),
        mix(i64.xor(folded, keyText(i64.load(get("from")), least(get("left"), i32.constant(8))))),
      ),
    ),
    ...set("place", i32.wrap(i64.shiftRightUnsigned(get("hash"), i64.constant(BigInt(64 - textSlotBits))))),
    ...set("place", i32.multiply(get("place"), i32.constant(textSlotBytes))),
  ];
}

function countText(locals: Locals, { mostTexts }: RowKernelPlaces): Code {
  const { get, set } = locals;
  const last = i32.constant((textSlotBytes << textSlotBits) - textSlotBytes);
  const count = i32.add(i32.load(get("slot"), textSlotBytesOf.count), i32.constant(1));
  const isAlike = i32.and(
    i64.equal(i64.load(get("slot"), textSlotBytesOf.key), get("key")),
    i32.equal(i32.load(get("slot"), textSlotBytesOf.length), get("length")),
  );
  const stopLooking = set("isLooking", i32.constant(0));
  return [
    scanField(locals),
    set("length", i32.sub(get("at"), get("start"))),
    set("key", keyText(i64.load(get("start")), least(get("length"), i32.constant(8)))),
    placeText(locals),
    set("isLooking", i32.constant(1)),
    repeatWhile(
      get("isLooking"),
      set("slot", i32.add(i32.load(get("column"), columnBytesOf.target), get("place"))),
      set("text", i32.load(get("slot"), textSlotBytesOf.text)),
      choose(
        i32.isZero(get("text")),
        [...keepText(locals, mostTexts), ...stopLooking],
        [
          ...set("isSame", i32.constant(0)),
          ...when(isAlike, compareTexts(locals)),
          ...choose(
            get("isSame"),
            [...i32.store(get("slot"), count, textSlotBytesOf.count), ...stopLooking],
            set("place", i32.and(i32.add(get("place"), i32.constant(textSlotBytes)), last)),
          ),
        ],
      ),
    ),
  ].flat();
}

/**
 * Reads fields until the text or the room for rows ends, or until a field is not what its column takes: the state then stands at that
 * field, of which nothing was counted. A field ends with its column's separator; what is in `classes` besides ends nothing.
 */
export function createRowKernel(places: RowKernelPlaces): KernelFunction {
  return {
    parameters: ["state"],
    integers: [
      ...["at", "end", "row", "column", "bad", "kind", "start", "endColumns"],
      ...["ends", "length", "place", "slot", "text", "isLooking", "isSame", "left"],
      ...decimalIntegers,
      ...timeIntegers,
    ],
    longs: ["bits", "key", "hash", ...decimalLongs, ...timeLongs],
    vectors: ["lowers", "uppers"],
    body: (locals) => {
      const { get, set } = locals;
      const load = (name: "at" | "end" | "row" | "column" | "endColumns"): Code =>
        set(name, i32.load(get("state"), stateBytesOf[name]));
      const store = (name: "at" | "row" | "column" | "bad"): Code =>
        i32.store(get("state"), get(name), stateBytesOf[name]);
      const isDone = i32.or(
        i32.isZero(i32.lessUnsigned(get("at"), get("end"))),
        i32.equal(get("row"), i32.load(get("state"), stateBytesOf.mostRows)),
      );
      const endsField = i32.equal(i32.loadByte(get("at")), i32.load(get("column"), columnBytesOf.separator));
      const isFrom = (kind: keyof typeof kindNumbers): Code =>
        i32.greaterUnsigned(get("kind"), i32.constant(kindNumbers[kind] - 1));
      const readField = choose(
        isFrom("time"),
        readValue(locals, readTime(locals), noTime),
        choose(
          isFrom("number"),
          readValue(locals, readDecimal(locals, places), nanBits),
          choose(get("kind"), countText(locals, places), scanField(locals)),
        ),
      );
      const firstColumn = i32.load(get("state"), stateBytesOf.firstColumn);
      return [
        load("at"),
        load("end"),
        load("row"),
        load("column"),
        load("endColumns"),
        set("lowers", v128.load(i32.constant(places.classes))),
        set("uppers", v128.load(i32.constant(places.classes), 1)),
        block(
          repeatWhile(
            i32.constant(1),
            when(i32.equal(get("column"), firstColumn), when(isDone, leaveBlock(3))),
            set("start", get("at")),
            set("kind", i32.load(get("column"), columnBytesOf.kind)),
            readField,
            when(i32.isZero(get("bad")), set("bad", i32.isZero(endsField))),
            when(get("bad"), set("at", get("start")), leaveBlock(2)),
            set("at", i32.add(get("at"), i32.constant(1))),
            set("column", i32.add(get("column"), i32.constant(columnBytes))),
            when(
              i32.equal(get("column"), get("endColumns")),
              set("column", firstColumn),
              set("row", i32.add(get("row"), i32.constant(1))),
            ),
          ),
        ),
        store("at"),
        store("row"),
        store("column"),
        store("bad"),
      ];
    },
  };
}
