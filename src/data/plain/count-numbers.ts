// Counts a column of numbers or times that the loop over fields has read.
import { createBinCounter } from "../../monitoring/bin-counter.ts";
import type { ColumnProfile } from "../../monitoring/profile.ts";
import { createNumberKeeper } from "../chunk-numbers.ts";
import { profileNumbers } from "../count-columns.ts";
import type { PlainColumn } from "./order.ts";
import type { RowMemory } from "./row-memory.ts";

export interface NumberColumn {
  readonly name: string;
  readonly type: "numeric" | "datetime";
  /** Where it is among the columns of the file. */
  readonly index: number;
  /** Counts the rows that lie in the memory. */
  readonly add: (memory: RowMemory, rows: number) => void;
  /** Ends the counting after so many rows; `numbers` are null where they are not wanted. */
  readonly finish: (rows: number) => { readonly profile: ColumnProfile; readonly numbers: Float64Array | null };
  /** Ends a counting that will not be finished; nothing where it has ended. */
  readonly abandon: () => void;
}

/** A counter of the column; null for one of texts, or that is not looked at. */
export function countNumbers(
  { name, type, isKept }: PlainColumn,
  index: number,
  isSketched: boolean,
): NumberColumn | null {
  if (type !== "numeric" && type !== "datetime") return null;
  const counter = createBinCounter(type === "numeric" ? "double" : "integer", isSketched);
  const keeper = isKept ? createNumberKeeper(null) : null;
  return {
    name,
    type,
    index,
    add: (memory, rows) => {
      counter.addAt(memory.numbersOf(index), rows);
      keeper?.add(memory.viewNumbers(index, rows), rows);
    },
    finish: (rows) => {
      const profile = profileNumbers({ name, type }, counter.finish(), rows);
      return { profile, numbers: keeper?.finish(profile.missing) ?? null };
    },
    abandon: counter.abandon,
  };
}
