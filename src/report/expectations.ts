// Expectations and what became of them, for a terminal and for a workflow's summary.
import { cutToBytes, escapeMarkdown, flattenText, renderName } from "./escape.ts";
import { renderTextTable } from "./text-table.ts";

interface Result {
  readonly column: string | null;
  readonly check: string;
  readonly expected: string;
  readonly passed: boolean;
  readonly failing: number;
  readonly exampleRows: readonly number[];
  readonly exampleValues?: readonly (string | null)[];
  readonly reason: string;
}

export interface CheckedSources {
  readonly model: string;
  readonly passed: boolean;
  readonly sources: readonly { readonly source: string; readonly rows: number; readonly results: readonly Result[] }[];
}

/** One line per check, failing ones first. */
export function renderExpectationsText(report: CheckedSources): string {
  const blocks = report.sources.map(({ source, rows, results }) => {
    const lines = sortFailingFirst(results).map((result) => [
      result.passed ? "holds" : "FAILS",
      result.column ?? "",
      result.check,
      result.expected,
      result.reason + describeRows(result),
    ]);
    return `${source}: ${rows} rows\n${renderTextTable(["", "column", "check", "expected", "found"], lines, [])}`;
  });
  return [`${report.model}: ${report.passed ? "all expectations hold" : "an expectation fails"}`, ...blocks].join(
    "\n\n",
  );
}

/** The failing checks as a table; a sentence when all hold. */
export function renderExpectationsMarkdown(report: CheckedSources): string {
  const failing = report.sources.flatMap(({ source, results }) =>
    results.filter((result) => !result.passed).map((result) => ({ source, result })),
  );
  const count = report.sources.reduce((sum, { results }) => sum + results.length, 0);
  if (failing.length === 0) return `### ✅ ${renderName(report.model)}: all ${count} expectations of the data hold`;
  const rows = failing
    .slice(0, 100)
    .map(
      ({ source, result }) =>
        `| ${renderName(source)} | ${result.column === null ? "" : renderName(result.column)} | ${escapeMarkdown(`${result.check}: ${result.expected}`, 300)} | ${escapeMarkdown(result.reason + describeRows(result), 300)} |`,
    );
  return [
    `### ❌ ${renderName(report.model)}: ${failing.length} of ${count} expectations of the data fail`,
    "",
    "| data | column | expected | found |",
    "|:--|:--|:--|:--|",
    ...rows,
  ].join("\n");
}

function sortFailingFirst(results: readonly Result[]): readonly Result[] {
  return [...results].sort((a, b) => Number(a.passed) - Number(b.passed));
}

function describeRows({ failing, exampleRows, exampleValues }: Result): string {
  if (exampleRows.length === 0) return "";
  const rows = exampleRows.map((row, i) => {
    const value = exampleValues?.[i];
    return value === undefined
      ? `${row}`
      : `${row} (${value === null ? "missing" : cutToBytes(flattenText(value), 40)})`;
  });
  return `; ${failing === 1 ? "row" : "rows"} ${rows.join(", ")}${failing > exampleRows.length ? ", …" : ""}`;
}
