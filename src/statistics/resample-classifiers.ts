// What classifiers are measured by, under resamples of rows or of groups of rows: sums of counts, and what depends on the order of a score.
import { flags, lanes } from "./count-kernels.ts";
import { rankLabels } from "./ranked-labels.ts";
import { openResampledCounts, type ResampledCounts, type RowList } from "./resampled-counts.ts";
import { createRandom, type Random } from "./rng.ts";

/** Labels are 1 or 0; equal scores are equal. */
export interface ScoredRows {
  readonly labels: Float64Array;
  readonly scores: Float64Array;
}

/** What is read from each resample. All readings of one call see the same resamples. */
export type Reading =
  /** Rows drawn of each cell: the draws of all cells, one after the other. */
  | { readonly of: "cells"; readonly cellOfRow: Int32Array; readonly cells: number }
  /** Area under the ROC curve, ties counting half; NaN without both classes. */
  | ({ readonly of: "area" } & ScoredRows)
  /** Precision averaged over the recall reached; NaN without positives. */
  | ({ readonly of: "average-precision" } & ScoredRows)
  /** Largest recall of a threshold with a false-positive rate of at most `rate`; NaN without both classes. */
  | ({ readonly of: "recall-within"; readonly rate: number } & ScoredRows);

/** How rows hang together: units are drawn, with the rows in them; null = every row is a unit. */
export interface ResampledUnits {
  readonly units: number;
  readonly unitOfRow: Int32Array | null;
}

/** Draws of each reading, in their order. The seed alone decides them: the same on every machine. */
export function resampleClassifiers(
  readings: readonly Reading[],
  layout: ResampledUnits,
  resamples: number,
  random: Random,
): readonly Float64Array[] {
  return readAll(readings, layout, resamples, random, (counts) => counts.draw());
}

/** Values of each reading without each unit in turn (jackknife). */
export function leaveOutOfClassifiers(readings: readonly Reading[], layout: ResampledUnits): readonly Float64Array[] {
  return readAll(readings, layout, layout.units, createRandom(""), (counts, first) => counts.leaveOut(first));
}

function readAll(
  readings: readonly Reading[],
  { units, unitOfRow }: ResampledUnits,
  times: number,
  random: Random,
  prepareNext: (counts: ResampledCounts, first: number) => void,
): readonly Float64Array[] {
  const prepared = readings.map((reading) => prepare(reading, unitOfRow, times));
  const { counts, rows } = openResampledCounts(
    units,
    random,
    prepared.flatMap(({ lists }) => lists),
  );
  let from = 0;
  const readers = prepared.map(({ lists, read }) => {
    from += lists.length;
    return { read, rows: rows.slice(from - lists.length, from) };
  });
  for (let first = 0; first < times; first += lanes) {
    prepareNext(counts, first);
    for (const { read, rows } of readers) read(counts, rows, first);
  }
  return prepared.map(({ draws }) => draws);
}

interface PreparedReading {
  readonly lists: readonly Uint32Array[];
  readonly draws: Float64Array;
  /** Writes the draws from `first` on, one per lane; those beyond the end fall away. */
  readonly read: (counts: ResampledCounts, rows: readonly RowList[], first: number) => void;
}

function prepare(reading: Reading, unitOfRow: Int32Array | null, resamples: number): PreparedReading {
  if (reading.of === "cells") return prepareCells(reading, unitOfRow, resamples);
  const draws = new Float64Array(resamples);
  const write = (first: number, measure: (lane: number) => number): void => {
    for (let lane = 0; lane < Math.min(lanes, resamples - first); lane += 1) draws[first + lane] = measure(lane);
  };
  if (reading.of === "area") {
    const lists = listAscending(reading, unitOfRow);
    return {
      lists,
      draws,
      read: (counts, rows, first) => {
        const [before, after] = rows.map((list) => counts.countPairs(list));
        const { positives, negatives, pairs } = before!;
        // Ties count half: the mean of where their negatives come first and where they come last.
        const all = after === undefined ? pairs : pairs.map((count, lane) => (count + after.pairs[lane]!) / 2);
        write(first, (lane) => all[lane]! / (positives[lane]! * negatives[lane]!));
      },
    };
  }
  const descending = listDescending(reading, unitOfRow);
  if (reading.of === "average-precision")
    return {
      lists: [descending],
      draws,
      read: (counts, [rows], first) => {
        const precision = counts.averagePrecision(rows!);
        write(first, (lane) => precision[lane]!);
      },
    };
  const { rate } = reading;
  const ofClass = (label: number) => descending.filter((word) => (word & flags.positive) === label);
  return {
    lists: [descending, ofClass(0), ofClass(1)],
    draws,
    read: (counts, [rows, negativeRows, positiveRows], first) => {
      const negatives = counts.sum(negativeRows!);
      const positives = counts.sum(positiveRows!);
      const found = counts.findWithin(
        rows!,
        negatives.map((count) => rate * count * (1 + 1e-12)),
      );
      write(first, (lane) => (negatives[lane]! > 0 ? found[lane]! / positives[lane]! : Number.NaN));
    },
  };
}

function prepareCells(
  { cellOfRow, cells }: Reading & { readonly of: "cells" },
  unitOfRow: Int32Array | null,
  resamples: number,
): PreparedReading {
  const sizes = new Uint32Array(cells);
  for (const cell of cellOfRow) sizes[cell] = sizes[cell]! + 1;
  const lists = Array.from(sizes, (size) => new Uint32Array(size));
  const filled = new Uint32Array(cells);
  cellOfRow.forEach((cell, row) => {
    lists[cell]![filled[cell]!] = referTo(row, unitOfRow);
    filled[cell] = filled[cell]! + 1;
  });
  const draws = new Float64Array(resamples * cells);
  return {
    lists,
    draws,
    read: (counts, rows, first) => {
      rows.forEach((list, cell) => {
        const sums = counts.sum(list);
        for (let lane = 0; lane < Math.min(lanes, resamples - first); lane += 1)
          draws[cell * resamples + first + lane] = sums[lane]!;
      });
    },
  };
}

function referTo(row: number, unitOfRow: Int32Array | null): number {
  return (unitOfRow === null ? row : unitOfRow[row]!) * lanes;
}

/** Rows by ascending score, among equal scores negatives first; where that matters, a second list with positives first. */
function listAscending({ labels, scores }: ScoredRows, unitOfRow: Int32Array | null): readonly Uint32Array[] {
  const { order, ends, positive } = rankLabels(labels, scores);
  const list = (early: number): Uint32Array => {
    const words = new Uint32Array(order.length);
    let [start, to] = [0, 0];
    for (const end of ends) {
      for (const label of [early, 1 - early])
        for (let rank = start; rank < end; rank += 1) {
          if (positive[rank] !== label) continue;
          words[to] = referTo(order[rank]!, unitOfRow) | (label * flags.positive);
          to += 1;
        }
      start = end;
    }
    return words;
  };
  return hasMixedTie(ends, positive) ? [list(0), list(1)] : [list(0)];
}

function hasMixedTie(ends: Uint32Array, positive: Uint8Array): boolean {
  let start = 0;
  for (const end of ends) {
    for (let rank = start + 1; rank < end; rank += 1) if (positive[rank] !== positive[start]) return true;
    start = end;
  }
  return false;
}

/** Rows by descending score, with a mark at the end of equal scores among which is a positive. */
function listDescending({ labels, scores }: ScoredRows, unitOfRow: Int32Array | null): Uint32Array {
  const { order, ends, positive } = rankLabels(labels, scores);
  const words = new Uint32Array(order.length);
  let to = 0;
  for (let tie = ends.length - 1; tie >= 0; tie -= 1) {
    let found = 0;
    for (let rank = tie === 0 ? 0 : ends[tie - 1]!; rank < ends[tie]!; rank += 1) {
      words[to] = referTo(order[rank]!, unitOfRow) | (positive[rank]! * flags.positive);
      found |= positive[rank]!;
      to += 1;
    }
    words[to - 1] = words[to - 1]! | (found * flags.closesTie);
  }
  return words;
}
