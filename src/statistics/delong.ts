// Areas under ROC curves of scores on the same rows, with their covariance (DeLong et al. 1988, in one sorted pass).
import { rankLabels } from "./ranked-labels.ts";

export interface AreaCovariance {
  readonly areas: readonly [number, number];
  readonly variances: readonly [number, number];
  readonly covariance: number;
  readonly positives: number;
  readonly negatives: number;
}

interface Placements {
  readonly area: number;
  /**
   * By row: twice the number of rows of the other class with a smaller score, equal ones counting half. A whole number, so that sums do not
   * depend on their order.
   */
  readonly beaten: Uint32Array;
}

/**
 * Areas, variances and covariance of two scores; `labels` are 1 for positive, else 0. NaN without both classes; variances are
 * NaN with fewer than two rows of a class. For one score alone pass it twice.
 */
export function measureDelong(labels: Float64Array, first: Float64Array, second: Float64Array): AreaCovariance {
  const one = place(labels, first);
  const other = first === second ? one : place(labels, second);
  const { positives } = rankLabels(labels, first);
  const negatives = labels.length - positives;
  const { squareOne, squareOther, product } = covary(labels, one, other, positives, negatives);
  return {
    areas: [one.area, other.area],
    variances: [squareOne, squareOther],
    covariance: product,
    positives,
    negatives,
  };
}

function place(labels: Float64Array, scores: Float64Array): Placements {
  const { order, ends, positive, positives, doublePairs } = rankLabels(labels, scores);
  const beaten = new Uint32Array(order.length);
  let [start, positivesBelow, negativesBelow] = [0, 0, 0];
  for (let tie = 0; tie < ends.length; tie += 1) {
    const end = ends[tie]!;
    let tiedPositives = 0;
    for (let rank = start; rank < end; rank += 1) tiedPositives += positive[rank]!;
    const tiedNegatives = end - start - tiedPositives;
    const ofPositive = 2 * negativesBelow + tiedNegatives;
    const ofNegative = 2 * positivesBelow + tiedPositives;
    for (let rank = start; rank < end; rank += 1)
      beaten[order[rank]!] = ofNegative + positive[rank]! * (ofPositive - ofNegative);
    positivesBelow += tiedPositives;
    negativesBelow += tiedNegatives;
    start = end;
  }
  return { area: doublePairs / 2 / positives / (order.length - positives), beaten };
}

/** Per class the (co)variance of the shares of the other class that are beaten, over the class's rows; summed over both classes. */
function covary(labels: Float64Array, one: Placements, other: Placements, positives: number, negatives: number) {
  // By label. A negative row's share of positives that beat it has the same distance from its mean as the share it beats.
  const scales = Float64Array.of(1 / (2 * positives), 1 / (2 * negatives));
  const meansOne = Float64Array.of(1 - one.area, one.area);
  const meansOther = Float64Array.of(1 - other.area, other.area);
  const [first, second] = [one.beaten, other.beaten];
  let [squareOne, squareOther, product] = [0, 0, 0];
  let [negativeSquareOne, negativeSquareOther, negativeProduct] = [0, 0, 0];
  for (let row = 0; row < labels.length; row += 1) {
    // Both sums are written to, the wrong one with 0: a branch on the label could not be predicted.
    const label = labels[row]!;
    const scale = scales[label]!;
    const left = first[row]! * scale - meansOne[label]!;
    const right = second[row]! * scale - meansOther[label]!;
    const [leftIn, rightIn, leftOut, rightOut] = [left * label, right * label, left * (1 - label), right * (1 - label)];
    squareOne += leftIn * leftIn;
    squareOther += rightIn * rightIn;
    product += leftIn * rightIn;
    negativeSquareOne += leftOut * leftOut;
    negativeSquareOther += rightOut * rightOut;
    negativeProduct += leftOut * rightOut;
  }
  const join = (ofPositives: number, ofNegatives: number): number =>
    positives < 2 || negatives < 2
      ? Number.NaN
      : ofPositives / (positives - 1) / positives + ofNegatives / (negatives - 1) / negatives;
  return {
    squareOne: join(squareOne, negativeSquareOne),
    squareOther: join(squareOther, negativeSquareOther),
    product: join(product, negativeProduct),
  };
}
