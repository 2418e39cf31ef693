// Which rows each split of a cross-validation tested, and how many it trained on.
import type { Problem } from "../errors.ts";
import type { Column } from "../tables/table.ts";
import type { Splits } from "./metric-rows.ts";

export interface SplitColumns {
  readonly fold: Column;
  /** Repetitions of the whole cross-validation; null = there is one. */
  readonly repeat: Column | null;
  /** Rows that one split trained on; null = the other rows of its repetition. */
  readonly trainRows: number | null;
}

/** One split per fold and repetition. Adds a problem for missing cells, fewer than two splits, and a split that leaves nothing to train on. */
export function readSplits(
  { fold, repeat, trainRows }: SplitColumns,
  file: string,
  problems: Problem[],
): Splits | null {
  const numbers = new Map<string, { readonly number: number; readonly repeat: string; rows: number }>();
  const rowsOfRepeat = new Map<string, number>();
  const cell = (column: Column, row: number): string | null => {
    const value = column.values[row] ?? null;
    return value === null || Number.isNaN(value) ? null : String(value);
  };
  const splitOfRow = new Int32Array(fold.values.length);
  for (let row = 0; row < splitOfRow.length; row += 1) {
    const [part, round] = [cell(fold, row), repeat === null ? "" : cell(repeat, row)];
    if (part === null || round === null) {
      problems.push({ message: "a fold is missing", file, key: fold.name, received: `nothing in row ${row + 1}` });
      return null;
    }
    const key = JSON.stringify([round, part]);
    const split = numbers.get(key) ?? { number: numbers.size, repeat: round, rows: 0 };
    numbers.set(key, split);
    split.rows += 1;
    splitOfRow[row] = split.number;
    rowsOfRepeat.set(round, (rowsOfRepeat.get(round) ?? 0) + 1);
  }
  const splits = [...numbers.values()];
  const trained = splits.map((split) => trainRows ?? rowsOfRepeat.get(split.repeat)! - split.rows);
  if (splits.length < 2 || trained.some((rows) => rows <= 0)) {
    problems.push({
      message:
        splits.length < 2
          ? "there are fewer than two splits"
          : "a repetition has one fold, so what it trained on is not known",
      file,
      key: fold.name,
      expected: "a column that tells the folds apart",
      received: `${splits.length} in ${rowsOfRepeat.size} repetitions`,
      ...(splits.length < 2
        ? {}
        : { hint: "say how many rows each split trained on: `--train-rows`, or `train-rows:` in the config" }),
    });
    return null;
  }
  const shares = splits.map((split, at) => split.rows / trained[at]!);
  return { splitOfRow, testShare: shares.reduce((sum, share) => sum + share, 0) / shares.length };
}
