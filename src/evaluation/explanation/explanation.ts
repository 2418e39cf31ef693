// What a model looks at, as plain data: importances, Shapley values, dependence, and what changed between baseline and candidate.

/** What may be spent on an explanation, and on what. */
export interface ExplanationSettings {
  /** Columns to explain; null = the inputs of the models. */
  readonly columns: readonly string[] | null;
  /** Rows drawn at most. */
  readonly rows: number;
  /** Shuffles of each column; at least 5. */
  readonly shuffles: number;
  /** The metric whose loss is importance, as a config writes it; null = the model's first built-in one. */
  readonly metric: string | null;
  /** Rows with Shapley values; 0 = none. */
  readonly shapleyRows: number;
  /** Background rows that Shapley values are relative to. */
  readonly background: number;
  /** Predictions of each model at most. */
  readonly predictions: number;
  /** Longer than this and there is no explanation. */
  readonly timeoutSeconds: number;
}

/** A value with its two-sided interval; the interval is null where nothing varies although the model uses the column. */
export interface ExplainedValue {
  readonly value: number;
  readonly interval: readonly [number, number] | null;
}

/** How much worse the metric gets when the column is shuffled: positive = the model needs it, whatever way the metric is good. */
export interface ColumnImportance {
  readonly column: string;
  readonly metric: string;
  readonly baseline: ExplainedValue | null;
  readonly candidate: ExplainedValue;
  /** Candidate − baseline under the same resamples. */
  readonly difference: ExplainedValue | null;
  /** Of "no difference", Holm-corrected over the columns; null without a difference. */
  readonly adjustedPValue: number | null;
  /** False: no prediction moved in any shuffle. */
  readonly used: { readonly baseline: boolean | null; readonly candidate: boolean };
}

/** Mean size of a column's part in the predictions, in units of the output. */
export interface ShapleyColumn {
  readonly column: string;
  readonly baseline: number | null;
  readonly candidate: number;
}

/** The parts of one prediction of the candidate: base + sum of parts = prediction. */
export interface ShapleyExample {
  /** In the evaluation data, from 1. */
  readonly row: number;
  readonly prediction: number;
  readonly baselinePrediction: number | null;
  readonly parts: readonly { readonly column: string; readonly value: number }[];
}

export interface ShapleySummary {
  readonly rows: number;
  readonly background: number;
  /** Mean prediction over the background rows. */
  readonly base: { readonly baseline: number | null; readonly candidate: number };
  /** Largest distance between base + parts and the prediction the model gave for the row when it was judged. */
  readonly largestError: { readonly baseline: number | null; readonly candidate: number };
  /** The parts add up, for both models, within rounding of single precision. */
  readonly addsUp: boolean;
  readonly columns: readonly ShapleyColumn[];
  /** Rows whose prediction moved most; empty where examples are not shared. */
  readonly examples: readonly ShapleyExample[];
}

/** Mean prediction when every row gets this value. */
export interface DependencePoint {
  readonly value: number | string;
  readonly baseline: number | null;
  readonly candidate: number;
}

export interface ColumnDependence {
  readonly column: string;
  readonly points: readonly DependencePoint[];
}

/** Kind-less part of an evaluation. `reason` says why there is none, and the lists are empty then. */
export interface Explanation {
  readonly reason: string | null;
  readonly metric: string | null;
  /** What Shapley values and dependence are about: `prediction`, `probability of yes`. */
  readonly output: string | null;
  readonly rows: number;
  readonly shuffles: number;
  /** Predictions asked of each model. */
  readonly predictions: number;
  readonly confidence: number;
  /** By falling importance for the candidate. */
  readonly importances: readonly ColumnImportance[];
  readonly shapley: ShapleySummary | null;
  readonly dependence: readonly ColumnDependence[];
  /** Sentences: what changed between the models, surest first; names between backticks. */
  readonly changes: readonly string[];
  /** Sentences: what was left out. */
  readonly remarks: readonly string[];
}
