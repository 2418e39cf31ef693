// Names of a column's categories, read from the rows: profiles hold only their hashes.
import type { Context } from "../host/context.ts";
import type { ProfileOptions } from "./aggregate-engine.ts";
import { materialize } from "./materialize.ts";
import { withData } from "./open-data.ts";
import { quoteNumber } from "./sql.ts";
import { renderWindow } from "./window.ts";

/**
 * By column, the values that at least `fewestRows` rows have, most first, ties by value; a column with more than `most`
 * such values, or where they are less than `leastShare` of all, is left out. Numbers and times have no names. Throws what `readTable` throws.
 */
export async function readCategoryNames(
  source: string,
  limits: { readonly most: number; readonly fewestRows: number; readonly leastShare: number },
  options: ProfileOptions,
  context: Context,
): Promise<ReadonlyMap<string, readonly string[]>> {
  return withData(source, options, context, async (scan) => {
    const where = renderWindow(options.window, scan.columns, source);
    const wanted = options.columns && new Set(options.columns);
    const from = await materialize(
      scan,
      where,
      ({ name, type }) => type === "categorical" && (wanted?.has(name) ?? true),
    );
    const names = new Map<string, readonly string[]>();
    for (const column of from.columns) {
      const rows = await scan.engine.query(
        `SELECT v, n, total FROM (SELECT v, count(*) AS n, sum(count(*)) OVER () AS total FROM (SELECT ${column.expression} AS v FROM ${from.relation} WHERE ${from.where}) WHERE v IS NOT NULL GROUP BY v) WHERE n >= ${quoteNumber(limits.fewestRows)} ORDER BY n DESC, v LIMIT ${quoteNumber(limits.most + 1)}::INTEGER`,
      );
      const named = rows.reduce((sum, row) => sum + Number(row["n"]), 0);
      const enough = named >= limits.leastShare * Number(rows[0]?.["total"] ?? 0);
      if (rows.length <= limits.most && enough) {
        names.set(
          column.name,
          rows.map((row) => String(row["v"])),
        );
      }
    }
    return names;
  });
}
