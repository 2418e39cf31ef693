// Which questions an explanation asks: rows, shuffles, coalitions and grids, within a budget; the same seed asks the same ones.
import type { UnitLayout } from "../../statistics/bootstrap.ts";
import { createRandom, type Random } from "../../statistics/rng.ts";
import type { Table } from "../../tables/table.ts";
import type { EvaluationRows } from "../metric-rows.ts";
import { type DependencePlan, planDependence } from "./dependence.ts";
import type { ExplanationSettings } from "./explanation.ts";
import type { ShuffledColumn } from "./importance.ts";
import type { Perturbation } from "./perturbation.ts";
import { type Player, planShapley, type ShapleyPlan, shuffle } from "./shapley.ts";

/** Columns explained unasked; more are sifted first. */
export const mostColumns = 20;
const fewestRows = 50;
const gridPoints = 8;
const dependenceRows = 100;
const siftedRows = 64;

export interface ExplanationPlan {
  /** Rows of the table that importance is measured on. */
  readonly sample: Int32Array;
  readonly columns: readonly ShuffledColumn[];
  readonly shapley: ShapleyPlan | null;
  readonly dependence: readonly DependencePlan[];
  /** Everything that is asked: shuffles column by column, then coalitions, then grids. */
  readonly perturbations: readonly Perturbation[];
  /** Rows over all perturbations. */
  readonly predictions: number;
  readonly remarks: readonly string[];
}

/**
 * Columns beyond `columns` that the models take (`others`) share the parts of Shapley values as one player. Returns the reason, a
 * sentence, when the budget or the rows are too few.
 */
export function planExplanation(
  table: Table,
  rows: EvaluationRows,
  columns: readonly string[],
  others: readonly string[],
  settings: ExplanationSettings,
  seed: string,
): ExplanationPlan | string {
  if (columns.length === 0) return "nothing says which columns the model takes; list them under `features`";
  if (rows.rows < fewestRows) return `there are ${rows.rows} evaluation rows, and ${fewestRows} are needed`;
  const random = createRandom(`${seed}\nexplanation`);
  const players: Player[] = columns.map((name) => ({ name, columns: [name] }));
  if (others.length > 0) players.push({ name: "(other columns)", columns: others });
  const explainedRows = Math.min(settings.shapleyRows, rows.rows);
  const background = Math.min(settings.background, rows.rows);
  const shared = explainedRows * background * 2 * players.length + columns.length * gridPoints * dependenceRows;
  const affordable = Math.floor((settings.predictions - shared) / (columns.length * settings.shuffles));
  if (affordable < fewestRows) {
    const needed = shared + fewestRows * columns.length * settings.shuffles;
    return `${columns.length} columns need ${needed.toLocaleString("en-US")} predictions of each model, and \`explain.predictions\` allows ${settings.predictions.toLocaleString("en-US")}`;
  }
  const wanted = Math.min(rows.rows, settings.rows);
  const sample = drawRows(rows, Math.min(wanted, affordable), random);
  const shuffled = columns.map((column) => shuffleColumn(column, sample.length, settings.shuffles, random));
  const shuffles = shuffled.flatMap(({ column, sources }) =>
    sources.map(
      (source): Perturbation => ({ rows: sample, taken: new Map([[column, source.map((at) => sample[at]!)]]) }),
    ),
  );
  const mixed = shuffle([...sample], random);
  const shapley =
    explainedRows === 0
      ? null
      : planShapley(
          players,
          Int32Array.from(mixed.slice(0, explainedRows)),
          Int32Array.from(shuffle([...sample], random).slice(0, background)),
          random,
        );
  const asked = Int32Array.from(mixed.slice(0, dependenceRows));
  const dependence = columns.flatMap(
    (name) => planDependence(table.columns.get(name)!, asked, sample, gridPoints) ?? [],
  );
  const perturbations = [
    ...shuffles,
    ...(shapley?.perturbations ?? []),
    ...dependence.flatMap(({ points }) => points.map(({ perturbation }) => perturbation)),
  ];
  return {
    sample,
    columns: shuffled,
    shapley,
    dependence,
    perturbations,
    predictions: perturbations.reduce((sum, one) => sum + one.rows.length, 0),
    remarks:
      affordable < wanted
        ? [
            `Measured on ${sample.length} of ${wanted} rows to stay within ${settings.predictions.toLocaleString("en-US")} predictions of each model.`,
          ]
        : [],
  };
}

/** One shuffle of every column over a few rows, to see which move predictions at all. */
export function planSifting(rows: EvaluationRows, columns: readonly string[], seed: string): readonly Perturbation[] {
  const random = createRandom(`${seed}\nsifting`);
  const sample = drawRows(rows, Math.min(rows.rows, siftedRows), random);
  return columns.map((column) => ({
    rows: sample,
    taken: new Map([[column, Int32Array.from(shuffle([...sample], random))]]),
  }));
}

/** How rows of a sample hang together, for resampling. */
export function layOutSample({ clusters, blockLength }: EvaluationRows, sample: Int32Array): UnitLayout {
  if (clusters === null) return { units: sample.length, unitOfRow: null, blockLength };
  const numbers = new Map<number, number>();
  const unitOfRow = sample.map((row) => {
    const cluster = clusters[row]!;
    const number = numbers.get(cluster) ?? numbers.size;
    numbers.set(cluster, number);
    return number;
  });
  return { units: numbers.size, unitOfRow, blockLength: null };
}

/** In rising order: rows at random, whole groups at random (the last one may go over), or the newest rows of a series. */
function drawRows({ rows, clusters, blockLength }: EvaluationRows, count: number, random: Random): Int32Array {
  const all = Array.from({ length: rows }, (_, row) => row);
  if (count >= rows) return Int32Array.from(all);
  if (blockLength !== null) return Int32Array.from(all.slice(rows - count));
  if (clusters === null) return Int32Array.from(shuffle(all, random).slice(0, count)).sort();
  const members = new Map<number, number[]>();
  for (const row of all) members.set(clusters[row]!, [...(members.get(clusters[row]!) ?? []), row]);
  const drawn: number[] = [];
  for (const group of shuffle([...members.values()], random)) {
    if (drawn.length >= count) break;
    drawn.push(...group);
  }
  return Int32Array.from(drawn).sort();
}

function shuffleColumn(column: string, rows: number, shuffles: number, random: Random): ShuffledColumn {
  const sources = Array.from({ length: shuffles }, () =>
    Int32Array.from(
      shuffle(
        Array.from({ length: rows }, (_, row) => row),
        random,
      ),
    ),
  );
  return { column, sources };
}
