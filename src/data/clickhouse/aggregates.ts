// The port's aggregates over ClickHouse: each node answers for its part, the answers are added here.

import { type AggregateEngine, type CategoryCount, mostCategories } from "../aggregate-engine.ts";
import { renderWindow, unknownColumn } from "../window.ts";
import { askNodes } from "./ask-nodes.ts";
import { profileClickHouse } from "./profile-table.ts";
import { quoteMicroseconds } from "./sql.ts";

export const clickHouseAggregates: AggregateEngine = {
  id: "clickhouse",
  profile: profileClickHouse,
  countCategories: async (source, options, context) => {
    const parts = await askNodes(source, options, context, async ({ node, relation, columns, where }) => {
      const found = new Map<string, readonly CategoryCount[]>();
      for (const { name, expression } of columns.filter(({ name }) => options.columns.includes(name))) {
        const rows = await node.query(
          `SELECT toString(v) AS t, toString(count() AS n) FROM (SELECT ${expression} AS v FROM ${relation} WHERE ${where}) WHERE v IS NOT NULL GROUP BY v ORDER BY n DESC, t LIMIT ${mostCategories}`,
        );
        found.set(
          name,
          rows.map((row) => ({ value: String(row[0]), rows: Number(row[1]) })),
        );
      }
      return found;
    });
    return new Map(options.columns.map((name) => [name, addCounts(parts.map((part) => part.get(name) ?? []))]));
  },
  surveyTimes: async (source, time, options, context) => {
    const parts = await askNodes(source, options, context, async ({ node, relation, columns, shown }) => {
      const column = columns.find(({ name }) => name === time);
      if (!column) throw unknownColumn(time, columns, shown);
      renderWindow({ time, from: "1970-01-01" }, columns, shown, quoteMicroseconds);
      const conditions = options.windows.map((windows) => renderWindow(windows, columns, shown, quoteMicroseconds));
      const counts = conditions.map((condition) => `toString(countIf(${condition}))`);
      const ends = ["count", "min", "max"].map((of) => `toString(${of}(${column.expression}))`);
      const [row = []] = await node.query(`SELECT ${[...ends, ...counts].join(", ")} FROM ${relation}`);
      const times = Number(row[0] ?? 0) === 0 ? [] : [Number(row[1]) / 1000, Number(row[2]) / 1000];
      return { times, rows: row.slice(3).map(Number) };
    });
    const times = parts.flatMap((part) => part.times);
    const toDay = (time: number): string | null =>
      times.length === 0 ? null : new Date(time).toISOString().slice(0, 10);
    return {
      firstDay: toDay(Math.min(...times)),
      lastDay: toDay(Math.max(...times)),
      rows: options.windows.map((_, index) => parts.reduce((total, part) => total + (part.rows[index] ?? 0), 0)),
    };
  },
};

function addCounts(parts: readonly (readonly CategoryCount[])[]): readonly CategoryCount[] {
  const totals = new Map<string, number>();
  for (const { value, rows } of parts.flat()) totals.set(value, (totals.get(value) ?? 0) + rows);
  return [...totals]
    .map(([value, rows]) => ({ value, rows }))
    .sort((a, b) => b.rows - a.rows || (a.value < b.value ? -1 : 1))
    .slice(0, mostCategories);
}
