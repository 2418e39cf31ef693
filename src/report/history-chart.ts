// The first metric over past versions, as a mermaid chart; the same numbers are a table in the details.
import type { ModelEvidence } from "../evidence/evidence.ts";
import { type Block, tableBlock, textBlock } from "./blocks.ts";
import { escapeMarkdown, renderChartLabel } from "./escape.ts";
import { chooseDecimals, renderNumber } from "./numbers.ts";

const shownVersions = 11;

interface Bar {
  readonly label: string;
  readonly value: number;
}

/** Empty without a past, or when this change's value is unknown. */
export function renderHistoryChart(model: ModelEvidence): Block[] {
  const bars = listBars(model);
  if (bars.length < 2 || model.historyMetric === null) return [];
  const values = bars.map(({ value }) => value);
  const [low, high] = chooseAxis(Math.min(...values), Math.max(...values));
  const metric = renderChartLabel(model.historyMetric, 40);
  return [
    textBlock(
      [
        "```mermaid",
        "xychart-beta",
        `  title "${metric} of ${renderChartLabel(model.model, 64)} by version"`,
        `  x-axis [${bars.map(({ label }) => `"${renderChartLabel(label, 16)}"`).join(", ")}]`,
        `  y-axis ${low} --> ${high}`,
        `  bar [${values.map(plain).join(", ")}]`,
        "```",
      ].join("\n"),
    ),
  ];
}

/** The chart's numbers. */
export function renderHistoryTable(model: ModelEvidence): Block[] {
  const bars = listBars(model);
  if (bars.length < 2 || model.historyMetric === null) return [];
  const rows = bars.map(({ label, value }) => [
    escapeMarkdown(label, 100),
    renderNumber(value, chooseDecimals(null, value)),
  ]);
  return [tableBlock(["version", escapeMarkdown(model.historyMetric, 120)], [":--", "--:"], rows)];
}

function listBars(model: ModelEvidence): Bar[] {
  const past = model.history.map(({ version, value }) => ({ label: version, value }));
  const compared = model.comparison?.metrics.find(
    ({ metric, slice }) => metric === model.historyMetric && slice === null,
  );
  const measured = model.evaluation?.metrics.find(
    ({ metric, slice }) => metric === model.historyMetric && slice === null,
  );
  const now = compared?.candidate ?? measured?.value ?? null;
  return now === null ? [] : [...past.slice(1 - shownVersions), { label: "this", value: now }];
}

/** Metrics in [0, 1] get an axis to 1 and from 0 or 0.5; others the range with a tenth of air. */
function chooseAxis(low: number, high: number): readonly [string, string] {
  if (low >= 0 && high <= 1) return [low >= 0.5 ? "0.5" : "0", "1"];
  const air = (high - low || Math.abs(high) || 1) / 10;
  return [plain(low >= 0 ? Math.max(0, low - air) : low - air), plain(high + air)];
}

/** A number mermaid reads: no exponent, no grouping. */
function plain(value: number): string {
  return String(Number(value.toFixed(chooseDecimals(null, value) + 1)));
}
