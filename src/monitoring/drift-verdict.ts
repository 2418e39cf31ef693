// From decided columns to the verdict of the whole data set.

import { type ColumnDrift, type DriftOutcome, type DriftReport, firstOutcome } from "./drift-report.ts";
import type { MultivariateDrift } from "./multivariate-report.ts";

/** How much a column matters to the model, on any scale; `interval` null = given by people, without doubt. */
export interface Importance {
  readonly value: number;
  readonly interval: readonly [number, number] | null;
}

export type Importances = ReadonlyMap<string, Importance>;

/** Importances that people gave: without doubt. */
export function giveImportances(weights: Readonly<Record<string, number>>): Importances {
  return new Map(Object.entries(weights).map(([name, value]) => [name, { value, interval: null }]));
}

/** Share of the total importance that drifted columns must carry when none of them is among the most important. */
const heavyShare = 0.1;

/**
 * The first of drift, insufficient, inconclusive, stable that a column has; a column that is gone from the current data
 * counts as insufficient. With importances a drifted column whose importance is not shown to be above 0 (the interval's
 * low end, or the value itself) only warns; the others make drift when one of them has at least half of the largest
 * importance, or all of them a tenth of the total. A column without an importance counts fully. Where nothing is shown
 * to matter, importances decide nothing.
 */
export function decideVerdict(
  columns: readonly ColumnDrift[],
  importances: Importances | null = null,
  gone: readonly string[] = [],
): Pick<DriftReport, "verdict" | "reason" | "importance"> {
  const drifted = columns.filter((column) => column.outcome === "drift").sort((a, b) => b.effect - a.effect);
  const outcomes = [...columns.map(({ outcome }) => outcome), ...gone.map(() => "insufficient" as const)];
  const lost = gone.length === 0 ? "" : `; ${describeGone(gone)}`;
  if (columns.length === 0) {
    return { verdict: "insufficient", reason: `there is no column to compare${lost}`, importance: null };
  }
  const verdict = firstOutcome(outcomes);
  if (drifted.length === 0) return { verdict, reason: describeQuiet(columns, verdict) + lost, importance: null };
  const told = `${drifted.length} of ${columns.length} columns drifted: ${drifted
    .slice(0, 5)
    .map((column) => `${column.name} (${column.reason})`)
    .join("; ")}${drifted.length > 5 ? "; …" : ""}`;
  const weighed = importances === null ? null : weighDrift(drifted, importances);
  if (weighed === null) return { verdict: "drift", reason: told + lost, importance: null };
  const { words, counts, ...importance } = weighed;
  const reason = `${told}; ${words}${lost}`;
  if (counts) return { verdict: "drift", reason, importance };
  return {
    verdict: firstOutcome(["inconclusive", ...outcomes.filter((outcome) => outcome !== "drift")]),
    reason,
    importance,
  };
}

/** Rows that have moved as a whole are drift, whatever single columns show; anything else about them changes nothing. */
export function addJointVerdict<T extends Pick<DriftReport, "verdict" | "reason">>(
  verdict: T,
  multivariate: MultivariateDrift | null,
): T {
  if (multivariate?.outcome !== "drift") return verdict;
  return { ...verdict, verdict: "drift", reason: `${multivariate.reason}; column by column: ${verdict.reason}` };
}

interface Weighed {
  readonly driftedShare: number;
  readonly threshold: number;
  readonly counts: boolean;
  readonly words: string;
}

/** Null when no importance is shown to be above 0: then every column counts. */
function weighDrift(drifted: readonly ColumnDrift[], importances: Importances): Weighed | null {
  const shown = new Map([...importances].filter(([, importance]) => isShown(importance)));
  const values = [...shown.values()].map(({ value }) => value);
  const total = values.reduce((sum, value) => sum + value, 0);
  if (!(total > 0)) return null;
  const largest = Math.max(...values);
  const unknown = drifted.filter(({ name }) => !importances.has(name));
  const own = drifted.flatMap(({ name }) => shown.get(name)?.value ?? []);
  const driftedShare = own.reduce((sum, value) => sum + value, 0) / total;
  const leading = own.some((value) => value >= largest / 2);
  const carried = `the drifted columns carry ${(driftedShare * 100).toFixed(1)} % of the importance to the model`;
  const words =
    unknown.length > 0
      ? `the importance of ${unknown.length === 1 ? unknown[0]?.name : `${unknown.length} of them`} is not known, so it counts`
      : leading
        ? `${carried}, and one of them is among the most important`
        : driftedShare >= heavyShare
          ? carried
          : own.length === 0
            ? "no importance of theirs to the model is shown to be above 0, so they only warn"
            : `${carried}, less than ${heavyShare * 100} %, so they only warn`;
  return {
    driftedShare,
    threshold: heavyShare,
    counts: unknown.length > 0 || leading || driftedShare >= heavyShare,
    words,
  };
}

function isShown({ value, interval }: Importance): boolean {
  return value > 0 && (interval === null || interval[0] > 0);
}

function describeGone(gone: readonly string[]): string {
  const named = gone.slice(0, 5).join(", ") + (gone.length > 5 ? ", …" : "");
  return `${gone.length === 1 ? "a column of the reference is" : `${gone.length} columns of the reference are`} not in the current data: ${named}`;
}

function describeQuiet(columns: readonly ColumnDrift[], verdict: DriftOutcome): string {
  const count = (outcome: DriftOutcome): number => columns.filter((column) => column.outcome === outcome).length;
  if (verdict === "stable") return `all ${columns.length} columns are shown to be stable`;
  return `no column is shown to have drifted; ${count("stable")} stable, ${count("inconclusive")} inconclusive, ${count("insufficient")} with too few rows`;
}
