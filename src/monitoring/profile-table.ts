// The profile of a table in memory: the same, to the byte, as the query engine computes from the file.
import { categoryHash } from "../json/digest.ts";
import type { Column, Table } from "../tables/table.ts";
import { countCharacterClasses } from "./character-classes.ts";
import { summarizeRelations } from "./correlations.ts";
import { sketchHashes } from "./distinct-sketch.ts";
import { sketchKeys } from "./number-sketch.ts";
import { createHistogram, fitHistogram, type OrderedHistogram, orderedBits, type Scale } from "./ordered-histogram.ts";
import type { ColumnProfile, Profile } from "./profile.ts";
import { createRowSampler, mostRelated } from "./row-sample.ts";

/** Profiles every column; `text` columns are profiled as categorical, which is what their role is told from. */
export function profileTable(table: Table): Profile {
  const columns = [...table.columns.values()];
  const related = columns.filter(({ type }) => type === "numeric").slice(0, mostRelated);
  const sampler = createRowSampler(related.length);
  if (related.length > 1) {
    sampler.add(
      related.map(({ values }) => values as Float64Array),
      table.rows,
    );
  }
  return {
    rows: table.rows,
    columns: columns.map(profileColumn),
    relations: summarizeRelations(
      related.map(({ name }) => name),
      sampler.finish(),
    ),
  };
}

/** Profiles one column. */
export function profileColumn(column: Column): ColumnProfile {
  return column.values instanceof Float64Array
    ? profileNumbers(column.name, column.type as "numeric" | "datetime", column.values)
    : profileTexts(column.name, column.type === "boolean" ? "boolean" : "categorical", column.values);
}

function profileNumbers(name: string, type: "numeric" | "datetime", values: Float64Array): ColumnProfile {
  const counts = new Map<number, number>();
  let present = 0;
  let infinite = 0;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    present++;
    if (!Number.isFinite(value)) infinite++;
    counts.set(value + 0, (counts.get(value + 0) ?? 0) + 1);
  }
  const toKey = type === "numeric" ? orderedBits : (value: number): bigint => BigInt(Math.round(value * 1000));
  const scale: Scale = type === "numeric" ? "double" : "integer";
  const counted = new Map([...counts].map(([value, count]) => [toKey(value), count]));
  const every = buildHistogram(scale, counted);
  const histogram = fitHistogram(every);
  return {
    name,
    type,
    present,
    missing: values.length - present,
    infinite,
    values: histogram,
    lengths: null,
    characters: null,
    distinct: histogram.shift === 0 ? null : sketchKeys(every.keys),
  };
}

function profileTexts(
  name: string,
  type: "categorical" | "boolean",
  values: readonly (string | null)[],
): ColumnProfile {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  return profileCountedTexts(name, type, counts, values.length);
}

/** Profiles a column of `rows` texts of which `counts` tells how often each occurs; the others are missing. */
export function profileCountedTexts(
  name: string,
  type: "categorical" | "boolean",
  counts: ReadonlyMap<string, number>,
  rows: number,
): ColumnProfile {
  const hashes = new Map<bigint, number>();
  const lengths = new Map<bigint, number>();
  let present = 0;
  for (const [text, count] of counts) {
    const hash = categoryHash(text);
    const length = BigInt([...text].length);
    hashes.set(hash, (hashes.get(hash) ?? 0) + count);
    lengths.set(length, (lengths.get(length) ?? 0) + count);
    present += count;
  }
  const histogram = fitHistogram(buildHistogram("hash", hashes));
  return {
    name,
    type,
    present,
    missing: rows - present,
    infinite: 0,
    values: histogram,
    lengths: type === "boolean" ? null : fitHistogram(buildHistogram("integer", lengths)),
    characters: type === "boolean" ? null : countCharacterClasses(counts),
    distinct: histogram.shift === 0 ? null : sketchHashes([...hashes.keys()]),
  };
}

function buildHistogram(scale: Scale, counts: ReadonlyMap<bigint, number>): OrderedHistogram {
  const entries = [...counts].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return createHistogram(
    scale,
    0,
    entries.map(([key]) => key),
    entries.map(([, count]) => count),
  );
}
