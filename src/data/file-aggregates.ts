// The port's aggregates over files, computed by DuckDB inside this process.
import { type AggregateEngine, type CategoryCount, mostCategories } from "./aggregate-engine.ts";
import { materialize } from "./materialize.ts";
import { withData } from "./open-data.ts";
import { profileFiles } from "./profile-files.ts";
import { renderWindow, unknownColumn } from "./window.ts";

export const fileAggregates: AggregateEngine = {
  id: "duckdb",
  profile: async (source, options, context) => (await profileFiles(source, options, context)).profile,
  countCategories: (source, options, context) =>
    withData(source, options, context, async (scan) => {
      const where = renderWindow(options.window, scan.columns, source);
      const from = await materialize(scan, where, ({ name }) => options.columns.includes(name));
      const found = new Map<string, readonly CategoryCount[]>();
      for (const { name, expression } of from.columns.filter(({ name }) => options.columns.includes(name))) {
        const rows = await scan.engine.query(
          `SELECT v, count(*) AS n FROM (SELECT ${expression} AS v FROM ${from.relation} WHERE ${from.where}) WHERE v IS NOT NULL GROUP BY v ORDER BY n DESC, v LIMIT ${mostCategories}`,
        );
        found.set(
          name,
          rows.map((row) => ({ value: String(row["v"]), rows: Number(row["n"]) })),
        );
      }
      return found;
    }),
  surveyTimes: (source, time, options, context) =>
    withData(source, options, context, async (scan) => {
      const column = scan.columns.find(({ name }) => name === time);
      if (!column) throw unknownColumn(time, scan.columns, source);
      // Says so when the column holds no times.
      renderWindow({ time, from: "1970-01-01" }, scan.columns, source);
      const counts = options.windows.map((windows) => `countIf(${renderWindow(windows, scan.columns, source)})`);
      const days = ["min", "max"].map((end) => `CAST(CAST(${end}(${column.expression}) AS DATE) AS VARCHAR)`);
      const terms = [...days, ...counts];
      const [row] = await scan.engine.query(
        `SELECT ${terms.map((term, index) => `${term} AS t${index}`).join(", ")} FROM ${scan.relation}`,
      );
      const [firstDay = null, lastDay = null] = [row?.["t0"], row?.["t1"]].map((day) =>
        typeof day === "string" ? day : null,
      );
      return {
        firstDay,
        lastDay,
        rows: counts.map((_, index) => Number(row?.[`t${index + 2}`] ?? 0)),
      };
    }),
};
