// Sampled Shapley values against background rows (interventional; Štrumbelj and Kononenko 2014), each permutation together with its reverse.
import type { Random } from "../../statistics/rng.ts";
import type { Perturbation } from "./perturbation.ts";

/** What shares a prediction out: a column, or several that come and go together. */
export interface Player {
  readonly name: string;
  readonly columns: readonly string[];
}

/** The questions of `chains`: each goes from a background row to the explained rows, one player at a time. */
export interface ShapleyPlan {
  readonly players: readonly Player[];
  /** Rows of the table. */
  readonly explained: Int32Array;
  readonly background: Int32Array;
  readonly perturbations: readonly Perturbation[];
  /** Order of the players, and the place of each coalition's question in `perturbations`: players + 1 places. */
  readonly chains: readonly { readonly order: readonly number[]; readonly at: readonly number[] }[];
}

/** Two chains per background row; every explained row is asked with every background row: the base is the same for all. */
export function planShapley(
  players: readonly Player[],
  explained: Int32Array,
  background: Int32Array,
  random: Random,
): ShapleyPlan {
  const perturbations: Perturbation[] = [];
  const chains: { order: readonly number[]; at: readonly number[] }[] = [];
  const ask = (row: number, present: ReadonlySet<number>): number => {
    const other = new Int32Array(explained.length).fill(row);
    const taken = new Map<string, Int32Array>();
    players.forEach(({ columns }, player) => {
      if (!present.has(player)) for (const column of columns) taken.set(column, other);
    });
    return perturbations.push({ rows: explained, taken }) - 1;
  };
  for (const row of background) {
    const [empty, full] = [ask(row, new Set()), ask(row, new Set(players.keys()))];
    const forward = shuffle([...players.keys()], random);
    for (const order of [forward, [...forward].reverse()]) {
      const inner = order.slice(0, -1).map((_, step) => ask(row, new Set(order.slice(0, step + 1))));
      chains.push({ order, at: players.length === 0 ? [empty] : [empty, ...inner, full] });
    }
  }
  return { players, explained, background, perturbations, chains };
}

export interface ShapleyValues {
  /** Mean prediction where every player comes from the background. */
  readonly base: number;
  /** One array per player, one value per explained row. base + the parts of a row = its prediction, up to rounding. */
  readonly parts: readonly Float64Array[];
}

/** `outputs`: one number per explained row for each perturbation of the plan. NaN where the model gave none. */
export function sumShapley(plan: ShapleyPlan, outputs: readonly Float64Array[]): ShapleyValues {
  const { players, explained, chains } = plan;
  const parts = players.map(() => new Float64Array(explained.length));
  let base = 0;
  for (const { order, at } of chains) {
    const first = outputs[at[0]!]!;
    for (let row = 0; row < explained.length; row += 1) base += first[row]! / (chains.length * explained.length);
    order.forEach((player, step) => {
      const [before, after] = [outputs[at[step]!]!, outputs[at[step + 1]!]!];
      const part = parts[player]!;
      for (let row = 0; row < part.length; row += 1)
        part[row] = part[row]! + (after[row]! - before[row]!) / chains.length;
    });
  }
  return { base, parts };
}

/** Largest distance between base + parts and the predictions of the explained rows; NaN counts as infinite. */
export function measureAdditivity({ base, parts }: ShapleyValues, predictions: Float64Array): number {
  let largest = 0;
  predictions.forEach((prediction, row) => {
    const sum = parts.reduce((total, part) => total + part[row]!, base);
    const error = Math.abs(sum - prediction);
    largest = Math.max(largest, Number.isNaN(error) ? Number.POSITIVE_INFINITY : error);
  });
  return largest;
}

/** A random order (Fisher and Yates), in place. */
export function shuffle<T>(items: T[], random: Random): T[] {
  for (let at = items.length - 1; at > 0; at -= 1) {
    const other = random.nextInteger(at + 1);
    [items[at], items[other]] = [items[other]!, items[at]!];
  }
  return items;
}
