// Counts a field of text among the different texts of its column, in WebAssembly.
import { type Code, choose, i32, i64, type Locals, repeatWhile, when } from "../../statistics/assembly.ts";
import { badReasons, columnBytesOf, stateBytesOf, textSlotBits, textSlotBytes, textSlotBytesOf } from "./row-layout.ts";

const hashFactor = 0x9e3779b97f4a7c15n;

/** Locals that `countText` uses, beside `start`, `fieldEnd`, `column`, `state` and `bad`. */
export const textIntegers = ["size", "place", "slot", "text", "isLooking", "isSame", "from", "left"];
export const textLongs = ["key", "hash"];

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
    ...set("left", i32.sub(get("size"), i32.constant(8))),
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
function keepText(locals: Locals): Code {
  const { get, set } = locals;
  const free = i32.load(get("state"), stateBytesOf.freeText);
  const used = i32.load(get("column"), columnBytesOf.used);
  // Whole words, and one to spare for reading beyond the end.
  const after = i32.and(i32.add(i32.add(get("text"), get("size")), i32.constant(15)), i32.constant(-8));
  const step = (name: string): Code => set(name, i32.add(get(name), i32.constant(8)));
  return [
    ...set("text", free),
    ...choose(
      i32.or(
        i32.greaterUnsigned(after, i32.load(get("state"), stateBytesOf.endTexts)),
        i32.greaterUnsigned(used, i32.load(get("state"), stateBytesOf.mostTexts)),
      ),
      set("bad", i32.constant(badReasons.manyTexts)),
      [
        ...i64.store(get("slot"), get("key"), textSlotBytesOf.key),
        ...i32.store(get("slot"), get("text"), textSlotBytesOf.text),
        ...i32.store(get("slot"), get("size"), textSlotBytesOf.length),
        ...i32.store(get("slot"), i32.constant(1), textSlotBytesOf.count),
        ...i32.store(get("column"), i32.add(used, i32.constant(1)), columnBytesOf.used),
        ...i32.store(get("state"), after, stateBytesOf.freeText),
        ...set("from", get("start")),
        ...repeatWhile(
          i32.lessUnsigned(get("from"), get("fieldEnd")),
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
    ...mix(i64.add(get("key"), i64.extend(get("size")))),
    ...when(
      i32.greaterUnsigned(get("size"), i32.constant(8)),
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

/**
 * Counts the text from `start` to `fieldEnd` in the table of `column`; makes `bad` say so where it would be a text too many. Eight bytes after it must be
 * readable.
 */
export function countText(locals: Locals): Code {
  const { get, set } = locals;
  const last = i32.constant((textSlotBytes << textSlotBits) - textSlotBytes);
  const count = i32.add(i32.load(get("slot"), textSlotBytesOf.count), i32.constant(1));
  const isAlike = i32.and(
    i64.equal(i64.load(get("slot"), textSlotBytesOf.key), get("key")),
    i32.equal(i32.load(get("slot"), textSlotBytesOf.length), get("size")),
  );
  const stopLooking = set("isLooking", i32.constant(0));
  return [
    set("size", i32.sub(get("fieldEnd"), get("start"))),
    set("key", keyText(i64.load(get("start")), least(get("size"), i32.constant(8)))),
    placeText(locals),
    set("isLooking", i32.constant(1)),
    repeatWhile(
      get("isLooking"),
      set("slot", i32.add(i32.load(get("column"), columnBytesOf.target), get("place"))),
      set("text", i32.load(get("slot"), textSlotBytesOf.text)),
      choose(
        i32.isZero(get("text")),
        [...keepText(locals), ...stopLooking],
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
