// What a model must do whatever its metrics say: kinds of behaviour tests after Ribeiro et al. 2020 (CheckList), as a config declares them.
import type { GateOutcome } from "../comparison.ts";
import { formatExact } from "../format-number.ts";

/**
 * `invariance`: a change that must not matter. `directional`: a change that must move the prediction one way.
 * `minimum-functionality`: rows or cases that the model must simply get right.
 */
export type BehaviourKind = "invariance" | "directional" | "minimum-functionality";

export type CellValue = string | number | boolean;

/** What becomes of a cell; `one-of` tries every value. */
export type CellChange =
  | { readonly kind: "set"; readonly value: CellValue }
  | { readonly kind: "add"; readonly amount: number }
  | { readonly kind: "times"; readonly factor: number }
  | { readonly kind: "one-of"; readonly values: readonly CellValue[] };

/** What must hold. `label`: the row's own label; `between`: both ends inclusive, null is open. */
export type BehaviourExpectation =
  | { readonly kind: "unchanged" }
  | { readonly kind: "increase" }
  | { readonly kind: "decrease" }
  | { readonly kind: "label" }
  | { readonly kind: "class"; readonly name: string }
  | { readonly kind: "between"; readonly low: number | null; readonly high: number | null };

/** A row written down in the config; columns it does not give are missing. */
export interface BehaviourCase {
  readonly given: Readonly<Record<string, CellValue>>;
  /** Null = the behaviour's. */
  readonly expect: BehaviourExpectation | null;
}

export interface Behaviour {
  readonly id: string;
  readonly kind: BehaviourKind;
  /** Which evaluation rows, as slices say it; null = all. Without meaning when there are cases. */
  readonly where: string | null;
  /** Null = rows of the evaluation data. */
  readonly cases: readonly BehaviourCase[] | null;
  readonly changes: readonly { readonly column: string; readonly change: CellChange }[];
  /** Null only when every case has its own. */
  readonly expect: BehaviourExpectation | null;
  /** Multiclass: the class whose probability is looked at; null = all of them. */
  readonly ofClass: string | null;
  /** How far a prediction may move (invariance) or move the wrong way (directional) or be off (label of a regression); null = the kind's default. */
  readonly tolerance: number | null;
  /** Share of rows that must pass, in (0, 1]. */
  readonly minPass: number;
  readonly severity: "fail" | "warn";
  /** Rows drawn at most. */
  readonly mostRows: number;
}

/** How one model did; the interval is Wilson's, over groups where rows hang together. Cases are no sample of anything: null. */
export interface BehaviourRate {
  readonly passed: number;
  readonly rate: number;
  readonly interval: readonly [number, number] | null;
}

/** A row or case on which the candidate failed. */
export interface FailingExample {
  /** `row 17`, `case 2`. */
  readonly name: string;
  /** Cells of the columns that change or are given, before the change. */
  readonly given: Readonly<Record<string, CellValue | null>>;
  /** Plain text: what was expected and what came. */
  readonly what: string;
}

export interface BehaviourResult {
  readonly id: string;
  readonly kind: BehaviourKind;
  readonly severity: "fail" | "warn";
  readonly minPass: number;
  readonly outcome: GateOutcome;
  /** One or two sentences. */
  readonly reason: string;
  /** Rows or cases tested. */
  readonly rows: number;
  /** Rows on which the change changes nothing; they are not tested. */
  readonly skipped: number;
  readonly candidate: BehaviourRate | null;
  readonly baseline: BehaviourRate | null;
  /** Candidate − baseline on the same rows (Tango); without an interval for cases and for rows of groups. */
  readonly difference: { readonly value: number; readonly interval: readonly [number, number] | null } | null;
  /** Empty where examples are not shared. */
  readonly failing: readonly FailingExample[];
}

/** The name of the gate that a behaviour is. */
export function nameBehaviourGate(id: string): string {
  return `behaviour(${id})`;
}

/** Its rule, in the words of gates. */
export function renderBehaviourRule({ id, minPass }: Pick<Behaviour, "id" | "minPass">): string {
  return `${nameBehaviourGate(id)} >= ${formatExact(minPass * 100)}%`;
}
