// Finds where fields end, 64 bytes at a time, ahead of the loop that reads them: then no field has to wait for the one before it.
import { type Code, i8x16, i32, i64, type Locals, repeatWhile, v128, when } from "../../statistics/assembly.ts";
import { stateBytesOf } from "./row-layout.ts";
import { tablesAt } from "./row-tables.ts";

/** Bytes looked at together. */
const strideBytes = 64;
const vectorBytes = 16;
/** So many are written at once, whether they are ends or not: what is too many is written over. */
const writtenAtOnce = 8;
/** Ends that are found before fields are read: many rows of few columns, or two of many. */
function mostEnds(columnCount: number): number {
  return Math.max(4096, 2 * columnCount);
}

/** Room for addresses of ends, four bytes each, and where it is used up but for those of one stride. */
export function measureEnds(columnCount: number): { readonly bytes: number; readonly limit: number } {
  const limit = 4 * mostEnds(columnCount);
  return { bytes: limit + 4 * strideBytes, limit };
}

export const endIntegers = ["nextEnd", "lastEnd", "scanned", "written"];
export const endLongs = ["marks"];
export const endVectors = ["endings", "lowerHalf", "bytes"];

/** One bit for each of sixteen bytes: whether it ends a field, or is not taken. */
function markEnds({ get }: Locals, slot: number): Code {
  const alike = i8x16.pick(get("endings"), v128.and(get("bytes"), get("lowerHalf")));
  return i64.shiftLeft(
    i64.extend(i8x16.signs(i8x16.equal(alike, get("bytes")))),
    i64.constant(BigInt(vectorBytes * slot)),
  );
}

/** The constants of `findEnds`. */
export function prepareEnds({ get, set }: Locals): Code {
  return [
    set("endings", v128.load(get("state"), tablesAt.endings / vectorBytes)),
    set("lowerHalf", i8x16.splat(i32.constant(15))),
  ];
}

/** Writes the address of the first end left, to the place that is so many ends after `written`. */
function writeEnd({ get, set }: Locals, index: number): Code {
  return [
    ...i32.store(get("written"), i32.add(get("scanned"), i32.wrap(i64.trailingZeros(get("marks")))), 4 * index),
    ...set("marks", i64.and(get("marks"), i64.sub(get("marks"), i64.constant(1n)))),
  ];
}

/** Those that were found and not used go before those that are found. */
function moveEnds({ get, set }: Locals): Code {
  const ends = i32.load(get("state"), stateBytesOf.ends);
  const isLeft = i32.lessUnsigned(get("nextEnd"), get("lastEnd"));
  return [
    ...set("written", ends),
    ...when(
      isLeft,
      repeatWhile(
        isLeft,
        i32.store(get("written"), i32.load(get("nextEnd"))),
        set("written", i32.add(get("written"), i32.constant(4))),
        set("nextEnd", i32.add(get("nextEnd"), i32.constant(4))),
      ),
    ),
    ...set("nextEnd", ends),
  ];
}

/** Finds ends from `scanned` on, up to the end of the text or of the room for them: their addresses lie from `nextEnd` to `lastEnd`. */
export function findEnds(locals: Locals): Code {
  const { get, set } = locals;
  const limit = i32.load(get("state"), stateBytesOf.endsLimit);
  const isWanted = i32.and(i32.lessUnsigned(get("scanned"), get("end")), i32.lessUnsigned(get("written"), limit));
  const isMarked = i64.notEqual(get("marks"), i64.constant(0n));
  const writeSome = (from: number): Code =>
    Array.from({ length: writtenAtOnce }, (_, index) => writeEnd(locals, from + index)).flat();
  return [
    ...moveEnds(locals),
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
