// A drift report for a terminal and for a workflow's summary.
import type { ColumnDrift, DriftOutcome, DriftReport } from "../monitoring/drift-report.ts";
import { escapeMarkdown, renderName } from "./escape.ts";
import { cleanForTerminal, renderTextTable } from "./text-table.ts";

const shownInMarkdown = 60;
const ranks: Readonly<Record<DriftOutcome, number>> = { drift: 0, insufficient: 1, inconclusive: 2, stable: 3 };
const signs: Readonly<Record<DriftOutcome, string>> = {
  drift: "❌ drift",
  insufficient: "➖ insufficient",
  inconclusive: "❔ inconclusive",
  stable: "✅ stable",
};

/** Verdict, then one line per column, worst first. */
export function renderDriftText(report: DriftReport): string {
  const head = ["column", "type", "outcome", "effect", "interval", "adjusted p", "missing", "unlisted"];
  const lines = sortWorstFirst(report.columns).map((column) => [
    column.name,
    column.type,
    column.outcome,
    column.effect.toFixed(3),
    `${column.effectInterval[0].toFixed(3)} … ${column.effectInterval[1].toFixed(3)}`,
    renderSmall(column.adjustedPValue),
    `${renderRate(column.missing.referenceRate)} → ${renderRate(column.missing.currentRate)}`,
    column.unlisted && column.unlisted.currentRate > 0 ? renderRate(column.unlisted.currentRate) : "",
  ]);
  const unmatched = [
    ...report.unmatched.reference.map((name) => `only in the reference: ${cleanForTerminal(name)}`),
    ...report.unmatched.current.map((name) => `only in the current data: ${cleanForTerminal(name)}`),
  ];
  return [
    `${report.verdict}: ${cleanForTerminal(report.reason)}`,
    `reference ${report.reference.rows} rows, current ${report.current.rows} rows, ${report.tests} tests corrected together`,
    "",
    renderTextTable(head, lines, ["left", "left", "left", "right", "right", "right", "right", "right"]),
    ...(report.multivariate
      ? ["", `rows as a whole: ${report.multivariate.outcome}: ${cleanForTerminal(report.multivariate.reason)}`]
      : []),
    ...listCorrelations(report).map((line) => `go together otherwise: ${cleanForTerminal(line)}`),
    ...describeHow(report).map(cleanForTerminal),
    ...unmatched,
  ].join("\n");
}

/** The same for a step summary; names are escaped; stable columns are folded away. */
export function renderDriftMarkdown(report: DriftReport): string {
  const told = sortWorstFirst(report.columns).filter((column) => column.outcome !== "stable");
  const stable = report.columns.length - told.length;
  const rows = told.slice(0, shownInMarkdown).map((column) => {
    const bounds = column.effectInterval.map((bound) => (bound * 100).toFixed(1)).join(" … ");
    return `| ${renderName(column.name)} | ${signs[column.outcome]} | ${(column.effect * 100).toFixed(1)} (${bounds}) | ${renderSmall(column.adjustedPValue)} | ${escapeMarkdown(column.reason, 500)} |`;
  });
  const table =
    rows.length === 0
      ? []
      : ["", "| column | outcome | points moved (95 %) | adjusted p | why |", "|:--|:--|--:|--:|:--|", ...rows];
  return [
    `### ${signs[report.verdict]}: ${report.current.rows} rows against ${report.reference.rows}`,
    "",
    escapeMarkdown(report.reason, 2000),
    ...table,
    ...renderMultivariate(report),
    ...renderCorrelations(report),
    ...(told.length > shownInMarkdown ? ["", `and ${told.length - shownInMarkdown} columns more`] : []),
    ...(stable > 0 && told.length > 0 ? ["", `${stable} columns are stable.`] : []),
    ...describeHow(report).flatMap((line) => ["", escapeMarkdown(line, 1000)]),
    "",
    `<sub>${report.tests} tests, corrected together (Benjamini and Hochberg, ${report.policy.level}); drift needs an adjusted p of at most ${report.policy.level} and ${report.policy.effect * 100} points of the values moved.</sub>`,
  ].join("\n");
}

/** Drift first, then too few rows, inconclusive, stable; by effect within. */
const jointWords = {
  drift: "❌ moved",
  inconclusive: "❔ not shown to have moved",
  insufficient: "➖ insufficient",
};

/** The rows as a whole: outcome, why, and what the classifier looks at. */
function renderMultivariate({ multivariate }: DriftReport): readonly string[] {
  if (multivariate === null) return [];
  const { outcome, reason, classifier, rows, drivers } = multivariate;
  const named = drivers.map(({ name, lostArea }) => `${renderName(name)} (${(lostArea * 100).toFixed(1)})`);
  return [
    "",
    `**Rows as a whole: ${jointWords[outcome]}.** ${escapeMarkdown(reason, 1000)}`,
    ...(outcome === "drift" && named.length > 0
      ? [
          "",
          `Points of area lost without a column: ${named.join(", ")}. It looks at ${classifier?.terms
            .slice(0, 5)
            .map((term) => renderName(term))
            .join(", ")}.`,
        ]
      : []),
    "",
    `<sub>A ridge logistic regression over the features, squares and products whose means differ most, and the principal components of the reference; learned on half of ${rows.reference} and ${rows.current} sampled rows, tested on the other half; both p-values are in the family of the run.</sub>`,
  ];
}

/** The clearest changes, one line each. */
function listCorrelations({ correlations }: DriftReport): readonly string[] {
  return (correlations?.changed ?? [])
    .slice(0, 5)
    .map(
      ({ x, y, reference, current }) =>
        `${x} and ${y} (correlation ${reference.toFixed(2)}, now ${current.toFixed(2)})`,
    );
}

function renderCorrelations(report: DriftReport): readonly string[] {
  const lines = listCorrelations(report);
  if (lines.length === 0) return [];
  return ["", `Columns that go together otherwise (told, not tested): ${escapeMarkdown(lines.join(", "), 1000)}.`];
}

function describeHow(report: DriftReport): readonly string[] {
  const { groupedBy, referenceWindows, columns } = report;
  const effect = Math.max(1, ...columns.map((column) => column.groups?.designEffect ?? 1));
  const learned = columns.filter(
    (column) => column.learnedEffect !== null && column.threshold === column.learnedEffect,
  );
  return [
    ...(groupedBy === null
      ? []
      : [
          `Rows of one ${groupedBy} depend on each other: p-values exchange whole groups, and up to ${effect.toFixed(1)} rows say as much as one independent row.`,
        ]),
    ...(referenceWindows === 0
      ? []
      : [
          `Thresholds learned from ${referenceWindows} reference windows, each against the others${
            learned.length === 0
              ? ": no column moves so much by itself"
              : `; raised for ${learned
                  .map(({ name, threshold }) => `${name} (${(threshold * 100).toFixed(1)} points)`)
                  .slice(0, 5)
                  .join(", ")}`
          }.`,
        ]),
  ];
}

export function sortWorstFirst(columns: readonly ColumnDrift[]): readonly ColumnDrift[] {
  return [...columns].sort((a, b) => ranks[a.outcome] - ranks[b.outcome] || b.effect - a.effect);
}

function renderRate(rate: number): string {
  return `${(rate * 100).toFixed(1)} %`;
}

function renderSmall(p: number): string {
  if (p === 0) return "below 1e-300";
  return p < 0.001 ? p.toExponential(1) : p.toFixed(3);
}
