// Names the categories that a drift report calls unlisted, from the current rows.
import type { Context } from "../host/context.ts";
import type { DriftReport } from "../monitoring/drift-report.ts";
import type { Profile } from "../monitoring/profile.ts";
import { materialize } from "./materialize.ts";
import { withData } from "./open-data.ts";
import { type DataWindows, renderWindow } from "./window.ts";

const namedAtMost = 10;

/** The report with up to ten new categories named per column, most rows first. Reads `current` only when there are any. */
export async function readNewCategories(
  report: DriftReport,
  reference: Profile,
  current: {
    readonly source: string;
    readonly window?: DataWindows | undefined;
    readonly missingValues?: readonly string[] | undefined;
  },
  context: Context,
): Promise<DriftReport> {
  const wanted = new Set(
    report.columns.filter((column) => (column.unlisted?.currentRate ?? 0) > 0).map(({ name }) => name),
  );
  if (wanted.size === 0) return report;
  const named = await withData(current.source, current, context, async (scan) => {
    const where = renderWindow(current.window, scan.columns, current.source);
    const from = await materialize(scan, where, ({ name }) => wanted.has(name));
    const found = new Map<string, { value: string; rows: number }[]>();
    for (const column of from.columns.filter(({ name }) => wanted.has(name))) {
      const known = new Set(reference.columns.find(({ name }) => name === column.name)?.values.keys);
      const rows = await scan.engine.query(
        `SELECT v, count(*) AS n, CAST(md5_number_upper(v) >> 1 AS BIGINT) AS h FROM (SELECT ${column.expression} AS v FROM ${from.relation} WHERE ${from.where}) WHERE v IS NOT NULL GROUP BY v ORDER BY n DESC, v LIMIT 10000`,
      );
      const fresh = rows.filter((row) => !known.has(BigInt(row["h"] as bigint))).slice(0, namedAtMost);
      found.set(
        column.name,
        fresh.map((row) => ({ value: String(row["v"]), rows: Number(row["n"]) })),
      );
    }
    return found;
  });
  return {
    ...report,
    columns: report.columns.map((column) =>
      column.unlisted ? { ...column, unlisted: { ...column.unlisted, values: named.get(column.name) ?? [] } } : column,
    ),
  };
}
