// Sums of columns without rounding, so that engines, nodes and orders of rows agree to the last bit.
import { addExact, createExactSum, type Exact, exactZero, toNumber } from "../monitoring/exact-sum.ts";
import { viewNumbers } from "./chunk-numbers.ts";
import type { Scan } from "./scan.ts";

export interface ExactTotal {
  /** Values, infinite ones included. */
  readonly values: number;
  /** Of the finite values. */
  readonly sum: Exact;
  readonly infinite: { readonly positive: number; readonly negative: number };
}

const nothing: ExactTotal = { values: 0, sum: exactZero, infinite: { positive: 0, negative: 0 } };

/** The total of the column `v` of `from`, missing cells left out. */
export async function addRows(scan: Scan, from: string): Promise<ExactTotal> {
  const sum = createExactSum();
  const infinite = { positive: 0, negative: 0 };
  let values = 0;
  for await (const chunk of scan.engine.stream(`SELECT CAST(v AS DOUBLE) AS v FROM ${from} WHERE v IS NOT NULL`)) {
    const numbers = viewNumbers(chunk, 0);
    values += chunk.rowCount;
    for (let row = 0; row < chunk.rowCount; row++) {
      const value = Number(numbers[row]);
      if (Number.isFinite(value)) sum.add(value);
      else infinite[value > 0 ? "positive" : "negative"]++;
    }
  }
  return { values, sum: sum.finish(), infinite };
}

/** The total of all parts. */
export function addTotals(parts: readonly ExactTotal[]): ExactTotal {
  return parts.reduce(
    (all, part) => ({
      values: all.values + part.values,
      sum: addExact(all.sum, part.sum),
      infinite: {
        positive: all.infinite.positive + part.infinite.positive,
        negative: all.infinite.negative + part.infinite.negative,
      },
    }),
    nothing,
  );
}

/** As a double: null without values, infinite with infinite values of one sign, NaN with both. */
export function readTotal({ values, sum, infinite }: ExactTotal): number | null {
  if (values === 0) return null;
  if (infinite.positive > 0 && infinite.negative > 0) return Number.NaN;
  if (infinite.positive > 0) return Number.POSITIVE_INFINITY;
  return infinite.negative > 0 ? Number.NEGATIVE_INFINITY : toNumber(sum);
}
