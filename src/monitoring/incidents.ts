// From what a scheduled check found, and what the checks before it found, to what should happen now.

export type FindingKind = "drift" | "performance" | "data" | "freshness" | "anomaly";

/** One result of monitoring, for people. */
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

/** What an earlier check came to, newest first. */
export interface EarlierCheck {
  readonly decision: "ok" | "warn" | "retrain" | "rollback";
  readonly kinds: readonly FindingKind[];
  /** Last day the check looked at; null = not known. */
  readonly to: string | null;
}

export interface CheckSituation {
  readonly findings: readonly Finding[];
  readonly earlier: readonly EarlierCheck[];
  /** Last day this check looked at. */
  readonly to: string;
  /** The stage held another version before that was not rolled back from. */
  readonly lastGoodVersion: string | null;
  /** There are newer rows a retraining could be pinned to. */
  readonly canRetrain: boolean;
}

export interface CheckDecision {
  readonly decision: "ok" | "warn" | "retrain" | "rollback";
  /** One or two sentences, plain text. */
  readonly reason: string;
  /** Checks in a row, this one included, that found drift. */
  readonly streak: number;
}

/**
 * `rollback` when labels show that the model got worse, or the data is broken, and it matters (critical): drift alone never
 * rolls back. `retrain` when two checks in a row on different data found drift, else `warn` for the first. Notices decide nothing.
 */
export function decideIncident(situation: CheckSituation): CheckDecision {
  const { findings, to } = situation;
  const telling = findings.filter(({ severity }) => severity !== "notice");
  const drifted = telling.some(({ kind }) => kind === "drift");
  const streak = drifted ? 1 + countStreak(situation.earlier, to) : 0;
  const critical = telling.filter(({ severity }) => severity === "critical");
  if (critical.length > 0) {
    const target = situation.lastGoodVersion;
    const next = target === null ? "No earlier version is known to be good." : `Version ${target} was good before.`;
    return { decision: "rollback", reason: `${listSummaries(critical)} ${next}`, streak };
  }
  if (drifted && streak >= 2 && situation.canRetrain) {
    return {
      decision: "retrain",
      reason: `${countWord(streak)} checks in a row found drift. ${listSummaries(telling)}`,
      streak,
    };
  }
  if (telling.length > 0) {
    const first = drifted && streak < 2 ? " If the next check finds it too, a retraining is proposed." : "";
    return { decision: "warn", reason: `${listSummaries(telling)}${first}`, streak };
  }
  return { decision: "ok", reason: "Nothing was found that needs anybody.", streak: 0 };
}

/** Earlier checks that found drift without a break; a check of the same day or later says nothing new. */
function countStreak(earlier: readonly EarlierCheck[], to: string): number {
  let streak = 0;
  let before = to;
  for (const check of earlier) {
    if (check.to !== null && check.to >= before) continue;
    if (!check.kinds.includes("drift") || check.decision === "ok") break;
    streak += 1;
    before = check.to ?? before;
  }
  return streak;
}

function listSummaries(findings: readonly Finding[]): string {
  const shown = findings.slice(0, 3).map(({ summary }) => summary);
  const more = findings.length > 3 ? [`And ${findings.length - 3} more.`] : [];
  return [...shown, ...more].join(" ");
}

function countWord(count: number): string {
  return ["No", "One", "Two", "Three", "Four", "Five"][count] ?? String(count);
}
