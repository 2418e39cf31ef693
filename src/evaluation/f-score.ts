// The F score that f1 and fbeta share.
import type { ClassCounts } from "./confusion.ts";

/** (1+β²) TP / ((1+β²) TP + β² FN + FP); NaN when all three are 0. */
export function measureFbeta({ truePositive, falsePositive, falseNegative }: ClassCounts, beta: number): number {
  const square = beta * beta;
  return ((1 + square) * truePositive) / ((1 + square) * truePositive + square * falseNegative + falsePositive);
}
