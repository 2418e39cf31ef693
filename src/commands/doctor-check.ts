// What a doctor's check says, and how it would be repaired.

/** `advice` is not wrong, but worth knowing; `skipped` says why it could not be looked at. */
export type CheckOutcome = "ok" | "advice" | "problem" | "skipped";

export interface DoctorCheck {
  /** Such as `lock` or `workflow-main`. */
  readonly id: string;
  readonly outcome: CheckOutcome;
  /** One sentence. */
  readonly message: string;
  readonly hint?: string;
  /** A file that `--repair` would write, with its new text. */
  readonly repair?: { readonly path: string; readonly text: string; readonly what: string };
}
