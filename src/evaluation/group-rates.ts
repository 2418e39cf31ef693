// Rates of a decision in groups of people, and how far apart they are: the base of the fairness metrics.
import { z } from "zod";
import { type Inference, inferNormal } from "../statistics/inference.ts";
import { type GroupContrast, inferLargestContrast } from "../statistics/largest-contrast.ts";
import type { Random } from "../statistics/rng.ts";
import type { Column } from "../tables/table.ts";
import { UndefinedMetric } from "./metric.ts";
import type { MetricRows } from "./metric-rows.ts";
import type { SpreadStatistic } from "./statistic.ts";

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

interface GroupShare {
  readonly rate: number;
  readonly group: string;
  readonly hits: number;
  readonly trials: number;
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
  const groups = nameGroups(rows, by.split("+"));
  const shares = rates.flatMap((rate, index) => countShares(rows, groups, rate, index, min, by));
  const names = new Set(shares.map(({ group }) => group));
  if (names.size < 2) throw new UndefinedMetric(`${by} has fewer than two groups`);
  if (reference !== null && !names.has(reference)) throw new UndefinedMetric(`${by} has no group "${reference}"`);
  const value = (share: GroupShare): number =>
    form === "difference" ? share.hits / share.trials : -Math.log(share.hits / share.trials);
  const contrasts: GroupContrast[] = [];
  shares.forEach((first, at) => {
    shares.forEach((second, other) => {
      if (at === other || first.rate !== second.rate) return;
      if (reference !== null && second.group !== reference) return;
      contrasts.push({ first: at, second: other, value: subtract(value(first), value(second)) });
    });
  });
  return {
    kind: "spread",
    value: toForm(Math.max(...contrasts.map((contrast) => contrast.value)), form),
    infer:
      rows.weights === null && rows.clusters === null ? (random) => inferSpread(contrasts, shares, form, random) : null,
  };
}

/** Two rates of 0 are equal, also as logarithms. */
function subtract(left: number, right: number): number {
  return left === right ? 0 : left - right;
}

function toForm(contrast: number, form: "difference" | "ratio"): number {
  return form === "difference" ? contrast : Math.exp(-contrast);
}

function inferSpread(
  contrasts: readonly GroupContrast[],
  shares: readonly GroupShare[],
  form: "difference" | "ratio",
  random: Random,
): Inference {
  // Variances from rates moved towards a half (Agresti and Caffo 2000), so that a rate of 0 or 1 in a small group is not certain.
  const variances = shares.map(({ hits, trials }) => {
    const rate = (hits + 1) / (trials + 2);
    return form === "difference" ? (rate * (1 - rate)) / (trials + 2) : (1 - rate) / (rate * (trials + 2));
  });
  if (!contrasts.every(({ value }) => Number.isFinite(value))) return inferNormal(Number.NaN, 0);
  const inner = inferLargestContrast(contrasts, variances, random);
  if (form === "difference")
    return {
      ...inner,
      interval: (confidence) => {
        const [low, high] = inner.interval(confidence);
        return [Math.max(0, low), Math.min(1, high)];
      },
    };
  return {
    estimate: toForm(inner.estimate, form),
    standardError: inner.standardError * toForm(inner.estimate, form),
    interval: (confidence) => {
      const [low, high] = inner.interval(confidence);
      return [toForm(high, form), toForm(low, form)];
    },
    pValueAbove: (limit) => (limit > 0 ? inner.pValueBelow(-Math.log(limit)) : 0),
    pValueBelow: (limit) => (limit > 0 ? inner.pValueAbove(-Math.log(limit)) : 1),
  };
}

function nameGroups(rows: MetricRows, names: readonly string[]): readonly (string | null)[] {
  const columns = names.map((name): Column => {
    const column = rows.columns.get(name);
    if (column === undefined) throw new UndefinedMetric(`the data has no column "${name}"`);
    return column;
  });
  return Array.from({ length: rows.rows }, (_, row) => {
    const cells = columns.map(({ values }) => values[row] ?? null);
    return cells.some((cell) => cell === null || Number.isNaN(cell)) ? null : cells.join("+");
  });
}

function countShares(
  rows: MetricRows,
  groups: readonly (string | null)[],
  rate: Rate,
  index: number,
  min: number,
  by: string,
): readonly GroupShare[] {
  const counts = new Map<string, { hits: number; trials: number; rows: number }>();
  for (let row = 0; row < rows.rows; row += 1) {
    const group = groups[row] ?? null;
    if (group === null) continue;
    const count = counts.get(group) ?? { hits: 0, trials: 0, rows: 0 };
    counts.set(group, count);
    const [label, decided] = [rows.labels[row]!, rows.predicted[row]!];
    if (!rate.counts(label, decided)) continue;
    const weight = rows.weights?.[row] ?? 1;
    count.rows += 1;
    count.trials += weight;
    if (rate.hits(label, decided)) count.hits += weight;
  }
  if (counts.size > 100) throw new UndefinedMetric(`${by} has ${counts.size} groups, at most 100 can be compared`);
  return [...counts].map(([group, { hits, trials, rows: seen }]) => {
    if (seen < min || trials === 0)
      throw new UndefinedMetric(`insufficient: ${by}=${group} has ${seen} ${rate.name}, at least ${min} are needed`);
    return { rate: index, group, hits, trials };
  });
}
