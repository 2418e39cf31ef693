// A gate as the rest of the house sees it: what `parseGate` makes of a rule.
import type { MetricParameters } from "./metric-description.ts";

/** `at-least`, `at-most`: absolute; the others against the baseline. */
export type GateRelation = "at-least" | "at-most" | "drop" | "rise" | "gain";

export type SliceOperator = "=" | "!=" | "<" | "<=" | ">" | ">=";

/** `column operator value`; a missing cell satisfies no condition but `!=`. */
export interface SliceCondition {
  readonly column: string;
  readonly operator: SliceOperator;
  /** `null` stands for `*`: one slice for every value of the column (only with `=`). */
  readonly value: string | number | null;
}

/** Which rows a gate looks at; all conditions must hold. */
export type SliceSelector =
  | { readonly kind: "conditions"; readonly conditions: readonly SliceCondition[] }
  | { readonly kind: "named"; readonly name: string }
  | { readonly kind: "worst" };

/** The number of a rule in base units: fractions, seconds, bytes, rows per second, or the metric's own. */
export type GateAmount =
  | { readonly kind: "absolute"; readonly value: number; readonly written: string }
  /** A fraction of the baseline's value: `2% of baseline` is 0.02. */
  | { readonly kind: "relative"; readonly value: number; readonly written: string };

export interface Gate {
  /** Default: metric, slice and relation without the number: `recall[plan=basic] drop`. */
  readonly id: string;
  /** As written. */
  readonly rule: string;
  readonly metric: string;
  readonly parameters: MetricParameters;
  readonly slice: SliceSelector | null;
  readonly relation: GateRelation;
  readonly amount: GateAmount;
  /** Two-sided confidence of `at 95%`, in (0.5, 1); null = the model's for margins, the estimate for absolute gates. */
  readonly confidence: number | null;
  readonly severity: "fail" | "warn";
  readonly inconclusive: "block" | "warn" | null;
  readonly minRows: number | null;
  /** Stage or version to compare with instead of the model's baseline. */
  readonly against: string | null;
}

/** The long form of a rule. */
export interface GateSource {
  readonly rule: string;
  readonly id?: string | null;
  readonly severity?: "fail" | "warn";
  readonly inconclusive?: "block" | "warn" | null;
  readonly minRows?: number | null;
  readonly against?: string | null;
}

/** The conditions as rules and reports write them: `plan=basic, age>=65`. */
export function renderConditions(conditions: readonly SliceCondition[]): string {
  return conditions.map(({ column, operator, value }) => `${column}${operator}${value ?? "*"}`).join(", ");
}

/** The slice of a rule in its own words, without brackets. */
export function renderSelector(selector: SliceSelector): string {
  if (selector.kind === "worst") return "worst";
  return selector.kind === "named" ? selector.name : renderConditions(selector.conditions);
}
