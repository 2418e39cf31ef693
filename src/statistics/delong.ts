// Areas under ROC curves of scores on the same rows, with their covariance (DeLong et al. 1988, in one sorted pass).
import { sortWithTies } from "./sort-order.ts";

export interface AreaCovariance {
  readonly areas: readonly [number, number];
  readonly variances: readonly [number, number];
  readonly covariance: number;
  readonly positives: number;
  readonly negatives: number;
}

interface Placements {
  readonly area: number;
  readonly ofPositives: Float64Array;
  readonly ofNegatives: Float64Array;
}

/**
 * Areas, variances and covariance of two scores; `labels` are 1 for positive, else 0. NaN without both classes; variances are
 * NaN with fewer than two rows of a class. For one score alone pass it twice.
 */
export function measureDelong(labels: Float64Array, first: Float64Array, second: Float64Array): AreaCovariance {
  const one = place(labels, first);
  const other = first === second ? one : place(labels, second);
  const covary = (left: Placements, right: Placements): number =>
    covariance(left.ofPositives, right.ofPositives, left.area, right.area) / left.ofPositives.length +
    covariance(left.ofNegatives, right.ofNegatives, left.area, right.area) / left.ofNegatives.length;
  return {
    areas: [one.area, other.area],
    variances: [covary(one, one), covary(other, other)],
    covariance: covary(one, other),
    positives: one.ofPositives.length,
    negatives: one.ofNegatives.length,
  };
}

/** For each positive the share of negatives it beats, for each negative the share of positives that beat it; ties count half. */
function place(labels: Float64Array, scores: Float64Array): Placements {
  const { order, ends } = sortWithTies(scores);
  let m = 0;
  for (const label of labels) if (label === 1) m += 1;
  const n = labels.length - m;
  const ofPositives = new Float64Array(m);
  const ofNegatives = new Float64Array(n);
  const slots = numberWithinClass(labels);
  let [start, positivesBelow, negativesBelow, sum] = [0, 0, 0, 0];
  for (const end of ends) {
    let tiedPositives = 0;
    for (let at = start; at < end; at += 1) if (labels[order[at]!] === 1) tiedPositives += 1;
    const tiedNegatives = end - start - tiedPositives;
    const beaten = (negativesBelow + tiedNegatives / 2) / n;
    const beating = (m - positivesBelow - tiedPositives / 2) / m;
    for (let at = start; at < end; at += 1) {
      const row = order[at]!;
      if (labels[row] === 1) ofPositives[slots[row]!] = beaten;
      else ofNegatives[slots[row]!] = beating;
    }
    sum += tiedPositives * beaten;
    positivesBelow += tiedPositives;
    negativesBelow += tiedNegatives;
    start = end;
  }
  return { area: sum / m, ofPositives, ofNegatives };
}

/** The row's number among the rows of its own class, so that the placements of two scores line up. */
function numberWithinClass(labels: Float64Array): Uint32Array {
  const slots = new Uint32Array(labels.length);
  let [positives, negatives] = [0, 0];
  for (let row = 0; row < labels.length; row += 1) {
    if (labels[row] === 1) {
      slots[row] = positives;
      positives += 1;
    } else {
      slots[row] = negatives;
      negatives += 1;
    }
  }
  return slots;
}

function covariance(left: Float64Array, right: Float64Array, leftMean: number, rightMean: number): number {
  let sum = 0;
  for (let at = 0; at < left.length; at += 1) sum += (left[at]! - leftMean) * (right[at]! - rightMean);
  return left.length < 2 ? Number.NaN : sum / (left.length - 1);
}
