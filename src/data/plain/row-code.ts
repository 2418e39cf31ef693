// The loop over the fields of plain delimited text, in WebAssembly: numbers go into arrays, texts are counted.
import {
  block,
  type Code,
  choose,
  i32,
  i64,
  type KernelFunction,
  type Locals,
  leaveBlock,
  repeatWhile,
  when,
} from "../../statistics/assembly.ts";
import { decimalIntegers, decimalLongs, readDecimal } from "./decimal-code.ts";

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

export const kindNumbers = { skipped: 0, number: 1, numberOrNothing: 2, text: 3 } as const;

/** A slot of a table of texts, in bytes; an address of 0 marks a free one. */
export const textSlotBytesOf = { hash: 0, text: 4, length: 8, count: 12 } as const;
export const textSlotBytes = 16;
export const textSlotBits = 14;

/** What `bad` says. */
export const badReasons = { field: 1, manyTexts: 2 } as const;

const nanBits = 0x7ff8000000000000n;
const hashFactor = 0x01000193;

export interface RowKernelPlaces {
  readonly state: number;
  readonly powers: number;
  /** 256 bytes: 1 for those that end a field or are not taken at all. */
  readonly classes: number;
  readonly mostTexts: number;
}

/** `at` goes on to the first byte that is not part of a plain field; does `each` for the others. */
function scanField({ get, set }: Locals, classes: number, ...each: readonly Code[]): Code {
  const isPart = i32.isZero(i32.loadByte(i32.loadByte(get("at")), classes));
  return when(isPart, repeatWhile(isPart, ...each, set("at", i32.add(get("at"), i32.constant(1)))));
}

function readNumber(locals: Locals, powers: number): Code {
  const { get, set } = locals;
  const target = i32.add(i32.load(get("column"), columnBytesOf.target), i32.shiftLeft(get("row"), i32.constant(3)));
  const isNothing = i32.and(
    i32.equal(get("kind"), i32.constant(kindNumbers.numberOrNothing)),
    i32.equal(i32.loadByte(get("at")), i32.load(get("column"), columnBytesOf.separator)),
  );
  return [
    ...choose(isNothing, set("bits", i64.constant(nanBits)), readDecimal(locals, powers)),
    ...i64.store(target, get("bits")),
  ];
}

/** 1 where the text in the slot has the same `length` bytes as the field. */
function compareTexts({ get, set }: Locals): Code {
  const [one, other] = [i64.load(get("from")), i64.load(get("text"))];
  const step = (name: string): Code => set(name, i32.add(get(name), i32.constant(8)));
  const isLong = i32.greaterUnsigned(get("left"), i32.constant(7));
  const unused = i64.sub(i64.constant(64n), i64.shiftLeft(i64.extend(get("left")), i64.constant(3n)));
  return [
    ...set("isSame", i32.constant(1)),
    ...set("from", get("start")),
    ...set("left", get("length")),
    ...when(
      isLong,
      repeatWhile(
        i32.and(isLong, get("isSame")),
        set("isSame", i64.equal(one, other)),
        step("from"),
        step("text"),
        set("left", i32.sub(get("left"), i32.constant(8))),
      ),
    ),
    ...when(
      i32.and(get("isSame"), i32.notEqual(get("left"), i32.constant(0))),
      set("isSame", i64.isZero(i64.shiftLeft(i64.xor(one, other), unused))),
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
        ...i32.store(get("slot"), get("hash"), textSlotBytesOf.hash),
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

function countText(locals: Locals, { classes, mostTexts }: RowKernelPlaces): Code {
  const { get, set } = locals;
  const mixed = i32.xor(get("hash"), i32.shiftRightUnsigned(get("hash"), i32.constant(15)));
  const last = i32.constant((textSlotBytes << textSlotBits) - textSlotBytes);
  const setSlot = set("slot", i32.add(i32.load(get("column"), columnBytesOf.target), get("place")));
  const isOther = i32.or(
    i32.notEqual(i32.load(get("slot"), textSlotBytesOf.hash), get("hash")),
    i32.notEqual(i32.load(get("slot"), textSlotBytesOf.length), get("length")),
  );
  return [
    ...set("hash", i32.constant(0x811c9dc5 | 0)),
    ...scanField(
      locals,
      classes,
      set("hash", i32.multiply(i32.xor(get("hash"), i32.loadByte(get("at"))), i32.constant(hashFactor))),
    ),
    ...set("length", i32.sub(get("at"), get("start"))),
    ...set("hash", i32.multiply(mixed, i32.constant(0x9e3779b1 | 0))),
    ...set("place", i32.and(i32.shiftRightUnsigned(get("hash"), i32.constant(32 - textSlotBits - 4)), last)),
    ...set("isLooking", i32.constant(1)),
    ...repeatWhile(
      get("isLooking"),
      setSlot,
      set("text", i32.load(get("slot"), textSlotBytesOf.text)),
      choose(
        i32.isZero(get("text")),
        [...keepText(locals, mostTexts), ...set("isLooking", i32.constant(0))],
        [
          ...set("isSame", i32.constant(0)),
          ...when(i32.isZero(isOther), compareTexts(locals)),
          ...choose(
            get("isSame"),
            [
              ...i32.store(
                get("slot"),
                i32.add(i32.load(get("slot"), textSlotBytesOf.count), i32.constant(1)),
                textSlotBytesOf.count,
              ),
              ...set("isLooking", i32.constant(0)),
            ],
            set("place", i32.and(i32.add(get("place"), i32.constant(textSlotBytes)), last)),
          ),
        ],
      ),
    ),
  ];
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
      ...["hash", "length", "place", "slot", "text", "isLooking", "isSame", "left"],
      ...decimalIntegers,
    ],
    longs: ["bits", ...decimalLongs],
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
      const readField = choose(
        i32.equal(get("kind"), i32.constant(kindNumbers.text)),
        countText(locals, places),
        choose(get("kind"), readNumber(locals, places.powers), scanField(locals, places.classes)),
      );
      const firstColumn = i32.load(get("state"), stateBytesOf.firstColumn);
      return [
        load("at"),
        load("end"),
        load("row"),
        load("column"),
        load("endColumns"),
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
