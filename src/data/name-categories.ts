// Names of the categories that two data sets have, by the hash that profiles keep of them.
import type { Context } from "../host/context.ts";
import { categoryHash } from "../json/digest.ts";
import type { CategoryNames } from "../monitoring/distribution.ts";
import { defaultSmallestGroup } from "../monitoring/published-profile.ts";
import type { ProfileOptions } from "./aggregate-engine.ts";
import { chooseEngine } from "./choose-engine.ts";

/**
 * By column, the values that at least ten rows of one of the sides have: what fewer have is nobody's to show. Reads the
 * named columns of both sources once more.
 */
export async function nameCategories(
  columns: readonly string[],
  sides: readonly { readonly source: string; readonly window?: ProfileOptions["window"] }[],
  missingValues: readonly string[] | undefined,
  context: Context,
): Promise<CategoryNames> {
  const names = new Map<string, Map<bigint, string>>();
  if (columns.length === 0) return names;
  for (const { source, window } of sides) {
    const engine = await chooseEngine(source);
    for (const [column, categories] of await engine.countCategories(
      source,
      { columns, missingValues, window },
      context,
    )) {
      const known = names.get(column) ?? new Map<bigint, string>();
      for (const { value, rows } of categories) {
        if (rows >= defaultSmallestGroup) known.set(categoryHash(value), value);
      }
      names.set(column, known);
    }
  }
  return names;
}
