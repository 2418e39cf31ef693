// From what a check found and what earlier checks found to one decision: nothing, warn, retrain, roll back.
import type { DriftReport } from "./drift-report.ts";
import type { Finding, MonitoringDecision, MonitoringWindow, PastCheck } from "./findings.ts";

export interface IncidentInput {
  /** The window that was checked. */
  readonly window: MonitoringWindow | null;
  /** Drift of the inputs, or of the predictions; null = not checked. */
  readonly drift: DriftReport | null;
  /** Findings of the data itself (`findDataFaults`) and of performance (`describePerformance`), in any order. */
  readonly findings: readonly Finding[];
  /**
   * Earlier checks of this model, newest first. Checks that found nothing may be left out when `recentSeconds` says how
   * far back a window may end and still be one of the last three.
   */
  readonly history: readonly PastCheck[];
  readonly recentSeconds: number | null;
}

export interface Incident {
  /** Drift's findings and the given ones, the gravest first. */
  readonly findings: readonly Finding[];
  readonly decision: MonitoringDecision;
  /** Why, in plain text. */
  readonly reason: string;
  /** Checks in a row, this one included, that found something. */
  readonly streak: number;
}

const windowsLookedAt = 3;
const windowsToRetrain = 2;

/**
 * Decides:
 * - a critical finding of data or performance → `rollback`: what is served now is wrong now, retraining would learn it;
 * - drift in this window and in another of the last three → `retrain` (at 5 % false alarms a window: 0.7 %);
 * - drift in this window alone, or any other warning → `warn`;
 * - else `ok`. Inconclusive and insufficient raise nothing.
 * A check of the same window again (a re-run) is the same check: it never counts as the second window.
 */
export function decideIncident(input: IncidentInput): Incident {
  const findings = sortByGravity([...input.findings, ...(input.drift ? describeDrift(input.drift) : [])]);
  const critical = findings.filter((finding) => finding.severity === "critical" && finding.kind !== "drift");
  const drifted = findings.some((finding) => finding.kind === "drift" && finding.severity !== "notice");
  const warned = findings.some((finding) => finding.severity !== "notice");
  const past = selectRecent(input);
  const earlier = past.slice(0, windowsLookedAt - 1).filter((check) => check.kinds.includes("drift")).length;
  const streak = warned ? 1 + countRun(past) : 0;
  if (critical.length > 0) {
    return { findings, decision: "rollback", reason: joinSummaries(critical), streak };
  }
  if (drifted && 1 + earlier >= windowsToRetrain) {
    const reason = `drift in ${1 + earlier} of the last ${windowsLookedAt} windows: ${joinSummaries(findings.filter((finding) => finding.kind === "drift"))}`;
    return { findings, decision: "retrain", reason, streak };
  }
  if (warned) {
    const reason = `first seen in this window: ${joinSummaries(findings.filter((finding) => finding.severity !== "notice"))}`;
    return { findings, decision: "warn", reason, streak };
  }
  return { findings, decision: "ok", reason: input.drift ? input.drift.reason : "nothing was found", streak };
}

/** One finding per drifted column; none unless the verdict of the whole is drift. */
export function describeDrift(report: DriftReport): readonly Finding[] {
  const { multivariate } = report;
  const whole: readonly Finding[] =
    multivariate?.outcome === "drift"
      ? [
          {
            kind: "drift",
            subject: "rows as a whole",
            severity: "warning",
            summary: `rows as a whole: ${multivariate.reason}`,
            value: multivariate.classifier?.effect ?? null,
            threshold: report.policy.effect,
          },
        ]
      : [];
  const columns = report.columns
    .filter((column) => column.outcome === "drift")
    .map((column): Finding => {
      const severity = report.verdict === "drift" ? "warning" : "notice";
      const shared = {
        kind: "drift",
        subject: column.name,
        severity,
        summary: `${column.name}: ${column.reason}`,
      } as const;
      if (column.valuesOutcome === "drift") return { ...shared, value: column.effect, threshold: column.threshold };
      return column.missing.outcome === "drift"
        ? { ...shared, value: column.missing.currentRate, threshold: column.missing.referenceRate }
        : { ...shared, value: column.unlisted?.currentRate ?? null, threshold: column.unlisted?.referenceRate ?? null };
    });
  return [...columns, ...whole];
}

/** Earlier windows, each once, without this one, without those that ended too long ago; newest first. */
function selectRecent(input: IncidentInput): readonly PastCheck[] {
  const seen = new Set([nameWindow(input.window)]);
  const now = endOf(input.window);
  return input.history.filter((check) => {
    const name = nameWindow(check.window);
    if (check.window !== null && seen.has(name)) return false;
    seen.add(name);
    const end = endOf(check.window);
    const known = input.recentSeconds !== null && now !== null && end !== null;
    return !known || (now - end) / 1000 <= (input.recentSeconds ?? 0);
  });
}

function countRun(past: readonly PastCheck[]): number {
  const quiet = past.findIndex((check) => check.decision === "ok");
  return quiet < 0 ? past.length : quiet;
}

function nameWindow(window: MonitoringWindow | null): string {
  return JSON.stringify([window?.from ?? null, window?.to ?? null]);
}

function endOf(window: MonitoringWindow | null): number | null {
  const end = window?.to === undefined ? Number.NaN : Date.parse(window.to);
  return Number.isNaN(end) ? null : end;
}

const gravity = { critical: 0, warning: 1, notice: 2 } as const;

function sortByGravity(findings: readonly Finding[]): readonly Finding[] {
  return [...findings].sort((a, b) => gravity[a.severity] - gravity[b.severity]);
}

function joinSummaries(findings: readonly Finding[]): string {
  const shown = findings.slice(0, 3).map((finding) => finding.summary);
  return `${shown.join("; ")}${findings.length > 3 ? `; and ${findings.length - 3} more` : ""}`;
}
