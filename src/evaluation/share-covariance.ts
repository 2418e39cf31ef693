// How the rates of groups under one or two models vary together, from the rows they share.
import type { SamplingPlan } from "./pair-contract.ts";
import type { SpreadStatistic } from "./statistic.ts";

/**
 * Covariance of the shares of all statistics (of −log share for ratios), in the order of `shares`, statistic by statistic. Sums of influence by independent unit;
 * every group and rate gets four more half rows, one for each way two models can hit or miss, so that no rate is certain and no two models are certainly alike
 * (Agresti and Caffo 2000; Agresti and Min 2005).
 */
export function measureShareCovariance(
  statistics: readonly SpreadStatistic[],
  plan: Pick<SamplingPlan, "weights" | "layout" | "rows">,
): readonly Float64Array[] {
  const { weights, layout, rows } = plan;
  const [first] = statistics as readonly [SpreadStatistic, ...SpreadStatistic[]];
  const perRate = first.shares.length / first.outcomes.length;
  const usual = measureUsualWeight(plan);
  const cells = statistics.flatMap(({ shares, form }) =>
    shares.map(({ hits, trials }) => {
      const rate = smoothShare(hits, trials, usual);
      return { rate, scale: (form === "ratio" ? -1 / rate : 1) / (trials + 2 * usual) };
    }),
  );
  const covariance = cells.map(() => new Float64Array(cells.length));
  const sums = new Float64Array(cells.length);
  const touched: number[] = [];
  const close = (): void => {
    for (const left of touched)
      for (const right of touched) covariance[left]![right] = covariance[left]![right]! + sums[left]! * sums[right]!;
    for (const cell of touched) sums[cell] = 0;
    touched.length = 0;
  };
  for (const members of listUnits(layout, rows)) {
    for (const row of members) {
      const group = first.groupOfRow[row]!;
      if (group < 0) continue;
      statistics.forEach(({ outcomes, shares }, model) => {
        outcomes.forEach((outcome, rate) => {
          if (outcome[row]! < 0) return;
          const cell = model * shares.length + rate * perRate + group;
          if (!touched.includes(cell)) touched.push(cell);
          sums[cell] = sums[cell]! + (weights?.[row] ?? 1) * (outcome[row]! - cells[cell]!.rate) * cells[cell]!.scale;
        });
      });
    }
    close();
  }
  addHalfRows(covariance, cells, first.shares.length, usual);
  return covariance;
}

/** A row's mean weight: what one of the half rows' two weighs. */
export function measureUsualWeight({ weights, rows }: Pick<SamplingPlan, "weights" | "rows">): number {
  return weights === null ? 1 : weights.reduce((sum, weight) => sum + weight, 0) / rows;
}

/** The share with one hit and one miss more. */
export function smoothShare(hits: number, trials: number, usualWeight: number): number {
  return (hits + usualWeight) / (trials + 2 * usualWeight);
}

interface Cell {
  readonly rate: number;
  readonly scale: number;
}

/** Over the four half rows of a group and rate: Σ ½ · influence · influence. */
function addHalfRows(
  covariance: readonly Float64Array[],
  cells: readonly Cell[],
  perModel: number,
  usual: number,
): void {
  for (let share = 0; share < perModel; share += 1) {
    const same = cells.flatMap((_, cell) => (cell % perModel === share ? [cell] : []));
    for (const left of same)
      for (const right of same) {
        const [one, other] = [cells[left]!, cells[right]!];
        let sum = 0;
        for (const hit of [0, 1])
          for (const also of left === right ? [hit] : [0, 1])
            sum += (left === right ? 1 : 0.5) * (hit - one.rate) * (also - other.rate);
        covariance[left]![right] = covariance[left]![right]! + sum * usual * usual * one.scale * other.scale;
      }
  }
}

/** The rows of each independent unit: a row, a group, or a run of neighbours in time. */
function listUnits(layout: SamplingPlan["layout"], rows: number): Iterable<readonly number[]> {
  if (layout.unitOfRow === null && layout.blockLength === null) return listSingles(rows);
  const units = new Map<number, number[]>();
  for (let row = 0; row < rows; row += 1) {
    const unit = layout.unitOfRow?.[row] ?? Math.floor(row / (layout.blockLength ?? 1));
    const members = units.get(unit);
    if (members) members.push(row);
    else units.set(unit, [row]);
  }
  return units.values();
}

function* listSingles(rows: number): Iterable<readonly number[]> {
  for (let row = 0; row < rows; row += 1) yield [row];
}
