// Counts numbers into nested bins while they stream by: the histogram of all of them, without keeping any.
//
// When the table holds too many bins, bits are dropped from all keys until `mostBins` are left. More bins than that at a
// level means more in the whole data too, so the level reached in the end is the finest that fits: what `fitHistogram` finds.
import { InputError } from "../errors.ts";
import { mostHeld } from "./bin-kernels.ts";
import { shareBinMemory, stagedValues } from "./bin-tables.ts";
import { mostBins, type OrderedHistogram } from "./ordered-histogram.ts";
import { limitOf } from "./sketch-kernels.ts";

export interface BinCount {
  readonly values: OrderedHistogram;
  readonly present: number;
  readonly infinite: number;
  /** The sketch of the different values where it is wanted and they are more than have bins of their own; else null. */
  readonly distinct: readonly number[] | null;
}

export interface BinCounter {
  /** Counts the first `length` values. NaN, or the least integer of 64 bits, is missing. −0 counts as 0. */
  readonly add: (values: Float64Array | BigInt64Array, length: number) => void;
  /** The same for values that lie in the memory of the loops, from this address on. */
  readonly addAt: (address: number, length: number) => void;
  /** What was counted; infinities are part of `present`. Ends the counter. */
  readonly finish: () => BinCount;
  /** Ends a counter that will not be finished, so that its memory serves the next; nothing where it has ended. */
  readonly abandon: () => void;
}

const rowsBetweenRaises = 65_536;
/** A count times a word, 32 bits each, must fit into the 64 bits of a sum. */
const mostRows = 2 ** 32 - 1;

/**
 * A counter of doubles (by their bits) or of integers, to be finished or abandoned. The order of the values does not matter to what comes
 * out. `add` throws InputError beyond 4,294,967,295 values.
 */
export function createBinCounter(scale: "double" | "integer", isSketched = true): BinCounter {
  const memory = shareBinMemory();
  const { kernels } = memory;
  const [count, sketch] =
    scale === "double"
      ? [kernels.countDoubles, kernels.sketchDoubles]
      : [kernels.countIntegers, kernels.sketchIntegers];
  let table: number | null = memory.take();
  let shift = 0;
  let rows = 0;
  /** Until the first bits are dropped every value has a bin. */
  let isSketching = false;
  let limit = limitOf(0);
  let nextRaise = 0;
  const hold = (): number => {
    if (table === null) throw new Error("a counter that has ended counts no more");
    return table;
  };
  /** Drops bits until what is left fits. */
  const fit = (): void => {
    if (memory.usedOf(hold()) <= mostBins) return;
    let level = shift + 1;
    // The first time many bits go at once.
    if (shift === 0) {
      const keys = memory.listKeys(hold(), scale);
      level = findLevel(memory.countApart(keys), memory.usedOf(hold()));
      if (isSketched) {
        // Keys are ordered integers, of doubles too.
        kernels.sketchIntegers(keys.at, keys.end, memory.registersOf(hold()), limit);
        isSketching = true;
      }
    }
    while (memory.usedOf(hold()) > mostBins) dropBits(level++);
  };
  const dropBits = (level: number): void => {
    const from = hold();
    table = memory.take();
    kernels.coarsen(from, table, level);
    memory.moveTally(from, table);
    memory.giveBack(from);
    shift = level;
  };
  /** Registers only grow: what was true of the least one stays true. */
  const raiseLimit = (): void => {
    nextRaise = rows + rowsBetweenRaises;
    limit = limitOf(memory.viewRegisters(hold()).reduce((least, register) => Math.min(least, register)));
  };
  const addAt = (address: number, length: number): void => {
    if (rows + length > mostRows) throw tooManyRows();
    if (length === 0) return;
    rows += length;
    const end = address + 8 * length;
    count(address, end, hold(), shift);
    // Short, since it is called so often that it is compiled with all that it calls.
    if (isSketching || memory.usedOf(hold()) > mostHeld) goOn(address, end);
  };
  /** After a first call of `count` from `start` on: what else is to be done with its values, and those it stopped before. */
  const goOn = (start: number, end: number): void => {
    if (isSketching && rows >= nextRaise) raiseLimit();
    for (let at = start; ; ) {
      const { stopped, used } = memory.readTally(hold());
      if (isSketching) sketch(at, stopped, memory.registersOf(hold()), limit);
      at = stopped;
      if (used > mostHeld) fit();
      if (at >= end) return;
      count(at, end, hold(), shift);
    }
  };
  const abandon = (): void => {
    if (table !== null) memory.giveBack(table);
    table = null;
  };
  return {
    add: (values, length) => {
      if (rows + length > mostRows) throw tooManyRows();
      for (let from = 0; from < length; from += stagedValues) {
        const to = Math.min(length, from + stagedValues);
        memory.stage(values, from, to);
        addAt(memory.staged, to - from);
      }
    },
    addAt,
    finish: () => {
      fit();
      const { infinite } = memory.readTally(hold());
      const { present, ...bins } = memory.readBins(hold(), shift, scale);
      const distinct = isSketching ? [...memory.viewRegisters(hold())] : null;
      abandon();
      return { values: { scale, shift, ...bins }, present, infinite, distinct };
    },
    abandon,
  };
}

function tooManyRows(): InputError {
  return new InputError({
    message: "a column of more rows than one profile counts",
    expected: `up to ${mostRows.toLocaleString("en-US")} rows`,
    hint: "profile parts of the data and take them together with: modelgate profile merge",
  });
}

/** The finest level, of keys of which none was dropped, at which `used` keys are at most `mostBins`: neighbours in order stay apart below their highest different bit. */
function findLevel(apart: Uint32Array, used: number): number {
  let left = used;
  let level = 0;
  while (left > mostBins) left -= apart[level++] as number;
  return level;
}
