// From decided columns to the verdict of the whole data set.
import { type ColumnDrift, type DriftOutcome, type DriftReport, firstOutcome } from "./drift-report.ts";

/** What a verdict may be weighed by: how much each column matters to the model, any non-negative scale. */
export type Importances = ReadonlyMap<string, number>;

/** Share of the total importance that drifted columns must carry when none of them is among the most important. */
const heavyShare = 0.1;

/**
 * The first of drift, insufficient, inconclusive, stable that a column has. With importances a drifted column counts only
 * when its own importance is at least half of the largest, or all drifted columns carry a tenth of the total; else it is
 * told and the verdict is `inconclusive` at most.
 */
export function decideVerdict(
  columns: readonly ColumnDrift[],
  importances: Importances | null = null,
): Pick<DriftReport, "verdict" | "reason"> {
  const drifted = columns.filter((column) => column.outcome === "drift");
  const verdict = firstOutcome(columns.map((column) => column.outcome));
  if (columns.length === 0) return { verdict: "insufficient", reason: "there is no column to compare" };
  if (drifted.length === 0) return { verdict, reason: describeQuiet(columns, verdict) };
  const told = `${drifted.length} of ${columns.length} columns drifted: ${drifted
    .slice(0, 5)
    .map((column) => `${column.name} (${column.reason})`)
    .join("; ")}${drifted.length > 5 ? "; …" : ""}`;
  if (!importances || weighsEnough(drifted, importances)) return { verdict: "drift", reason: told };
  const rest = firstOutcome([
    "inconclusive",
    ...columns.filter((column) => column.outcome !== "drift").map((column) => column.outcome),
  ]);
  return { verdict: rest, reason: `${told}; the model hardly uses them` };
}

function weighsEnough(drifted: readonly ColumnDrift[], importances: Importances): boolean {
  const values = [...importances.values()];
  const largest = Math.max(0, ...values);
  const total = values.reduce((sum, value) => sum + value, 0);
  const own = drifted.map((column) => importances.get(column.name) ?? 0);
  if (total === 0) return true;
  return own.some((value) => value >= largest / 2) || own.reduce((sum, value) => sum + value, 0) / total >= heavyShare;
}

function describeQuiet(columns: readonly ColumnDrift[], verdict: DriftOutcome): string {
  const count = (outcome: DriftOutcome): number => columns.filter((column) => column.outcome === outcome).length;
  if (verdict === "stable") return `all ${columns.length} columns are shown to be stable`;
  return `no column is shown to have drifted; ${count("stable")} stable, ${count("inconclusive")} inconclusive, ${count("insufficient")} with too few rows`;
}
