// Categories of columns that have more than a profile tells apart: those that a hash chooses, the same in every data set.
import type { Context } from "../host/context.ts";
import { countDistinct, roleOf } from "../monitoring/column-summary.ts";
import type { NewCategories } from "../monitoring/drift-tests.ts";
import type { Profile } from "../monitoring/profile.ts";
import type { ProfileOptions } from "./aggregate-engine.ts";
import { isClickHouseAddress } from "./clickhouse/address.ts";

/** Rows of each chosen category. */
export type SampledCategories = ReadonlyMap<string, number>;

/** Categories looked at per column and side, about. */
const sampledAbout = 16_384;

interface Side {
  readonly source: string;
  readonly window?: ProfileOptions["window"];
}

/**
 * By column, what two data sets say about new categories where their profiles are too coarse to: of every 2^level-th category by
 * its hash, the reference's singletons, the current rows whose category the reference does not have, and the names of those.
 * Reads the columns of both once more, and only when there are such columns.
 */
export async function countNewCategories(
  profiles: { readonly reference: Profile; readonly current: Profile },
  sides: { readonly reference: Side; readonly current: Side },
  missingValues: readonly string[] | undefined,
  context: Context,
): Promise<ReadonlyMap<string, NewCategories>> {
  const levels = chooseLevels(profiles.reference, profiles.current);
  if (levels.size === 0) return new Map();
  const [reference, current] = [
    await sampleCategories(sides.reference, levels, missingValues, context),
    await sampleCategories(sides.current, levels, missingValues, context),
  ];
  return new Map(
    [...levels].map(([name, level]) => [
      name,
      compareSampled(reference.get(name) ?? new Map(), current.get(name) ?? new Map(), 2 ** -level),
    ]),
  );
}

/** Columns with categories that do not have a bin each, and how many zero bits the hash of a chosen category ends in. */
function chooseLevels(reference: Profile, current: Profile): ReadonlyMap<string, number> {
  const others = new Map(current.columns.map((column) => [column.name, column]));
  const levels = new Map<string, number>();
  for (const column of reference.columns) {
    const other = others.get(column.name);
    if (!other || roleOf(column) !== "categorical" || other.type !== "categorical") continue;
    if (column.values.shift === 0 && other.values.shift === 0) continue;
    const most = Math.max(countDistinct(column) ?? 0, countDistinct(other) ?? 0);
    levels.set(column.name, Math.max(0, Math.ceil(Math.log2(most / sampledAbout))));
  }
  return levels;
}

async function sampleCategories(
  { source, window }: Side,
  levels: ReadonlyMap<string, number>,
  missingValues: readonly string[] | undefined,
  context: Context,
): Promise<ReadonlyMap<string, SampledCategories>> {
  const options = { window, missingValues, columns: [...levels.keys()] };
  if (isClickHouseAddress(source)) {
    const { sampleClickHouse } = await import("./clickhouse/sample-categories.ts");
    return sampleClickHouse(source, levels, options, context);
  }
  const [{ withData }, { materialize }, { renderWindow }] = await Promise.all([
    import("./open-data.ts"),
    import("./materialize.ts"),
    import("./window.ts"),
  ]);
  return withData(source, options, context, async (scan) => {
    const where = renderWindow(window, scan.columns, source);
    const from = await materialize(scan, where, ({ name }) => levels.has(name));
    const found = new Map<string, SampledCategories>();
    for (const { name, expression } of from.columns.filter(({ name }) => levels.has(name))) {
      const mask = 2 ** (levels.get(name) ?? 0) - 1;
      const rows = await scan.engine.query(
        `SELECT v, count(*) AS n FROM (SELECT ${expression} AS v FROM ${from.relation} WHERE ${from.where}) WHERE v IS NOT NULL AND (md5_number_upper(v) >> 1) & ${mask}::UBIGINT = 0 GROUP BY v`,
      );
      found.set(name, new Map(rows.map((row) => [String(row["v"]), Number(row["n"])])));
    }
    return found;
  });
}

function compareSampled(reference: SampledCategories, current: SampledCategories, share: number): NewCategories {
  const fresh = [...current].filter(([value]) => !reference.has(value));
  return {
    reference: { rows: addUp(reference.values()), singletons: [...reference.values()].filter((n) => n === 1).length },
    current: { rows: addUp(current.values()), fresh: addUp(fresh.map(([, rows]) => rows)) },
    share,
    values: fresh
      .map(([value, rows]) => ({ value, rows }))
      .sort((a, b) => b.rows - a.rows || (a.value < b.value ? -1 : 1))
      .slice(0, namedAtMost),
  };
}

const namedAtMost = 10;

function addUp(counts: Iterable<number>): number {
  let sum = 0;
  for (const count of counts) sum += count;
  return sum;
}
