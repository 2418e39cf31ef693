// Every built-in metric, in the order reports show them.
import type { Task } from "./comparison.ts";
import type { Metric } from "./metric.ts";
import type { MetricDescription } from "./metric-description.ts";
import { accuracy } from "./metrics/accuracy.ts";
import { averagePrecision } from "./metrics/average-precision.ts";
import { balancedAccuracy } from "./metrics/balanced-accuracy.ts";
import { brierScore } from "./metrics/brier-score.ts";
import { cohenKappa } from "./metrics/cohen-kappa.ts";
import { demographicParityDifference } from "./metrics/demographic-parity-difference.ts";
import { demographicParityRatio } from "./metrics/demographic-parity-ratio.ts";
import { disparateImpact } from "./metrics/disparate-impact.ts";
import { equalOpportunityDifference } from "./metrics/equal-opportunity-difference.ts";
import { equalizedOddsDifference } from "./metrics/equalized-odds-difference.ts";
import { expectedCalibrationError } from "./metrics/expected-calibration-error.ts";
import { f1 } from "./metrics/f1.ts";
import { fbeta } from "./metrics/fbeta.ts";
import { intervalCoverage } from "./metrics/interval-coverage.ts";
import { logLoss } from "./metrics/log-loss.ts";
import { matthewsCorrcoef } from "./metrics/matthews-corrcoef.ts";
import { maxError } from "./metrics/max-error.ts";
import { meanAbsoluteError } from "./metrics/mean-absolute-error.ts";
import { meanAbsolutePercentageError } from "./metrics/mean-absolute-percentage-error.ts";
import { meanAbsoluteScaledError } from "./metrics/mean-absolute-scaled-error.ts";
import { meanAveragePrecision } from "./metrics/mean-average-precision.ts";
import { meanPinballLoss } from "./metrics/mean-pinball-loss.ts";
import { meanReciprocalRank } from "./metrics/mean-reciprocal-rank.ts";
import { meanScore } from "./metrics/mean-score.ts";
import { meanSquaredError } from "./metrics/mean-squared-error.ts";
import { medianAbsoluteError } from "./metrics/median-absolute-error.ts";
import { ndcg } from "./metrics/ndcg.ts";
import { precision } from "./metrics/precision.ts";
import { precisionAtK } from "./metrics/precision-at-k.ts";
import { predictiveParityDifference } from "./metrics/predictive-parity-difference.ts";
import { r2 } from "./metrics/r2.ts";
import { recall } from "./metrics/recall.ts";
import { recallAtFpr } from "./metrics/recall-at-fpr.ts";
import { recallAtK } from "./metrics/recall-at-k.ts";
import { rocAuc } from "./metrics/roc-auc.ts";
import { rootMeanSquaredError } from "./metrics/root-mean-squared-error.ts";
import { specificity } from "./metrics/specificity.ts";
import { symmetricMeanAbsolutePercentageError } from "./metrics/symmetric-mean-absolute-percentage-error.ts";
import { topKAccuracy } from "./metrics/top-k-accuracy.ts";

export const metricCatalog: readonly Metric[] = [
  rocAuc,
  averagePrecision,
  logLoss,
  brierScore,
  accuracy,
  balancedAccuracy,
  f1,
  fbeta,
  precision,
  recall,
  specificity,
  matthewsCorrcoef,
  cohenKappa,
  recallAtFpr,
  topKAccuracy,
  expectedCalibrationError,
  demographicParityDifference,
  demographicParityRatio,
  disparateImpact,
  equalOpportunityDifference,
  equalizedOddsDifference,
  predictiveParityDifference,
  rootMeanSquaredError,
  meanAbsoluteError,
  meanSquaredError,
  medianAbsoluteError,
  meanAbsolutePercentageError,
  symmetricMeanAbsolutePercentageError,
  meanPinballLoss,
  r2,
  maxError,
  intervalCoverage,
  meanAbsoluteScaledError,
  ndcg,
  meanAveragePrecision,
  meanReciprocalRank,
  precisionAtK,
  recallAtK,
  meanScore,
];

/** The catalog as rules see it. */
export const metricDescriptions: readonly MetricDescription[] = metricCatalog;

/** The built-in metric with this id. */
export function findMetric(id: string): Metric | undefined {
  return metricCatalog.find((metric) => metric.id === id);
}

/** What is measured when nothing is asked for. */
export const defaultMetrics: Readonly<Record<Task, readonly string[]>> = {
  binary: [
    "roc_auc",
    "average_precision",
    "log_loss",
    "brier_score",
    "accuracy",
    "balanced_accuracy",
    "f1",
    "precision",
    "recall",
  ],
  multiclass: ["accuracy", "balanced_accuracy", "f1", "log_loss", "brier_score", "roc_auc"],
  regression: ["root_mean_squared_error", "mean_absolute_error", "median_absolute_error", "r2"],
  ranking: ["ndcg", "mean_average_precision", "mean_reciprocal_rank"],
  forecast: ["root_mean_squared_error", "mean_absolute_error"],
  score: ["mean_score"],
};
