// Finds where fields end, 64 bytes at a time, ahead of the loop that reads them: then no field has to wait for the one before it.
import { type Code, i8x16, i32, i64, type Locals, repeatWhile, v128, when } from "../../statistics/assembly.ts";

/** Bytes looked at together. */
const strideBytes = 64;
export const endingsBytes = 16;
const vectorBytes = endingsBytes;
/** So many are written at once, whether they are ends or not: what is too many is written over. */
const writtenAtOnce = 8;
/** Ends that are found before fields are read: many rows of few columns, or two of many. */
function mostEnds(columnCount: number): number {
  return Math.max(4096, 2 * columnCount);
}

/** Room for addresses of ends, four bytes each. */
export function measureEnds(columnCount: number): number {
  return 4 * (mostEnds(columnCount) + strideBytes);
}

export const endIntegers = ["nextEnd", "lastEnd", "scanned", "written"];
export const endLongs = ["marks"];
export const endVectors = ["endings", "lowerHalf", "bytes"];

/**
 * Bytes that end a field or are not taken, each at the place of its lower half; no two have the same. Elsewhere what has another lower half.
 */
export function listEndings(endings: readonly string[]): Uint8Array {
  const table = new Uint8Array(vectorBytes).fill(0xff);
  table[15] = 0;
  for (const code of endings.map((character) => character.charCodeAt(0))) table[code & 15] = code;
  return table;
}

/** One bit for each of sixteen bytes: whether it ends a field, or is not taken. */
function markEnds({ get }: Locals, slot: number): Code {
  const alike = i8x16.pick(get("endings"), v128.and(get("bytes"), get("lowerHalf")));
  return i64.shiftLeft(
    i64.extend(i8x16.signs(i8x16.equal(alike, get("bytes")))),
    i64.constant(BigInt(vectorBytes * slot)),
  );
}

/** The constants of `findEnds`; what `listEndings` gives lies at `endings`. */
export function prepareEnds({ set }: Locals, endings: number): Code {
  return [...set("endings", v128.load(i32.constant(endings))), ...set("lowerHalf", i8x16.splat(i32.constant(15)))];
}

/** Writes the address of the first end left, to the place that is so many ends after `written`. */
function writeEnd({ get, set }: Locals, index: number): Code {
  return [
    ...i32.store(get("written"), i32.add(get("scanned"), i32.wrap(i64.trailingZeros(get("marks")))), 4 * index),
    ...set("marks", i64.and(get("marks"), i64.sub(get("marks"), i64.constant(1n)))),
  ];
}

/** Those that were found and not used go before those that are found. */
function moveEnds({ get, set }: Locals, ends: number): Code {
  const isLeft = i32.lessUnsigned(get("nextEnd"), get("lastEnd"));
  return [
    ...set("written", i32.constant(ends)),
    ...when(
      isLeft,
      repeatWhile(
        isLeft,
        i32.store(get("written"), i32.load(get("nextEnd"))),
        set("written", i32.add(get("written"), i32.constant(4))),
        set("nextEnd", i32.add(get("nextEnd"), i32.constant(4))),
      ),
    ),
    ...set("nextEnd", i32.constant(ends)),
  ];
}

/** Finds ends from `scanned` on, up to the end of the text or of the room at `ends`: their addresses lie from `nextEnd` to `lastEnd`. */
export function findEnds(locals: Locals, ends: number, columnCount: number): Code {
  const { get, set } = locals;
  const limit = i32.constant(ends + 4 * mostEnds(columnCount));
  const isWanted = i32.and(i32.lessUnsigned(get("scanned"), get("end")), i32.lessUnsigned(get("written"), limit));
  const isMarked = i64.notEqual(get("marks"), i64.constant(0n));
  const writeSome = (from: number): Code =>
    Array.from({ length: writtenAtOnce }, (_, index) => writeEnd(locals, from + index)).flat();
  return [
    ...moveEnds(locals, ends),
    ...when(
      isWanted,
      repeatWhile(
        isWanted,
        set("marks", i64.constant(0n)),
        ...[0, 1, 2, 3].flatMap((slot) => [
          set("bytes", v128.load(get("scanned"), slot)),
          set("marks", i64.or(get("marks"), markEnds(locals, slot))),
        ]),
        set("lastEnd", i32.add(get("written"), i32.shiftLeft(i32.wrap(i64.countOnes(get("marks"))), i32.constant(2)))),
        writeSome(0),
        when(
          isMarked,
          writeSome(writtenAtOnce),
          when(
            isMarked,
            repeatWhile(
              isMarked,
              writeEnd(locals, 2 * writtenAtOnce),
              set("written", i32.add(get("written"), i32.constant(4))),
            ),
          ),
        ),
        set("written", get("lastEnd")),
        set("scanned", i32.add(get("scanned"), i32.constant(strideBytes))),
      ),
    ),
    ...set("lastEnd", get("written")),
  ];
}
