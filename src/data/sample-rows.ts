// A bounded sample of rows as SQL, chosen by MD5 so that every machine chooses the same.
import type { Scan } from "./scan.ts";
import { quoteText } from "./sql.ts";
import { unknownColumn } from "./window.ts";

export interface SampleOptions {
  readonly rows: number;
  readonly seed: string;
  /** Column or day of a time column whose rows belong together: whole groups are chosen, and of each as many rows as fit. Rows without a key are left out. */
  readonly group?: { readonly column: string; readonly byDay: boolean } | undefined;
}

/** Groups chosen at most. */
export const mostGroups = 2000;

/** What goes after FROM: the chosen rows of the relation in the order of the choice, with all their columns. */
export function renderSample(scan: Scan, where: string, sample: SampleOptions, source: string): string {
  const numbered = `(SELECT *, row_number() OVER () AS "modelgate row" FROM ${scan.relation} WHERE ${where})`;
  const seed = quoteText(sample.seed);
  const chance = `md5_number_lower(concat("modelgate row", ':', ${seed}))`;
  if (!sample.group) return `${numbered} ORDER BY ${chance}, "modelgate row" LIMIT ${sample.rows}`;
  const { column, byDay } = sample.group;
  const found = scan.columns.find(({ name }) => name === column);
  if (!found) throw unknownColumn(column, scan.columns, source);
  const key = byDay ? `CAST(CAST(${found.expression} AS DATE) AS VARCHAR)` : `CAST(${found.expression} AS VARCHAR)`;
  const keyed = `(SELECT *, ${key} AS "modelgate key" FROM ${numbered})`;
  const ranked = `(SELECT *, dense_rank() OVER (ORDER BY md5_number_lower(concat("modelgate key", ':', ${seed})), "modelgate key") AS "modelgate group", row_number() OVER (PARTITION BY "modelgate key" ORDER BY ${chance}) AS "modelgate place" FROM ${keyed} WHERE "modelgate key" IS NOT NULL)`;
  const groups = `(SELECT *, max("modelgate group") OVER () AS "modelgate groups" FROM ${ranked})`;
  return `${groups} WHERE "modelgate group" <= ${mostGroups} AND "modelgate place" <= greatest(1, ${sample.rows} // least(${mostGroups}, "modelgate groups")) ORDER BY "modelgate group", "modelgate place"`;
}
