// A drift report as findings: what incidents are decided from.
import type { DriftReport } from "./drift-report.ts";
import type { Finding } from "./incidents.ts";

/**
 * One finding per drifted column: a warning when the verdict of the whole is drift, a notice when the drifted columns
 * hardly matter to the model. Inconclusive and insufficient columns are no findings.
 */
export function describeDrift(report: DriftReport): readonly Finding[] {
  return report.columns
    .filter((column) => column.outcome === "drift")
    .map((column): Finding => {
      const severity = report.verdict === "drift" ? "warning" : "notice";
      const shared = {
        kind: "drift",
        subject: column.name,
        severity,
        summary: `${column.name}: ${column.reason}`,
      } as const;
      if (column.valuesOutcome === "drift") return { ...shared, value: column.effect, threshold: report.policy.effect };
      return column.missing.outcome === "drift"
        ? { ...shared, value: column.missing.currentRate, threshold: column.missing.referenceRate }
        : { ...shared, value: column.unlisted?.currentRate ?? null, threshold: column.unlisted?.referenceRate ?? null };
    });
}
