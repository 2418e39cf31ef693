// Drift reports and expectations as JUnit's test cases.
import type { DriftReport } from "../monitoring/drift-report.ts";
import type { CheckedSources } from "./expectations.ts";
import type { JunitCase } from "./junit.ts";

/** A case per column: drift fails; too few rows and inconclusive are skipped with their reason, never passed. */
export function listDriftCases(report: DriftReport): readonly JunitCase[] {
  const columns = report.columns.map(
    ({ name, type, outcome, reason }): JunitCase => ({
      name,
      group: `drift.${type}`,
      outcome: outcome === "drift" ? "failed" : outcome === "stable" ? "passed" : "skipped",
      reason: `${outcome}: ${reason}`,
    }),
  );
  const unmatched = [
    ...report.unmatched.reference.map((name) => ({ name, side: "reference" })),
    ...report.unmatched.current.map((name) => ({ name, side: "current data" })),
  ].map(
    ({ name, side }): JunitCase => ({
      name,
      group: "drift.unmatched",
      outcome: "skipped",
      reason: `only the ${side} has this column`,
    }),
  );
  const { multivariate } = report;
  const whole: readonly JunitCase[] =
    multivariate === null
      ? []
      : [
          {
            name: "rows as a whole",
            group: "drift.multivariate",
            outcome: multivariate.outcome === "drift" ? "failed" : "skipped",
            reason: `${multivariate.outcome}: ${multivariate.reason}`,
          },
        ];
  return [...columns, ...whole, ...unmatched];
}

/** A case per check of every source. */
export function listExpectationCases(report: CheckedSources): readonly JunitCase[] {
  return report.sources.flatMap(({ source, results }) =>
    results.map(
      (result): JunitCase => ({
        name: [result.column, result.check, result.expected].filter((part) => part !== null && part !== "").join(" "),
        group: `expect.${source.replaceAll(".", "_")}`,
        outcome: result.passed ? "passed" : "failed",
        reason: `expected ${result.expected}; ${result.reason}${result.exampleRows.length > 0 ? `; ${result.exampleRows.length === 1 ? "row" : "rows"} ${result.exampleRows.join(", ")}` : ""}`,
      }),
    ),
  );
}
