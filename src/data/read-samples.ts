// The rows of ordered columns, sorted: what exact comparisons are made on.
import type { Context } from "../host/context.ts";
import type { SamplePair } from "../monitoring/column-pair.ts";
import type { Profile } from "../monitoring/profile.ts";
import { materialize } from "./materialize.ts";
import { withData } from "./open-data.ts";
import { type DataWindows, renderWindow } from "./window.ts";

interface Side {
  readonly source: string;
  readonly window?: DataWindows | undefined;
}

/** Values of the numeric columns of `profile` on both sides, sorted ascending by the engine, without missing ones. */
export async function readSamples(
  sides: { readonly reference: Side; readonly current: Side; readonly missingValues?: readonly string[] | undefined },
  profile: Profile,
  context: Context,
): Promise<ReadonlyMap<string, SamplePair>> {
  const names = profile.columns.filter((column) => column.type === "numeric").map((column) => column.name);
  const reference = await readSorted(sides.reference, names, sides.missingValues, context);
  const current = await readSorted(sides.current, names, sides.missingValues, context);
  const pairs = new Map<string, SamplePair>();
  for (const [name, values] of reference) {
    const other = current.get(name);
    if (other) pairs.set(name, { reference: values, current: other });
  }
  return pairs;
}

async function readSorted(
  side: Side,
  names: readonly string[],
  missingValues: readonly string[] | undefined,
  context: Context,
): Promise<Map<string, Float64Array>> {
  return withData(side.source, { missingValues, columns: names, window: side.window }, context, async (scan) => {
    const where = renderWindow(side.window, scan.columns, side.source);
    const from = await materialize(scan, where, ({ name, type }) => type === "numeric" && names.includes(name));
    const found = new Map<string, Float64Array>();
    for (const column of from.columns.filter(({ name, type }) => type === "numeric" && names.includes(name))) {
      const sql = `SELECT ${column.expression} AS v FROM ${from.relation} WHERE ${from.where} AND (${column.expression}) IS NOT NULL`;
      found.set(column.name, (await scan.engine.readNumbers(sql)).sort());
    }
    return found;
  });
}
