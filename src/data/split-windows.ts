// Cuts a source into windows of time with about the same number of rows.
import { InputError } from "../errors.ts";
import type { Context } from "../host/context.ts";
import { withData } from "./open-data.ts";
import { showSource } from "./source-address.ts";
import { type DataWindow, type DataWindows, renderWindow, unknownColumn } from "./window.ts";

/**
 * `count` windows one after the other, each a time to the millisecond from and to; rows without a time are in none. Throws
 * InputError when there are fewer different times than windows.
 */
export async function splitIntoWindows(
  side: { readonly source: string; readonly window?: DataWindows | undefined },
  wanted: {
    readonly time: string;
    readonly count: number;
    readonly missingValues?: readonly string[] | undefined;
  },
  context: Context,
): Promise<readonly { readonly source: string; readonly window: DataWindow }[]> {
  const { time, count } = wanted;
  const shown = showSource(side.source);
  return withData(side.source, wanted, context, async (scan) => {
    const column = scan.columns.find(({ name }) => name === time);
    if (!column) throw unknownColumn(time, scan.columns, shown);
    renderWindow({ time, from: "1970-01-01" }, scan.columns, shown);
    const where = renderWindow(side.window, scan.columns, shown);
    const rows = await scan.engine.query(
      `SELECT part, min(t) AS low, max(t) AS high FROM (SELECT t, ntile(${count}) OVER (ORDER BY t) AS part FROM (SELECT epoch_ms(${column.expression}) AS t FROM ${scan.relation} WHERE ${where}) WHERE t IS NOT NULL) GROUP BY part ORDER BY part`,
    );
    // A time that ends one part and begins the next belongs to the first of them.
    const ends = [...new Set(rows.map((row) => Number(row["high"])))];
    if (ends.length < count) {
      throw new InputError({
        message: `${shown} has too few different times in ${JSON.stringify(time)} for ${count} windows`,
        file: shown,
        key: time,
        received: `${ends.length} windows`,
      });
    }
    const start = Number(rows[0]?.["low"]);
    return ends.map((end, i) => ({
      source: side.source,
      window: { time, from: toInstant(i === 0 ? start : (ends[i - 1] as number) + 1), to: toInstant(end) },
    }));
  });
}

function toInstant(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
