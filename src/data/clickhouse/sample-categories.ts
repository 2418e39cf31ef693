// The categories that a hash chooses, counted by ClickHouse where the rows are.
import type { Context } from "../../host/context.ts";
import type { ProfileOptions } from "../aggregate-engine.ts";
import type { SampledCategories } from "../sample-categories.ts";
import { askNodes } from "./ask-nodes.ts";
import { renderHash } from "./sql.ts";

/** By column, the categories whose hash ends in as many zero bits as `levels` says, with their rows on all nodes. */
export async function sampleClickHouse(
  source: string,
  levels: ReadonlyMap<string, number>,
  options: ProfileOptions,
  context: Context,
): Promise<ReadonlyMap<string, SampledCategories>> {
  const parts = await askNodes(source, options, context, async ({ node, relation, columns, where }) => {
    const found: { readonly name: string; readonly value: string; readonly rows: number }[] = [];
    for (const { name, expression } of columns.filter(({ name }) => levels.has(name))) {
      const mask = 2 ** (levels.get(name) ?? 0) - 1;
      const present = `SELECT assumeNotNull(n) AS v FROM (SELECT ${expression} AS n FROM ${relation} WHERE ${where}) WHERE n IS NOT NULL`;
      const rows = await node.query(
        `SELECT v, toString(count()) FROM (${present}) WHERE bitAnd(${renderHash("v")}, toInt64(${mask})) = 0 GROUP BY v`,
      );
      for (const [value, count] of rows) found.push({ name, value: String(value), rows: Number(count) });
    }
    return found;
  });
  const totals = new Map([...levels.keys()].map((name) => [name, new Map<string, number>()]));
  for (const { name, value, rows } of parts.flat()) {
    const counts = totals.get(name);
    counts?.set(value, (counts.get(value) ?? 0) + rows);
  }
  return totals;
}
