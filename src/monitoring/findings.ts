// What monitoring finds and decides, as plain data; the document that carries it is in the evidence room.

export type FindingKind = "drift" | "performance" | "data" | "freshness" | "anomaly";

/** One result. `value` and `threshold` are what it was decided by, null when there is no such number. */
export interface Finding {
  readonly kind: FindingKind;
  /** A column or a metric. */
  readonly subject: string;
  readonly severity: "notice" | "warning" | "critical";
  /** One sentence with the numbers, plain text. */
  readonly summary: string;
  readonly value: number | null;
  readonly threshold: number | null;
}

export type MonitoringDecision = "ok" | "warn" | "retrain" | "rollback";

/** Days or instants, inclusive on both sides; a day without a time is the whole day in UTC. */
export interface MonitoringWindow {
  readonly from?: string;
  readonly to?: string;
}

/** An earlier check of the same model, as its record keeps it. */
export interface PastCheck {
  readonly window: MonitoringWindow | null;
  readonly decision: MonitoringDecision;
  /** Kinds of what was found. */
  readonly kinds: readonly FindingKind[];
  readonly streak: number;
}
