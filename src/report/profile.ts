// A profile for a terminal.
import { countDistinct, roleOf } from "../monitoring/column-summary.ts";
import { summarizeMoments } from "../monitoring/ordered-histogram.ts";
import type { ColumnProfile, Profile } from "../monitoring/profile.ts";
import { renderTextTable } from "./text-table.ts";

/** One line per column: type, values, missing, different values, mean and deviation. */
export function renderProfile(profile: Profile, sha256: string): string {
  const lines = profile.columns.map((column) => [
    column.name,
    roleOf(column),
    String(column.present),
    column.present + column.missing === 0
      ? ""
      : `${((100 * column.missing) / (column.present + column.missing)).toFixed(2)} %`,
    String(countDistinct(column) ?? `> ${column.values.keys.length}`),
    ...renderMoments(column),
  ]);
  const head = ["column", "type", "values", "missing", "different", "mean", "deviation"];
  const published =
    profile.smallestGroup === undefined ? "" : `; every value is shared by at least ${profile.smallestGroup} rows`;
  return `${profile.rows} rows, ${profile.columns.length} columns, sha256 ${sha256.slice(0, 12)}${published}\n\n${renderTextTable(head, lines, ["left", "left", "right", "right", "right", "right", "right"])}`;
}

function renderMoments(column: ColumnProfile): readonly [string, string] {
  if (column.type !== "numeric" || column.present === column.infinite) return ["", ""];
  const { mean, deviation } = summarizeMoments(column.values);
  return [mean.toPrecision(6), deviation.toPrecision(6)];
}
