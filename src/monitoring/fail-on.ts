// What ends `drift` and `monitor` with exit code 1, beside what they say.
import type { DriftReport } from "./drift-report.ts";

/** What `drift --fail-on` knows. */
export const driftFailures = ["drift", "severe", "missing", "insufficient", "inconclusive", "never"] as const;
export type DriftFailure = (typeof driftFailures)[number];

/** What `monitor --fail-on` knows. */
export const monitorFailures = [
  "warn",
  "retrain",
  "rollback",
  "drift",
  "performance",
  "data",
  "insufficient",
  "inconclusive",
  "never",
] as const;
export type MonitorFailure = (typeof monitorFailures)[number];

/**
 * True when one of `names` holds: `drift`, the verdict; `severe`, a column whose values drifted by the severe effect;
 * `missing`, a column that is gone or whose missing cells drifted; `insufficient` and `inconclusive`, the verdict or any
 * column. `never` holds never.
 */
export function failsOn(report: DriftReport, names: readonly DriftFailure[]): boolean {
  return names.some((name) => {
    if (name === "never") return false;
    if (name === "drift") return report.verdict === "drift";
    if (name === "severe") return report.columns.some((column) => column.severity === "severe");
    if (name === "missing") {
      return report.unmatched.reference.length > 0 || report.columns.some(({ missing }) => missing.outcome === "drift");
    }
    return report.verdict === name || report.columns.some(({ outcome }) => outcome === name);
  });
}
