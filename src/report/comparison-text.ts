// A comparison as a terminal shows it: the verdict first, then the gates, then the numbers.
import type { Comparison, GateVerdict, MetricComparison } from "../evaluation/comparison.ts";
import { renderFairnessText } from "./fairness-text.ts";
import {
  chooseDecimals,
  noNumber,
  renderCount,
  renderDifference,
  renderInterval,
  renderNumber,
  renderPercent,
  renderPlural,
} from "./numbers.ts";
import { cleanForTerminal, renderTextTable } from "./text-table.ts";

/** Plain text without markdown; ends without a newline. */
export function renderComparisonText(comparison: Comparison): string {
  const { gates, metrics, remarks } = comparison;
  const overall = metrics.filter(({ slice }) => slice === null);
  const sliced = metrics.filter(({ slice }) => slice !== null);
  const parts = [
    renderHeadline(comparison),
    gates.length > 0 ? renderGates(gates) : "",
    renderMetrics(overall, false),
    sliced.length > 0 ? renderMetrics(sliced, true) : "",
    renderFairnessText(comparison.fairness),
    overall.concat(sliced).filter(isUnmeasured).map(renderReason).join("\n"),
    (remarks ?? []).map(cleanForTerminal).join("\n"),
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

function renderHeadline({ verdict, gates, rows, unchanged }: Comparison): string {
  const count = (outcome: string): number => gates.filter((gate) => gate.outcome === outcome).length;
  const words = {
    pass: gates.length === 0 ? "pass: no gates" : `pass: ${renderPlural(gates.length, "gate")}`,
    fail: `fail: ${count("fail")} of ${renderPlural(gates.length, "gate")}`,
    inconclusive: `inconclusive: ${count("inconclusive")} of ${renderPlural(gates.length, "gate")}`,
  };
  const same = unchanged ? ", both models predict the same on every row" : "";
  return `${words[verdict]} (${renderPlural(rows, "row")}${same})`;
}

function renderGates(gates: readonly GateVerdict[]): string {
  const lines = gates.map((gate) => {
    const place = gate.slice === null ? "" : `[${gate.slice}]`;
    const name = cleanForTerminal(`${gate.metric}${place} ${gate.resolved}`);
    const extra = [
      gate.outcome === "inconclusive" && gate.passableMargin !== null && gate.threshold !== null
        ? `with these rows equal models pass a margin of ${renderNumber(gate.passableMargin, chooseDecimals(null, gate.passableMargin))} (80 %)`
        : null,
      gate.severity === "warn" ? "only warns" : null,
    ].filter((text) => text !== null);
    const note = extra.length > 0 ? `\n    ${extra.join("; ")}` : "";
    return `  ${gate.outcome.padEnd(12)}  ${name}\n    ${cleanForTerminal(gate.reason)}${note}`;
  });
  return ["gates", ...lines].join("\n");
}

function renderMetrics(metrics: readonly MetricComparison[], sliced: boolean): string {
  const confidence = metrics[0]?.confidence ?? 0.95;
  const header = [
    "metric",
    ...(sliced ? ["slice", "rows"] : []),
    "baseline",
    "candidate",
    `difference (${renderPercent(confidence)} interval)`,
    "p",
  ];
  const rows = metrics.map((metric) => [
    metric.metric,
    ...(sliced ? [metric.slice ?? "", renderCount(metric.rows)] : []),
    ...renderNumbers(metric),
  ]);
  const numbers = ["right", "right", "left", "right"] as const;
  return renderTextTable(header, rows, sliced ? ["left", "left", "right", ...numbers] : ["left", ...numbers]);
}

function renderNumbers({
  baseline,
  candidate,
  difference,
  interval,
  test,
  pValue,
}: MetricComparison): readonly string[] {
  const decimals = chooseDecimals(test === "identical" ? null : interval, candidate ?? baseline);
  const range = interval === null || test === "identical" ? "" : ` (${renderInterval(interval, decimals, true)})`;
  const change = test === "identical" ? "unchanged" : `${renderDifference(difference, decimals)}${range}`;
  return [renderNumber(baseline, decimals), renderNumber(candidate, decimals), change, renderPValue(pValue)];
}

function isUnmeasured({ candidate, interval, reason }: MetricComparison): boolean {
  return reason !== null && (candidate === null || interval === null);
}

function renderReason({ metric, slice, reason }: MetricComparison): string {
  return cleanForTerminal(`${metric}${slice === null ? "" : `[${slice}]`}: ${reason}`);
}

/** `0.03`, `<0.001`. */
function renderPValue(p: number | null): string {
  if (p === null) return noNumber;
  return p < 0.001 ? "<0.001" : renderNumber(p, p < 0.1 ? 3 : 2);
}
