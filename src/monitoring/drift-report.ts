// The drift report as plain data: kind `drift-report`. Field names are public.
import type { ColumnType } from "../tables/table.ts";
import type { CharacterShare } from "./character-change.ts";
import type { CorrelationChanges } from "./correlation-change.ts";
import type { Distribution } from "./distribution.ts";
import type { MultivariateDrift } from "./multivariate-report.ts";

export type DriftOutcome = "drift" | "stable" | "inconclusive" | "insufficient";

/** One share compared: missing cells, or categories the reference does not have. */
export interface RateComparison {
  readonly referenceRate: number;
  readonly currentRate: number;
  readonly pValue: number;
  readonly adjustedPValue: number;
  readonly outcome: DriftOutcome;
}

export interface UnlistedComparison extends RateComparison {
  /** Rows with which the reference lists a category: 1, or the smallest group of a published one. */
  readonly fewestRows: number;
  /** Share of the categories that were looked at, chosen by their hash; 1 = all. */
  readonly share: number;
  /** New categories by their number of rows, most first; named only from raw data, at most ten. */
  readonly values: readonly { readonly value: string; readonly rows: number }[];
}

/** What characters the texts of a column hold. */
export interface CharacterComparison {
  /** Free text is tested; null for categories, which are tested themselves. */
  readonly test: {
    readonly pValue: number;
    readonly adjustedPValue: number;
    /** Largest change of the share of texts that hold a class. */
    readonly effect: number;
    readonly outcome: DriftOutcome;
  } | null;
  /** Classes whose share changed by the threshold of an effect or more, most first; of categories only where they drifted. */
  readonly changed: readonly CharacterShare[];
}

export interface ColumnDrift {
  readonly name: string;
  readonly type: ColumnType;
  /** The first of drift, insufficient, inconclusive, stable that values, missing, unlisted or characters have. */
  readonly outcome: DriftOutcome;
  /** Of the values alone. */
  readonly valuesOutcome: DriftOutcome;
  /** `none`: the column is not tested (a time moves by its nature) or there is nothing to test. */
  readonly test: "ks" | "chi-square" | "fisher" | "none";
  readonly statistic: number;
  readonly pValue: number;
  readonly adjustedPValue: number;
  /** Points of probability mass that moved, in [0, 1]. */
  readonly effect: number;
  readonly effectInterval: readonly [number, number];
  /** `warning` from 0.10, `severe` from 0.20; null without drift. */
  readonly severity: "warning" | "severe" | null;
  /** Smallest effect this run is sure to call; null when a side is empty. */
  readonly smallestDetectableEffect: number | null;
  /** Current rows needed to detect an effect of the threshold; null when no number suffices. */
  readonly rowsNeeded: number | null;
  readonly rows: { readonly reference: number; readonly current: number };
  /** Effect that is drift: the policy's, or what the reference's own windows show to be ordinary. */
  readonly threshold: number;
  /** Upper bound of the effect of one more ordinary window; null = not learned. */
  readonly learnedEffect: number | null;
  /** Groups that the p-values exchange whole, and how many rows say as much as one independent row; null = rows are taken as independent. */
  readonly groups: { readonly reference: number; readonly current: number; readonly designEffect: number } | null;
  readonly missing: RateComparison;
  /** Null for columns without categories, and where a profile has too many to tell each. */
  readonly unlisted: UnlistedComparison | null;
  /** Null for columns without texts, and where a profile does not say. */
  readonly characters: CharacterComparison | null;
  /** By id; null = does not apply to this column. */
  readonly measures: Readonly<Record<string, number | null>>;
  /** Mean of the PSI when nothing drifted: what part of it is noise. */
  readonly psiNullMean: number;
  /** A cell was empty on one side, so 0.5 was added to every cell for PSI and KL. */
  readonly smoothed: boolean;
  /** KS from a profile is at most this much below that of the rows; 0 = exact. */
  readonly ksErrorBound: number;
  /** What a picture of the column shows. */
  readonly distribution: Distribution;
  /** One sentence with the numbers. */
  readonly reason: string;
}

export interface DriftReport {
  readonly kind: "drift-report";
  readonly schemaVersion: 1;
  readonly verdict: DriftOutcome;
  readonly reason: string;
  readonly reference: { readonly source: string | null; readonly rows: number };
  readonly current: { readonly source: string | null; readonly rows: number };
  /** Tests in the family that Benjamini and Hochberg's correction counts. */
  readonly tests: number;
  readonly exact: boolean;
  readonly policy: DriftPolicy;
  /** What share of the importance to the model the drifted columns carry; null = not known, or nothing drifted. */
  readonly importance: { readonly driftedShare: number; readonly threshold: number } | null;
  /** The column or day by which rows were taken as groups; null = every row for itself. */
  readonly groupedBy: string | null;
  /** Reference windows that thresholds were learned from; 0 = none were. */
  readonly referenceWindows: number;
  /** The rows as a whole; null = not asked for. */
  readonly multivariate: MultivariateDrift | null;
  /** How numeric columns go together, told and not tested; null where a side does not say (see the guide). */
  readonly correlations: CorrelationChanges | null;
  readonly columns: readonly ColumnDrift[];
  /** Columns of one side only. */
  readonly unmatched: { readonly reference: readonly string[]; readonly current: readonly string[] };
}

/** The numbers that decide; see `defaultDriftPolicy`. */
export interface DriftPolicy {
  /** False discovery rate of the run, and 1 − confidence of intervals. */
  readonly level: number;
  readonly effect: number;
  readonly severeEffect: number;
  readonly missingEffect: number;
  readonly unlistedEffect: number;
  readonly fewestReferenceRows: number;
  readonly fewestCurrentRows: number;
  /** On each side, where rows belong to groups. */
  readonly fewestGroups: number;
}

/** Section by section in the guide: significance and size together, three outcomes, one family of tests. */
export const defaultDriftPolicy: DriftPolicy = {
  level: 0.05,
  effect: 0.1,
  severeEffect: 0.2,
  missingEffect: 0.05,
  unlistedEffect: 0.05,
  fewestReferenceRows: 200,
  fewestCurrentRows: 50,
  fewestGroups: 8,
};

const order: readonly DriftOutcome[] = ["drift", "insufficient", "inconclusive", "stable"];

/** The first of drift, insufficient, inconclusive, stable that occurs; stable for none. */
export function firstOutcome(outcomes: readonly DriftOutcome[]): DriftOutcome {
  return order.find((outcome) => outcomes.includes(outcome)) ?? "stable";
}
