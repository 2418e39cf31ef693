// Rows counted by (label, what the baseline decides, what the candidate decides): all that confusion metrics depend on.
import type { PairedCounts } from "../statistics/paired-proportions.ts";
import type { ConfusionStatistic } from "./statistic.ts";

export interface CellTable {
  /** Counts plus prior of every cell. */
  readonly parameters: Float64Array;
  /** Sum of the parameters. */
  readonly rows: number;
}

export interface PairedCells {
  readonly listCounts: () => Float64Array;
  /** Which of these cells each row is in. */
  readonly listCellOfRow: () => Int32Array;
  /**
   * Counts with half a row more in each direction of disagreement of every label that occurs (after Agresti and Min 2005): the spread of
   * differences is then not zero only because a small sample shows no disagreement.
   */
  readonly listWithPrior: () => CellTable;
  /** The two confusion matrices of given cell weights; reused between calls. */
  readonly split: (weights: Float64Array) => readonly [Float64Array, Float64Array];
  /** Rows where exactly one of the two is right, among rows with `label` (null = all). */
  readonly countDiscordant: (
    label: number | null,
  ) => PairedCounts & { /** Rows the candidate gets right. */ readonly hits: number };
}

/** The cells of two statistics of the same metric on the same rows. */
export function countPairedCells(baseline: ConfusionStatistic, candidate: ConfusionStatistic): PairedCells {
  const { classes, labels } = baseline;
  const cellOf = (label: number, first: number, second: number) => (label * classes + first) * classes + second;
  const counts = new Map<number, number>();
  for (let row = 0; row < labels.length; row += 1) {
    const cell = cellOf(labels[row]!, baseline.predicted[row]!, candidate.predicted[row]!);
    counts.set(cell, (counts.get(cell) ?? 0) + 1);
  }
  const present = new Set([...counts.keys()].map((cell) => Math.floor(cell / (classes * classes))));
  const disagreements = [...present].flatMap((label) => {
    const wrong = findUsualMistake(counts, classes, label);
    return wrong === null ? [] : [cellOf(label, label, wrong), cellOf(label, wrong, label)];
  });
  const keys = [...new Set([...counts.keys(), ...disagreements])].sort((left, right) => left - right);
  const matrices = [new Float64Array(classes * classes), new Float64Array(classes * classes)] as const;
  const listCounts = () => Float64Array.from(keys, (key) => counts.get(key) ?? 0);
  return {
    listCounts,
    listCellOfRow: () => {
      const cells = new Map(keys.map((key, cell) => [key, cell]));
      return Int32Array.from(
        labels,
        (label, row) => cells.get(cellOf(label, baseline.predicted[row]!, candidate.predicted[row]!))!,
      );
    },
    listWithPrior: () => {
      const parameters = listCounts();
      for (const cell of disagreements) parameters[keys.indexOf(cell)] = parameters[keys.indexOf(cell)]! + 0.5;
      return { parameters, rows: parameters.reduce((sum, value) => sum + value, 0) };
    },
    split: (weights) => {
      for (const matrix of matrices) matrix.fill(0);
      for (let at = 0; at < keys.length; at += 1) {
        const key = keys[at]!;
        const label = Math.floor(key / (classes * classes));
        const first = label * classes + (Math.floor(key / classes) % classes);
        const second = label * classes + (key % classes);
        matrices[0][first] = matrices[0][first]! + weights[at]!;
        matrices[1][second] = matrices[1][second]! + weights[at]!;
      }
      return matrices;
    },
    countDiscordant: (wanted) => {
      let [rows, gains, losses, hits] = [0, 0, 0, 0];
      for (const [key, count] of counts) {
        const label = Math.floor(key / (classes * classes));
        if (wanted !== null && label !== wanted) continue;
        const first = Math.floor(key / classes) % classes === label;
        const second = key % classes === label;
        rows += count;
        if (second) hits += count;
        if (second && !first) gains += count;
        if (first && !second) losses += count;
      }
      return { rows, gains, losses, hits };
    },
  };
}

/** The wrong class most often decided for this label by either model; without any mistake the next class; null with one class only. */
function findUsualMistake(counts: ReadonlyMap<number, number>, classes: number, label: number): number | null {
  if (classes < 2) return null;
  const wrong = new Float64Array(classes);
  for (const [key, count] of counts) {
    if (Math.floor(key / (classes * classes)) !== label) continue;
    for (const decided of [Math.floor(key / classes) % classes, key % classes])
      if (decided !== label) wrong[decided] = wrong[decided]! + count;
  }
  const most = wrong.indexOf(Math.max(...wrong));
  return wrong[most]! > 0 ? most : (label + 1) % classes;
}
