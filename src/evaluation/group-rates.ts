// Rates of a decision in groups of people, and how far apart they are: the base of the fairness metrics.
import { z } from "zod";
import type { GroupContrast } from "../statistics/largest-contrast.ts";
import type { Column } from "../tables/table.ts";
import { UndefinedMetric } from "./metric.ts";
import type { MetricRows } from "./metric-rows.ts";
import type { GroupShare, SpreadStatistic } from "./statistic.ts";

/** More groups than this are names of rows, not groups. */
export const mostGroups = 100;

/** `by`: a column, or several joined by `+`; `min`: fewest rows of a group that make a rate (default 10). */
export const groupOptions = z.strictObject({
  by: z.string().min(1),
  min: z.number().int().min(1).default(10),
});

/** Which rows a rate is taken over, and which of them hit. */
export interface Rate {
  readonly name: string;
  readonly counts: (label: number, decided: number) => boolean;
  readonly hits: (label: number, decided: number) => boolean;
}

export const selectionRate: Rate = { name: "rows", counts: () => true, hits: (_, decided) => decided === 1 };
export const truePositiveRate: Rate = {
  name: "positive rows",
  counts: (label) => label === 1,
  hits: (_, decided) => decided === 1,
};
export const falsePositiveRate: Rate = {
  name: "negative rows",
  counts: (label) => label === 0,
  hits: (_, decided) => decided === 1,
};
export const positivePredictiveValue: Rate = {
  name: "rows decided positive",
  counts: (_, decided) => decided === 1,
  hits: (label) => label === 1,
};

/** The rows of a group that a rate is taken over, with the weights they have. */
export interface GroupCounts {
  readonly group: string;
  readonly rows: number;
  readonly hits: number;
  readonly trials: number;
}

/** `names` in the order of their first rows; a row's −1 means none of them. */
export interface RowGroups {
  readonly names: readonly string[];
  readonly groupOfRow: Int32Array;
}

/** The group of every row, named by the values of the columns; rows where a value is missing have none. Throws UndefinedMetric without such a column. */
export function findGroups(rows: Pick<MetricRows, "columns" | "rows">, names: readonly string[]): RowGroups {
  const columns = names.map((name): Column => {
    const column = rows.columns.get(name);
    if (column === undefined) throw new UndefinedMetric(`the data has no column "${name}"`);
    return column;
  });
  const numbers = new Map<string, number>();
  const groupOfRow = Int32Array.from({ length: rows.rows }, (_, row) => {
    const cells = columns.map(({ values }) => values[row] ?? null);
    if (cells.some((cell) => cell === null || Number.isNaN(cell))) return -1;
    const name = cells.join("+");
    const known = numbers.get(name) ?? numbers.size;
    numbers.set(name, known);
    return known;
  });
  return { names: [...numbers.keys()], groupOfRow };
}

/** Counts of one rate in each group, in the order of `names`. */
export function countGroups(rows: MetricRows, groups: RowGroups, rate: Rate): readonly GroupCounts[] {
  const counts = groups.names.map((group) => ({ group, rows: 0, hits: 0, trials: 0 }));
  for (let row = 0; row < rows.rows; row += 1) {
    const count = counts[groups.groupOfRow[row]!];
    const [label, decided] = [rows.labels[row]!, rows.predicted[row]!];
    if (count === undefined || !rate.counts(label, decided)) continue;
    const weight = rows.weights?.[row] ?? 1;
    count.rows += 1;
    count.trials += weight;
    if (rate.hits(label, decided)) count.hits += weight;
  }
  return counts;
}

/**
 * Largest difference between groups (`difference`, ≥ 0) or smallest ratio (`ratio`, ≤ 1; against `reference` if given) of each rate, the worst of all
 * rates. Throws UndefinedMetric when a group has fewer than `min` rows to take a rate over: insufficient is not fair.
 */
export function spreadRates(
  rows: MetricRows,
  rates: readonly Rate[],
  { by, min }: z.infer<typeof groupOptions>,
  form: "difference" | "ratio",
  reference: string | null = null,
): SpreadStatistic {
  const groups = findGroups(rows, by.split("+"));
  if (groups.names.length > mostGroups)
    throw new UndefinedMetric(`${by} has ${groups.names.length} groups, at most ${mostGroups} can be compared`);
  for (const rate of rates)
    for (const { group, rows: seen, trials } of countGroups(rows, groups, rate))
      if (seen < min || trials === 0) throw new UndefinedMetric(describeInsufficient(by, group, seen, rate, min));
  if (groups.names.length < 2) throw new UndefinedMetric(`${by} has fewer than two groups`);
  if (reference !== null && !groups.names.includes(reference))
    throw new UndefinedMetric(`${by} has no group "${reference}"`);
  return spreadGroups(rows, groups, rates, form, reference);
}

/** Why a group has no rate: the words that reports know it by. */
export function describeInsufficient(by: string, group: string, rows: number, rate: Rate, min: number): string {
  return `insufficient: ${by}=${group} has ${rows} ${rate.name}, at least ${min} are needed`;
}

/** The same over the given groups, at least two, each with rows to take every rate over. */
export function spreadGroups(
  rows: MetricRows,
  groups: RowGroups,
  rates: readonly Rate[],
  form: "difference" | "ratio",
  reference: string | null = null,
): SpreadStatistic {
  const shares = rates.flatMap((rate, index) =>
    countGroups(rows, groups, rate).map(({ group, hits, trials }) => ({ rate: index, group, hits, trials })),
  );
  const contrasts = contrastShares(shares, form, reference);
  return {
    kind: "spread",
    value: toForm(Math.max(...contrasts.map((contrast) => contrast.value)), form),
    form,
    shares,
    contrasts,
    groupOfRow: groups.groupOfRow,
    outcomes: rates.map((rate) =>
      Int8Array.from({ length: rows.rows }, (_, row) => {
        const [label, decided] = [rows.labels[row]!, rows.predicted[row]!];
        return rate.counts(label, decided) ? Number(rate.hits(label, decided)) : -1;
      }),
    ),
  };
}

function contrastShares(
  shares: readonly GroupShare[],
  form: "difference" | "ratio",
  reference: string | null,
): readonly GroupContrast[] {
  const value = (share: GroupShare): number =>
    form === "difference" ? share.hits / share.trials : -Math.log(share.hits / share.trials);
  return shares.flatMap((first, at) =>
    shares.flatMap((second, other) => {
      if (at === other || first.rate !== second.rate) return [];
      if (reference !== null && second.group !== reference) return [];
      return [{ first: at, second: other, value: subtract(value(first), value(second)) }];
    }),
  );
}

/** Two rates of 0 are equal, also as logarithms. */
function subtract(left: number, right: number): number {
  return left === right ? 0 : left - right;
}

/** From the largest contrast to the metric: the difference itself, or the ratio whose −log it is. */
export function toForm(contrast: number, form: "difference" | "ratio"): number {
  return form === "difference" ? contrast : Math.exp(-contrast);
}
