// Which numeric columns go together otherwise than they did: told beside the tests, no test itself.
import { normalQuantile } from "../statistics/normal.ts";
import { listCorrelations, listPairs } from "./correlations.ts";
import type { Profile } from "./profile.ts";

export interface CorrelationChange {
  readonly x: string;
  readonly y: string;
  /** Pearson's. */
  readonly reference: number;
  readonly current: number;
}

export interface CorrelationChanges {
  /** Pairs that have a correlation on both sides. */
  readonly pairs: number;
  /** The clear changes, largest first, at most twenty. */
  readonly changed: readonly CorrelationChange[];
}

/** A change is told from here on, and beyond what chance alone gives any of the pairs. */
const smallestTold = 0.2;
const mostTold = 20;
/** Rows that a published correlation is taken to come from at most: profiles sample. */
const sampledAtLeast = 1024;

interface Known {
  readonly correlation: number;
  readonly rows: number;
}

/**
 * Pairs whose correlation changed by 0.2 or more and by more than Fisher's z of any pair would with a chance of 0.001 (rows
 * independent, numbers near normal). Null when a side holds no correlations, or they have no two columns in common.
 */
export function compareCorrelations(reference: Profile, current: Profile): CorrelationChanges | null {
  const before = readCorrelations(reference);
  const after = readCorrelations(current);
  const both = [...before].flatMap(([key, was]) => {
    const is = after.get(key);
    return is ? [{ key, was, is }] : [];
  });
  if (both.length === 0) return null;
  const limit = normalQuantile(1 - 0.0005 / both.length);
  const changed = both.filter(({ was, is }) => {
    const spread = Math.sqrt(1 / (was.rows - 3) + 1 / (is.rows - 3));
    const distance = Math.abs(Math.atanh(hold(is.correlation)) - Math.atanh(hold(was.correlation)));
    return Math.abs(is.correlation - was.correlation) >= smallestTold && distance > limit * spread;
  });
  return {
    pairs: both.length,
    changed: changed
      .map(({ key, was, is }): CorrelationChange => {
        const [x = "", y = ""] = JSON.parse(key) as string[];
        return { x, y, reference: was.correlation, current: is.correlation };
      })
      .sort((a, b) => Math.abs(b.current - b.reference) - Math.abs(a.current - a.reference))
      .slice(0, mostTold),
  };
}

/** By the pair of names in the order of the alphabet; pairs of fewer than ten rows and columns that are left out are not in it. */
function readCorrelations({ rows, columns, relations, publishedCorrelations }: Profile): ReadonlyMap<string, Known> {
  const compared = new Set(columns.map(({ name }) => name));
  const names = publishedCorrelations?.columns ?? [];
  const listed = relations
    ? listCorrelations(relations)
    : listPairs(names.length).map(([i, j], at) => ({
        x: names[i] as string,
        y: names[j] as string,
        rows: Math.min(rows, sampledAtLeast),
        correlation: publishedCorrelations?.values[at] ?? null,
      }));
  return new Map(
    listed.flatMap(({ x, y, rows: seen, correlation }) =>
      correlation === null || seen < 10 || !compared.has(x) || !compared.has(y)
        ? []
        : [[JSON.stringify(x < y ? [x, y] : [y, x]), { correlation, rows: seen }] as const],
    ),
  );
}

/** Away from ±1, where z is infinite. */
function hold(correlation: number): number {
  return Math.max(-0.999, Math.min(0.999, correlation));
}
