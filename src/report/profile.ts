// A profile for a terminal.
import { characterClasses } from "../monitoring/character-classes.ts";
import { countDistinct, roleOf } from "../monitoring/column-summary.ts";
import { listCorrelations, listPairs } from "../monitoring/correlations.ts";
import { mostBins, summarizeMoments } from "../monitoring/ordered-histogram.ts";
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
    renderDistinct(column),
    ...renderMoments(column),
  ]);
  const head = ["column", "type", "values", "missing", "different", "mean", "deviation"];
  const published =
    profile.smallestGroup === undefined ? "" : `; every value is shared by at least ${profile.smallestGroup} rows`;
  return `${profile.rows} rows, ${profile.columns.length} columns, sha256 ${sha256.slice(0, 12)}${published}\n\n${renderTextTable(head, lines, ["left", "left", "right", "right", "right", "right", "right"])}${renderCharacters(profile)}${renderCorrelations(profile)}`;
}

/** Exact up to as many as have bins of their own. */
function renderDistinct(column: ColumnProfile): string {
  const count = countDistinct(column);
  if (count === null) return `≥ ${column.values.keys.length}`;
  // An estimate is good for two digits.
  return count > mostBins ? `≈ ${Number(count.toPrecision(2))}` : String(count);
}

/** Of each column of texts, which share of them holds characters of each class. */
function renderCharacters(profile: Profile): string {
  const lines = profile.columns.flatMap(({ name, characters, present }) => {
    if (!characters || present === 0) return [];
    const shares = characters.flatMap((count, i) =>
      count === 0 ? [] : [`${characterClasses[i]?.name} ${percentOf(count / present)}`],
    );
    return [[name, shares.join(", ") || "no characters"]];
  });
  return lines.length === 0 ? "" : `\n\n${renderTextTable(["texts", "that hold"], lines, ["left", "left"])}`;
}

function percentOf(share: number): string {
  if (share === 1) return "all";
  return share < 0.001 ? "< 0.1 %" : share > 0.999 ? "> 99.9 %" : `${(share * 100).toFixed(1)} %`;
}

/** The pairs of numeric columns that go together most. */
function renderCorrelations(profile: Profile): string {
  const { relations, publishedCorrelations: published } = profile;
  const named = (relations ?? published)?.columns ?? [];
  const all = relations
    ? listCorrelations(relations)
    : listPairs(named.length).map(([i, j], at) => ({
        x: named[i] as string,
        y: named[j] as string,
        correlation: published?.values[at] ?? null,
      }));
  const strongest = all
    .flatMap(({ x, y, correlation }) => (correlation === null ? [] : [{ x, y, correlation }]))
    .filter(({ correlation }) => Math.abs(correlation) >= weakest)
    .sort((a, b) => Math.abs(b.correlation) - Math.abs(a.correlation))
    .slice(0, pairsShown);
  if (all.length === 0) return "";
  if (strongest.length === 0) return `\n\nNo two of ${named.length} numeric columns correlate by ${weakest} or more.`;
  const sampled = relations && relations.level > 0 ? " (from a sample of rows)" : "";
  const lines = strongest.map(({ x, y, correlation }) => [x, y, correlation.toFixed(2)]);
  return `\n\n${renderTextTable([`correlated${sampled}`, "with", "by"], lines, ["left", "left", "right"])}`;
}

const weakest = 0.3;
const pairsShown = 10;

function renderMoments(column: ColumnProfile): readonly [string, string] {
  if (column.type !== "numeric" || column.present === column.infinite) return ["", ""];
  const { mean, deviation } = summarizeMoments(column.values);
  // Of numbers near the largest double the sums have no double of their own.
  const show = (value: number): string => (Number.isFinite(value) ? value.toPrecision(6) : "too large");
  return [show(mean), show(deviation)];
}
