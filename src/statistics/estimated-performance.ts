// Performance without labels: what calibrated probabilities say about a binary classifier (NannyML's CBPE).

export interface EstimatedPerformance {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  readonly trueNegatives: number;
  readonly accuracy: number | null;
  readonly precision: number | null;
  readonly recall: number | null;
  readonly specificity: number | null;
  readonly f1: number | null;
  /** Expected area under the ROC curve, no row counted against itself. */
  readonly rocAuc: number | null;
}

/**
 * Expected counts and metrics if each row is positive with its `probabilities` value, decided at `threshold` (≥ is
 * positive). Holds only while the probabilities are calibrated: it cannot see concept drift. Metrics whose denominator is
 * 0 are null. `ranks` orders rows for the area when the raw score differs from the calibrated one.
 */
export function estimatePerformance(
  probabilities: Float64Array,
  threshold: number,
  ranks: Float64Array = probabilities,
): EstimatedPerformance {
  let truePositives = 0;
  let falsePositives = 0;
  let falseNegatives = 0;
  let trueNegatives = 0;
  probabilities.forEach((p, i) => {
    if ((ranks[i] as number) >= threshold) {
      truePositives += p;
      falsePositives += 1 - p;
    } else {
      falseNegatives += p;
      trueNegatives += 1 - p;
    }
  });
  return {
    truePositives,
    falsePositives,
    falseNegatives,
    trueNegatives,
    accuracy: divide(truePositives + trueNegatives, probabilities.length),
    precision: divide(truePositives, truePositives + falsePositives),
    recall: divide(truePositives, truePositives + falseNegatives),
    specificity: divide(trueNegatives, trueNegatives + falsePositives),
    f1: divide(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives),
    rocAuc: estimateArea(probabilities, ranks),
  };
}

/** Σ over pairs i ≠ j of p_i(1 − p_j)·[rank_i > rank_j, ties ½], divided by Σ over pairs of p_i(1 − p_j). */
function estimateArea(probabilities: Float64Array, ranks: Float64Array): number | null {
  const order = Array.from(ranks.keys()).sort((i, j) => (ranks[i] as number) - (ranks[j] as number));
  let below = 0;
  let ordered = 0;
  let self = 0;
  let positives = 0;
  for (let start = 0; start < order.length; ) {
    let end = start;
    let tiedPositive = 0;
    let tiedNegative = 0;
    let tiedSelf = 0;
    while (end < order.length && ranks[order[end] as number] === ranks[order[start] as number]) {
      const p = probabilities[order[end] as number] as number;
      tiedPositive += p;
      tiedNegative += 1 - p;
      tiedSelf += p * (1 - p);
      end++;
    }
    ordered += tiedPositive * below + (tiedPositive * tiedNegative - tiedSelf) / 2;
    below += tiedNegative;
    positives += tiedPositive;
    self += tiedSelf;
    start = end;
  }
  return divide(ordered, positives * below - self);
}

function divide(numerator: number, denominator: number): number | null {
  return denominator > 0 ? numerator / denominator : null;
}
