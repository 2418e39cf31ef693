// Feeds counters with all rows of a source, by the way that is quickest for what they count.
import { viewNumbers } from "./chunk-numbers.ts";
import type { ColumnCounter } from "./count-columns.ts";
import { isColumnar } from "./materialize.ts";
import type { Rows } from "./profile-texts.ts";
import type { Scan } from "./scan.ts";
import { type Numbers, takeHere } from "./visit-numbers.ts";

/**
 * All rows, group by group: numbers of a columnar file where the engine has them, others as they stream out of it. Then calls `also` with
 * the columns' values, how many rows were seen, and how many these are. How many there were.
 */
export async function feedCounters(
  scan: Scan,
  from: Pick<Rows, "relation" | "where">,
  counters: readonly (readonly [string, ColumnCounter])[],
  also: (values: (index: number) => Numbers, seen: number, length: number) => void,
): Promise<number> {
  const source = `${from.relation} WHERE ${from.where}`;
  const visitors = counters.flatMap(([, { numbers }]) => numbers ?? []);
  let rows = 0;
  if (isColumnar(from) && visitors.length === counters.length)
    return await scan.engine.visitNumbers(
      visitors.map(({ term }) => term),
      source,
      takeHere(
        visitors.map(({ term }) => term),
        ({ rowCount, columns }) => {
          rows += rowCount;
          for (const [i, { add }] of visitors.entries()) add(columns[i] as Numbers, rowCount);
          also((i) => columns[i] as Numbers, rows, rowCount);
        },
      ),
    );
  const terms = counters.flatMap(([, { select }]) => select).map((term, i) => `${term} AS v${i}`);
  for await (const chunk of scan.engine.stream(`SELECT ${terms.join(", ")} FROM ${source}`)) {
    let at = 0;
    for (const [, counter] of counters) {
      counter.add(chunk, at);
      at += counter.select.length;
    }
    rows += chunk.rowCount;
    also((i) => viewNumbers(chunk, i), rows, chunk.rowCount);
  }
  return rows;
}
