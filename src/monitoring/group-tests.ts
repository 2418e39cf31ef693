// Tests of one column whose rows depend on each other (of one user, of one day): whole groups change sides.
import type { Random } from "../statistics/rng.ts";
import { measureDesignEffect, permuteUnits, type UnitCounts } from "../statistics/unit-counts.ts";
import type { Column } from "../tables/table.ts";
import { characterClasses, findClasses } from "./character-classes.ts";
import { readNumbers } from "./joint-features.ts";

/** Rows of one side and the group of each; groups of the two sides are different units, also by the same key. */
export interface GroupedColumn {
  readonly column: Column;
  readonly units: Int32Array;
  readonly unitCount: number;
}

export interface GroupTest {
  /** (k + 1) / (B + 1). */
  readonly pValue: number;
  /** By how much a row says less than an independent one, per side, at least 1: rows / effective rows. */
  readonly designEffects: readonly [number, number];
}

export interface GroupTests {
  readonly values: GroupTest;
  readonly missing: GroupTest;
  readonly unlisted: GroupTest | null;
  /** Of texts: the largest change of the share that holds a class of characters; null for others. */
  readonly characters: GroupTest | null;
  readonly groups: { readonly reference: number; readonly current: number };
}

const mostCuts = 20;
const listed = 20;

/**
 * Permutation p-values over whole groups. Ordered columns by the largest distance of the distribution functions at twenty
 * pooled quantiles, categories by Pearson's statistic over the twenty largest of both sides and the rest, missing cells by
 * the difference of rates, categories that the reference does not have by the difference from what groups of the
 * reference bring anew (each left out in turn: Good and Turing's estimate with groups for rows).
 */
export function testGroups(
  reference: GroupedColumn,
  current: GroupedColumn,
  ordered: boolean,
  permutations: number,
  random: Random,
): GroupTests {
  const run = (cells: readonly [readonly Int32Array[], number], statistic: Statistic): GroupTest =>
    test(reference, current, cells, statistic, permutations, random);
  const missing = run([[markMissing(reference.column), markMissing(current.column)], 2], differOfSecond);
  const groups = { reference: reference.unitCount, current: current.unitCount };
  if (ordered) {
    const texts = [reference, current].every(({ column }) => !(column.values instanceof Float64Array));
    const { cells, statistic } = texts
      ? markClasses(reference.column, current.column)
      : { cells: null, statistic: distance };
    return {
      values: run(cutAtQuantiles(reference.column, current.column), distance),
      missing,
      unlisted: null,
      characters: cells && run(cells, statistic),
      groups,
    };
  }
  const unlisted = run([markUnlisted(reference, current), 2], riseOfSecond);
  const values = run(listCategories(reference.column, current.column), pearson);
  return { values, missing, unlisted, characters: null, groups };
}

/** Of the shares of both sides and the pooled ones. */
type Statistic = (reference: Float64Array, current: Float64Array, pooled: Float64Array) => number;

function test(
  reference: GroupedColumn,
  current: GroupedColumn,
  [cells, width]: readonly [readonly Int32Array[], number],
  statistic: Statistic,
  permutations: number,
  random: Random,
): GroupTest {
  const [left = new Int32Array(), right = new Int32Array()] = cells;
  const a = countUnits(left, reference, width);
  const b = countUnits(right, current, width);
  return {
    pValue: permuteUnits(a, b, statistic, permutations, random),
    designEffects: [measureDesignEffect(a, statistic === distance), measureDesignEffect(b, statistic === distance)],
  };
}

function countUnits(cells: Int32Array, { units, unitCount }: GroupedColumn, width: number): UnitCounts {
  const counts = new Float64Array(unitCount * width);
  cells.forEach((cell, row) => {
    if (cell >= 0) counts[(units[row] as number) * width + cell]! += 1;
  });
  return { units: unitCount, width, counts };
}

/** −1 = missing. */
function cutAtQuantiles(reference: Column, current: Column): readonly [readonly Int32Array[], number] {
  const sides = [readNumbers(reference), readNumbers(current)];
  const pooled = Float64Array.from(
    sides.flatMap((values) => Array.from(values).filter((value) => !Number.isNaN(value))),
  ).sort();
  const quantiles = Array.from(
    { length: mostCuts - 1 },
    (_, i) => pooled[Math.floor(((i + 1) * pooled.length) / mostCuts)] ?? 0,
  );
  const cuts = [...new Set(quantiles)].filter((cut) => cut > (pooled[0] ?? 0));
  const place = (value: number): number => {
    if (Number.isNaN(value)) return -1;
    let cell = 0;
    while (cell < cuts.length && value >= (cuts[cell] as number)) cell++;
    return cell;
  };
  return [sides.map((values) => Int32Array.from(values, place)), cuts.length + 1];
}

/** The largest of both sides together: which are chosen must not change when groups change sides. */
function listCategories(reference: Column, current: Column): readonly [readonly Int32Array[], number] {
  const counts = new Map<string, number>();
  for (const { values } of [reference, current])
    for (const value of values as readonly (string | null)[]) {
      if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
    }
  const top = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).slice(0, listed);
  const places = new Map(top.map(([value], i) => [value, i]));
  const place = (value: string | null): number => (value === null ? -1 : (places.get(value) ?? top.length));
  const sides = [reference, current].map(({ values }) => Int32Array.from(values as readonly (string | null)[], place));
  return [sides, top.length + 1];
}

/** Each set of classes that a text holds is a cell; the statistic is the largest change of a class's share over all cells. */
function markClasses(reference: Column, current: Column) {
  const sets = new Map<number, number>();
  const sides = [reference, current].map(({ values }) =>
    Int32Array.from(values as readonly (string | null)[], (text) => {
      if (text === null) return -1;
      const held = findClasses(text).reduce((set, holds, i) => set + (holds ? 2 ** i : 0), 0);
      const cell = sets.get(held) ?? sets.size;
      sets.set(held, cell);
      return cell;
    }),
  );
  const held = [...sets.keys()];
  const statistic: Statistic = (before, after) =>
    Math.max(
      ...characterClasses.map((_, i) =>
        Math.abs(
          held.reduce((sum, set, cell) => {
            const change = (after[cell] as number) - (before[cell] as number);
            return (set >> i) % 2 === 1 ? sum + change : sum;
          }, 0),
        ),
      ),
    );
  return { cells: [sides, Math.max(1, held.length)] as const, statistic };
}

function markMissing({ values }: Column): Int32Array {
  return Int32Array.from(values as readonly unknown[], (value) => Number(value === null || Number.isNaN(value)));
}

/** 1 where a category is in no other group of the reference. */
function markUnlisted(reference: GroupedColumn, current: GroupedColumn): readonly Int32Array[] {
  const owners = new Map<string, number>();
  (reference.column.values as readonly (string | null)[]).forEach((value, row) => {
    if (value === null) return;
    const unit = reference.units[row] as number;
    owners.set(value, (owners.get(value) ?? unit) === unit ? unit : -1);
  });
  const mark = (value: string | null, isNew: (value: string) => boolean): number =>
    value === null ? -1 : Number(isNew(value));
  return [
    Int32Array.from(reference.column.values as readonly (string | null)[], (value) =>
      mark(value, (v) => owners.get(v) !== -1),
    ),
    Int32Array.from(current.column.values as readonly (string | null)[], (value) => mark(value, (v) => !owners.has(v))),
  ];
}

function distance(reference: Float64Array, current: Float64Array): number {
  let difference = 0;
  let largest = 0;
  for (let i = 0; i < reference.length; i++) {
    difference += (reference[i] as number) - (current[i] as number);
    largest = Math.max(largest, Math.abs(difference));
  }
  return largest;
}

function pearson(reference: Float64Array, current: Float64Array, pooled: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < reference.length; i++) {
    const expected = pooled[i] as number;
    if (expected > 0) sum += ((reference[i] as number) - (current[i] as number)) ** 2 / expected;
  }
  return sum;
}

function differOfSecond(reference: Float64Array, current: Float64Array): number {
  return Math.abs((current[1] ?? 0) - (reference[1] ?? 0));
}

function riseOfSecond(reference: Float64Array, current: Float64Array): number {
  return (current[1] ?? 0) - (reference[1] ?? 0);
}
