// The drift report as one HTML file that stands alone: what happened, a picture of every column, how each number is made.
import type { ColumnDrift, DriftOutcome, DriftReport } from "../monitoring/drift-report.ts";
import { defaultSmallestGroup } from "../monitoring/published-profile.ts";
import { nameCell, renderDistribution } from "./distribution-picture.ts";
import { sortWorstFirst } from "./drift.ts";
import { renderMethods } from "./drift-methods.ts";
import { driftPageStyle } from "./drift-page-style.ts";
import { listCircumstances, renderCorrelations, renderWholeRows } from "./drift-page-whole.ts";
import { countBytes } from "./escape.ts";
import { renderHtmlText, renderPage } from "./html.ts";
import { renderCount, renderPlural } from "./numbers.ts";

/** A page is at most this long whatever the data. */
export const driftPageLimitBytes = 1_000_000;

const words: Readonly<Record<DriftOutcome, string>> = {
  drift: "✗ drift",
  insufficient: "– too few rows",
  inconclusive: "? inconclusive",
  stable: "✓ stable",
};
const outcomes = ["drift", "insufficient", "inconclusive", "stable"] as const;

const told = ["drift", "insufficient", "inconclusive"] as const;

/** What is shown of columns with which outcomes, richest first: the first that fits is taken. */
const levels = [
  { measures: outcomes, names: outcomes, pictures: outcomes, columns: Number.POSITIVE_INFINITY },
  { measures: told, names: told, pictures: outcomes, columns: Number.POSITIVE_INFINITY },
  { measures: ["drift"], names: ["drift"], pictures: outcomes, columns: Number.POSITIVE_INFINITY },
  { measures: [], names: [], pictures: outcomes, columns: Number.POSITIVE_INFINITY },
  { measures: [], names: [], pictures: ["drift"], columns: Number.POSITIVE_INFINITY },
  { measures: [], names: [], pictures: [], columns: 800 },
] as const satisfies readonly Level[];
interface Level {
  readonly measures: readonly DriftOutcome[];
  /** Names and shares of categories. */
  readonly names: readonly DriftOutcome[];
  readonly pictures: readonly DriftOutcome[];
  readonly columns: number;
}

/**
 * The page, under `driftPageLimitBytes`: where there are many columns, the quiet ones lose their measures and names of categories first, pictures go last,
 * and beyond that only the worst 800 are listed and the rest counted. `at` is when the report was made.
 */
export function renderDriftPage(report: DriftReport, at: Date): string {
  let page = "";
  for (const level of levels) {
    page = renderAt(report, at, level);
    if (countBytes(page) < driftPageLimitBytes) break;
  }
  return page;
}

function renderAt(report: DriftReport, at: Date, level: Level): string {
  const columns = sortWorstFirst(report.columns);
  const shown = columns.slice(0, level.columns);
  const body = [
    "<main>",
    renderHead(report, at),
    ...listCircumstances(report).map((line) => `<p>${renderHtmlText(line, 400)}</p>`),
    ...renderWholeRows(report),
    renderFilter(columns),
    '<div class="wide"><table><thead><tr><th>column</th><th>outcome</th><th>distribution<br><small><span class="r">reference</span> · <span class="c">current</span></small></th><th><a href="#moved">points moved</a><br><small>95 % interval</small></th><th><a href="#adjusted">adjusted p</a></th><th><a href="#missing">missing</a></th><th>why</th></tr></thead><tbody>',
    ...shown.map((column) => renderColumn(column, level)),
    "</tbody></table></div>",
    ...(shown.length < columns.length
      ? [`<p>and ${renderPlural(columns.length - shown.length, "column")} more; the JSON report has all.</p>`]
      : []),
    ...renderCorrelations(report),
    ...renderUnmatched(report),
    renderMethods(report),
    "</main>",
  ].join("\n");
  return renderPage({ title: `Drift: ${report.verdict}`, style: driftPageStyle, body });
}

/** What drifted, in one line; nothing when nothing did, since the reason says it then. */
function renderLead({ columns }: DriftReport): readonly string[] {
  const moved = sortWorstFirst(columns).filter(({ outcome }) => outcome === "drift");
  if (moved.length === 0) return [];
  const names = moved.slice(0, 8).map(({ name }) => `<strong>${renderHtmlText(name, 60)}</strong>`);
  return [
    `<p class="reason">${renderCount(moved.length)} of ${renderPlural(columns.length, "column")} drifted: ${names.join(", ")}${moved.length > names.length ? ` and ${renderCount(moved.length - names.length)} more` : ""}.</p>`,
  ];
}

function renderHead(report: DriftReport, at: Date): string {
  const moved = report.columns.filter(({ outcome }) => outcome === "drift");
  const side = (name: string, { source, rows }: DriftReport["reference"]): string =>
    `<dt>${name}</dt><dd>${source === null ? "" : `<code>${renderHtmlText(source)}</code>, `}${renderPlural(rows, "row")}</dd>`;
  return [
    `<h1 class="${report.verdict}">${words[report.verdict]}</h1>`,
    ...renderLead(report),
    moved.length === 0
      ? `<p class="reason">${renderHtmlText(report.reason, 2000)}</p>`
      : `<details class="words"><summary>with the numbers</summary>${renderHtmlText(report.reason, 2000)}</details>`,
    `<dl>${side("reference", report.reference)}${side("current", report.current)}<dt>tests</dt><dd>${renderCount(report.tests)}, <a href="#adjusted">corrected together</a></dd><dt>made</dt><dd>${at.toISOString().slice(0, 16).replace("T", " ")} UTC</dd></dl>`,
  ].join("\n");
}

/** Check boxes that hide rows by CSS alone; stable columns start hidden when there are others and many. */
function renderFilter(columns: readonly ColumnDrift[]): string {
  const count = (outcome: DriftOutcome): number => columns.filter((column) => column.outcome === outcome).length;
  const boxes = outcomes
    .filter((outcome) => count(outcome) > 0)
    .map((outcome) => {
      const hidden = outcome === "stable" && columns.length > 200 && count("stable") < columns.length;
      return `<label class="${outcome}"><input type="checkbox" id="show-${outcome}"${hidden ? "" : " checked"}> ${words[outcome]} (${renderCount(count(outcome))})</label>`;
    });
  return `<p class="filter">${boxes.join(" ")}</p>`;
}

function renderColumn(column: ColumnDrift, level: Level): string {
  const rich = level.names.includes(column.outcome);
  const picture = level.pictures.includes(column.outcome)
    ? renderDistribution(column.distribution, rich ? describePicture(column) : "reference and current", rich)
    : "";
  const [low, high] = column.effectInterval;
  const missing = `${renderRate(column.missing.referenceRate)} → ${renderRate(column.missing.currentRate)}`;
  const shares = rich ? renderShares(column) : "";
  const measures = level.measures.includes(column.outcome) ? renderMeasures(column) : "";
  return [
    `<tr class="${column.outcome}"><th scope="row">${renderHtmlText(column.name, 120)}<small>${column.type}</small></th>`,
    `<td class="outcome">${words[column.outcome]}</td>`,
    `<td>${picture}${picture === "" ? "" : renderAxis(column, level)}</td>`,
    column.test === "none"
      ? "<td></td><td></td>"
      : `<td class="number">${points(column.effect)}<small>${points(low)} … ${points(high)}</small>${renderScale(column)}</td><td class="number">${renderSmall(column.adjustedPValue)}<small>${column.test}</small></td>`,
    `<td class="number">${column.missing.referenceRate + column.missing.currentRate === 0 ? "" : missing}</td>`,
    `<td class="why">${renderHtmlText(column.reason, 400)}${renderNewCategories(column)}${shares}${measures}</td></tr>`,
  ].join("");
}

/** A line from 0 to 40 points: the interval, the estimate, the threshold. */
function renderScale(column: ColumnDrift): string {
  const place = (share: number): number => Math.round(Math.min(1, share / 0.4) * 100);
  const [low, high] = column.effectInterval;
  const from = place(low);
  return `<svg viewBox="0 0 100 8" class="scale" aria-hidden="true"><path class="t" d="M${place(column.threshold)} 0v8"/><path class="i" d="M${from} 4h${Math.max(1, place(high) - from)}"/><path class="e" d="M${place(column.effect)} 1v6"/></svg>`;
}

/** What the picture shows, in words: where each side has most of its values. */
function describePicture(column: ColumnDrift): string {
  const { edges, names, reference, current } = column.distribution;
  const most = (shares: readonly number[]): string => {
    const at = shares.indexOf(Math.max(...shares));
    const share = renderRate(shares[at] ?? 0);
    if (edges)
      return `${share} from ${renderEdge(edges[at] ?? 0, column)} to ${renderEdge(edges[at + 1] ?? 0, column)}`;
    return names ? `${share} ${nameCell(names, at)}` : `${share} in category ${at + 1} of ${shares.length}`;
  };
  return `${column.name}: most of the reference, ${most(reference)}; most of the current data, ${most(current)}`;
}

/** The shares of every category a picture shows, as text. */
function renderShares({ distribution: { names, reference, current } }: ColumnDrift): string {
  if (names === null) return "";
  const lines = names.map(
    (_, at) =>
      `<tr><td>${renderHtmlText(nameCell(names, at), 60)}</td><td>${renderRate(reference[at] ?? 0)}</td><td>${renderRate(current[at] ?? 0)}</td></tr>`,
  );
  return `<details><summary>shares</summary><table><tr><th>category</th><th>reference</th><th>current</th></tr>${lines.join("")}</table></details>`;
}

function renderAxis(column: ColumnDrift, level: Level): string {
  const { edges, names } = column.distribution;
  if (edges === null) {
    if (names === null || !level.names.includes(column.outcome)) return "";
    return `<small class="names">${renderHtmlText(names.map((_, at) => nameCell(names, at)).join(" · "), 80)}</small>`;
  }
  const [first, last] = [edges[0], edges.at(-1)];
  if (first === undefined || last === undefined) return "";
  const unit = column.type === "text" ? " characters" : "";
  return `<small class="axis"><span>${renderEdge(first, column)}</span><span>${renderEdge(last, column)}${unit}</span></small>`;
}

function renderEdge(value: number, column: ColumnDrift): string {
  if (column.type !== "datetime") return escapeNumber(value);
  const date = new Date(value / 1000);
  return Number.isNaN(date.getTime()) ? "" : date.toISOString().slice(0, 10);
}

/** A page is passed on: it names what at least ten rows have. */
function renderNewCategories(column: ColumnDrift): string {
  const values = (column.unlisted?.values ?? []).filter(({ rows }) => rows >= defaultSmallestGroup);
  if (values.length === 0) return "";
  return `<small>new: ${values.map(({ value, rows }) => `${renderHtmlText(value, 40)} (${renderCount(rows)})`).join(", ")}</small>`;
}

function renderMeasures(column: ColumnDrift): string {
  const entries = Object.entries(column.measures).flatMap(([id, value]) =>
    value === null ? [] : [`${id} ${escapeNumber(value)}`],
  );
  return entries.length === 0 ? "" : `<details><summary>measures</summary>${entries.join("<br>")}</details>`;
}

function renderUnmatched({ unmatched }: DriftReport): readonly string[] {
  const line = (names: readonly string[], where: string): readonly string[] =>
    names.length === 0
      ? []
      : [
          `<p>Only in the ${where}, not compared: ${names
            .slice(0, 50)
            .map((name) => `<code>${renderHtmlText(name, 80)}</code>`)
            .join(", ")}${names.length > 50 ? ` and ${names.length - 50} more` : ""}</p>`,
        ];
  return [...line(unmatched.reference, "reference"), ...line(unmatched.current, "current data")];
}

function points(share: number): string {
  return (share * 100).toFixed(1);
}

function renderRate(rate: number): string {
  return `${(rate * 100).toFixed(1)} %`;
}

function renderSmall(p: number): string {
  if (p === 0) return "&lt; 1e-300";
  return p < 0.001 ? p.toExponential(0) : p.toFixed(3);
}

function escapeNumber(value: number): string {
  return String(Number(value.toPrecision(4)));
}
