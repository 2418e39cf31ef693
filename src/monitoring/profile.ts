// A profile: what is kept of a data set instead of its rows. Profiles of parts merge to the profile of the whole.
import { mergeCharacterClasses } from "./character-classes.ts";
import { mergeRelations, type Relations } from "./correlations.ts";
import { mergeDistinct, sketchHashes } from "./distinct-sketch.ts";
import { sketchKeys } from "./number-sketch.ts";
import { mergeHistograms, type OrderedHistogram } from "./ordered-histogram.ts";

export type ProfileColumnType = "numeric" | "categorical" | "boolean" | "datetime";

/**
 * One column. Strings are kept as counts of their hashes and lengths: no text of any value is in a profile. `values` is,
 * by type: numbers as doubles; times as microseconds since 1970; texts by `categoryHash`.
 */
export interface ColumnProfile {
  readonly name: string;
  readonly type: ProfileColumnType;
  /** Values that are not missing, infinities included. */
  readonly present: number;
  readonly missing: number;
  /** +Infinity or −Infinity (numbers only). */
  readonly infinite: number;
  readonly values: OrderedHistogram;
  /** Lengths in characters (texts only). */
  readonly lengths: OrderedHistogram | null;
  /** Texts that hold each of `characterClasses` (texts only); null or absent when not counted. */
  readonly characters?: readonly number[] | null;
  /** HyperLogLog registers of the values' hashes; null while every value has its own bin. */
  readonly distinct: readonly number[] | null;
  /** Different texts, in a published profile only: its bins no longer tell. */
  readonly distinctCount?: number;
}

export interface Profile {
  readonly rows: number;
  /** Only in a published profile: rows that share every value it tells (see `publishProfile`). */
  readonly smallestGroup?: number;
  /** In the order of the data. */
  readonly columns: readonly ColumnProfile[];
  /** How the first numeric columns go together; null for fewer than two, absent in a published profile. */
  readonly relations?: Relations | null;
  /** In a published profile: correlations in steps of 0.05; null when too few rows have both. */
  readonly publishedCorrelations?: {
    readonly columns: readonly string[];
    readonly values: readonly (number | null)[];
  };
}

/** Why two profiles cannot be merged, in words; null when they can. */
export function findMergeProblem(a: Profile, b: Profile): string | null {
  const smallest = a.smallestGroup ?? b.smallestGroup;
  if (smallest !== undefined) {
    return `one is published with groups of at least ${smallest} rows, which cannot be taken apart; merge first, publish then`;
  }
  const names = (profile: Profile): string => profile.columns.map((column) => column.name).join(", ");
  if (a.columns.length !== b.columns.length || a.columns.some((column, i) => column.name !== b.columns[i]?.name)) {
    return `they have other columns: ${names(a)} and ${names(b)}`;
  }
  const differing = a.columns.find((column, i) => column.type !== b.columns[i]?.type);
  if (!differing) return null;
  const other = b.columns.find((column) => column.name === differing.name);
  return `column ${JSON.stringify(differing.name)} is ${differing.type} in one and ${other?.type} in the other`;
}

/** The profile of all rows of both; they must have the same columns and types (see `findMergeProblem`). */
export function mergeProfiles(a: Profile, b: Profile): Profile {
  return {
    rows: a.rows + b.rows,
    columns: a.columns.map((column, i) => mergeColumns(column, b.columns[i] as ColumnProfile)),
    relations: mergeRelations(a.relations ?? null, b.relations ?? null),
  };
}

function mergeColumns(a: ColumnProfile, b: ColumnProfile): ColumnProfile {
  const values = mergeHistograms(a.values, b.values);
  return {
    name: a.name,
    type: a.type,
    present: a.present + b.present,
    missing: a.missing + b.missing,
    infinite: a.infinite + b.infinite,
    values,
    lengths: a.lengths && b.lengths ? mergeHistograms(a.lengths, b.lengths) : null,
    characters: mergeCharacterClasses(a.characters, b.characters),
    distinct: mergeSketches(a, b, values),
  };
}

/** Registers are only kept when the merged counts have lost some values. Null too where a part does not tell. */
function mergeSketches(a: ColumnProfile, b: ColumnProfile, merged: OrderedHistogram): readonly number[] | null {
  if (merged.shift === 0) return null;
  const [left, right] = [sketchColumn(a), sketchColumn(b)];
  return left && right && mergeDistinct(left, right);
}

function sketchColumn({ distinct, values }: ColumnProfile): readonly number[] | null {
  if (distinct || values.shift > 0) return distinct;
  return values.scale === "hash" ? sketchHashes(values.keys) : sketchKeys(values.keys);
}
