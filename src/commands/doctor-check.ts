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
  readonly repair?: FileRepair | RegistryRepair;
}

/** A file that `--repair` would write, with its new text. */
export interface FileRepair {
  readonly path: string;
  readonly text: string;
  readonly what: string;
}

/** Something on GitHub that `--repair` would set right. */
export interface RegistryRepair {
  /** Tag, or path in the ledger. */
  readonly path: string;
  readonly what: string;
  readonly apply: () => Promise<void>;
}
