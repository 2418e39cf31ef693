// Everything else about a model, folded: all metrics, the numbers behind each gate, benchmark, data, training.
import type { ModelEvidence } from "../evidence/evidence.ts";
import { RunRecord } from "../evidence/run-record.ts";
import { renderBehaviours } from "./behaviours.ts";
import { type Block, foldBlock, tableBlock, textBlock } from "./blocks.ts";
import { escapeMarkdown } from "./escape.ts";
import { renderUnexplained } from "./explanation.ts";
import { renderFairness } from "./fairness.ts";
import { nameBaseline, nameMetric } from "./gate-table.ts";
import { renderHistoryTable } from "./history-chart.ts";
import {
  chooseDecimals,
  chooseUnit,
  noNumber,
  renderCount,
  renderDifference,
  renderInterval,
  renderNumber,
  renderPlural,
} from "./numbers.ts";
import { renderPictures } from "./pictures.ts";
import type { ModelStanding } from "./standing.ts";
import { renderWindow } from "./window.ts";

/** Nothing for a model that was not judged. */
export function renderDetails(model: ModelStanding, alone: boolean): Block[] {
  const evidence = model.evidence;
  if (evidence?.status !== "judged") return [];
  const parts = [
    ...section("Metrics", renderMetrics(evidence)),
    ...section("Numbers behind the gates", renderGateNumbers(model)),
    ...section("Pictures", renderPictures(evidence.curves)),
    ...section("Fairness", renderFairness(evidence.comparison?.fairness ?? evidence.evaluation?.fairness)),
    ...section("Behaviours", renderBehaviours(evidence)),
    ...section("What it looks at", renderUnexplained(evidence)),
    ...section("Past versions", renderHistoryTable(evidence)),
    ...section("Benchmark", renderBenchmark(evidence)),
    ...section("Data and training", renderProvenance(evidence)),
  ];
  if (parts.length === 0) return [];
  const of = alone ? "" : ` of ${escapeMarkdown(model.name)}`;
  return [foldBlock(`All metrics, gate numbers, benchmark, data${of}`, parts)];
}

function section(title: string, blocks: readonly Block[]): Block[] {
  return blocks.length === 0 ? [] : [textBlock(`**${title}**`), ...blocks];
}

/** Every metric: compared with the baseline where there is a comparison, else alone. */
export function renderMetrics(model: ModelEvidence, candidate = "this change"): Block[] {
  if (model.comparison) {
    const rows = model.comparison.metrics.map((metric) => {
      const unit = chooseUnit(metric.metric, metric.baseline ?? metric.candidate);
      const scale = (value: number | null) => (value === null ? null : value * unit.factor);
      const interval =
        metric.interval && ([metric.interval[0] * unit.factor, metric.interval[1] * unit.factor] as const);
      const decimals = chooseDecimals(interval, scale(metric.candidate));
      const difference = renderDifference(scale(metric.difference), decimals);
      return [
        nameMetric(metric.metric, metric.slice),
        renderNumber(scale(metric.baseline), decimals) + (metric.baseline === null ? "" : unit.symbol),
        renderNumber(scale(metric.candidate), decimals) + (metric.candidate === null ? "" : unit.symbol),
        interval ? `${difference} (${renderInterval(interval, decimals, true)})` : difference,
        `${escapeMarkdown(metric.test, 60)}${metric.pValue === null ? "" : `, p ${renderPValue(metric.pValue)}`}`,
        renderCount(metric.rows),
        escapeMarkdown(metric.reason ?? "", 200),
      ];
    });
    const head = [
      "metric",
      nameBaseline(model),
      candidate,
      "difference (interval)",
      "test of no difference",
      "rows",
      "",
    ];
    return [tableBlock(head, [":--", "--:", "--:", ":--", ":--", "--:", ":--"], rows)].filter(() => rows.length > 0);
  }
  const rows = (model.evaluation?.metrics ?? []).map((metric) => {
    const decimals = chooseDecimals(metric.interval, metric.value);
    return [
      nameMetric(metric.metric, metric.slice),
      renderNumber(metric.value, decimals),
      metric.interval ? renderInterval(metric.interval, decimals, false) : noNumber,
      renderCount(metric.rows),
      escapeMarkdown(metric.reason ?? "", 200),
    ];
  });
  const head = ["metric", "value", "interval", "rows", ""];
  return rows.length === 0 ? [] : [tableBlock(head, [":--", "--:", ":--", "--:", ":--"], rows)];
}

function renderGateNumbers(model: ModelStanding): Block[] {
  // A behaviour's numbers are a section of their own.
  const measured = model.gates.filter(({ gate }) => !gate.metric.startsWith("behaviour("));
  if (measured.length === 0) return [];
  const rows = measured.map(({ gate, second }) => {
    const decimals = chooseDecimals(gate.interval, gate.value);
    return [
      escapeMarkdown(gate.id, 200) + (second ? " (old evaluation set)" : ""),
      escapeMarkdown(gate.resolved, 200),
      renderPValue(gate.pValuePass),
      `${renderPValue(gate.pValueFail)}${gate.adjustedPValueFail === null ? "" : ` (${renderPValue(gate.adjustedPValueFail)})`}`,
      renderNumber(gate.smallestDetectableEffect, decimals),
      renderNumber(gate.passableMargin, decimals),
      renderCount(gate.rows),
    ];
  });
  const head = [
    "gate",
    "resolved",
    "p of pass",
    "p of fail (Holm)",
    "smallest loss it calls a fail (80 %)",
    "passable margin (80 %)",
    "rows",
  ];
  return [tableBlock(head, [":--", ":--", "--:", "--:", "--:", "--:", "--:"], rows)];
}

/** `0.03`, `<0.001`. */
export function renderPValue(p: number | null): string {
  if (p === null || !Number.isFinite(p)) return noNumber;
  if (p < 0.001) return "&lt;0.001";
  return renderNumber(p, p < 0.1 ? 3 : 2);
}

/** The benchmark of a model, if it has one. */
export function renderBenchmark(model: ModelEvidence, candidate = "this change"): Block[] {
  const benchmark = model.benchmark;
  if (!benchmark) return [];
  const row = (name: string, metric: string, baseline: number | null, candidate: number, ratio: string) => {
    const unit = chooseUnit(metric, candidate);
    const show = (value: number | null) => {
      if (value === null) return noNumber;
      return renderNumber(value * unit.factor, chooseDecimals(null, value * unit.factor)) + unit.symbol;
    };
    return [name, show(baseline), show(candidate), ratio];
  };
  const quantile = ({ ratio, interval }: (typeof benchmark.latency)["p50"]) =>
    ratio === null
      ? noNumber
      : `×${renderNumber(ratio, 2)}${interval ? ` (${renderInterval(interval, 2, false)})` : ""}`;
  const { latency, throughput, memory, size } = benchmark;
  const rows = [
    row("latency p50", "latency_p50", latency.p50.baseline, latency.p50.candidate, quantile(latency.p50)),
    row("latency p99", "latency_p99", latency.p99.baseline, latency.p99.candidate, quantile(latency.p99)),
    row("rows per second", "throughput", throughput.baseline, throughput.candidate, ""),
    row("memory", "memory", memory.baseline, memory.candidate, ""),
    row("size", "size", size.baseline, size.candidate, ""),
  ];
  const engine = benchmark.engine;
  const note = `${benchmark.outcome}: ${escapeMarkdown(benchmark.reason, 400)} ${escapeMarkdown(engine.name, 60)} ${escapeMarkdown(engine.version, 60)}, ${escapeMarkdown(engine.cpu, 120)}, ${renderCount(benchmark.pairs)} interleaved pairs.`;
  return [
    tableBlock(["", nameBaseline(model), candidate, "ratio (interval)"], [":--", "--:", "--:", ":--"], rows),
    textBlock(note),
  ];
}

function renderProvenance(model: ModelEvidence): Block[] {
  const rows: string[][] = [];
  const data = model.evaluationData;
  if (data)
    rows.push([
      "evaluation data",
      `${escapeMarkdown(data.source, 200)}, ${renderWindow(data.window)}, ${renderPlural(data.rows, "row")}, \`${data.sha256.slice(0, 12)}\``,
    ]);
  if (model.candidate)
    rows.push([
      "model",
      `${renderPlural(model.candidate.files.length, "file")}, ${renderCount(model.candidate.bytes)} bytes, \`${model.candidate.sha256.slice(0, 12)}\``,
    ]);
  const run = RunRecord.safeParse(model.runRecord);
  if (run.success) {
    const { trainer, seed, durationSeconds, peakMemoryBytes, data: used } = run.data;
    const memory = peakMemoryBytes === null ? "" : `, ${renderNumber(peakMemoryBytes / 1e6, 0)} MB`;
    rows.push([
      "training",
      `${escapeMarkdown(trainer, 60)}, seed ${seed ?? "none"}, ${renderNumber(durationSeconds, 1)} s${memory}`,
    ]);
    for (const one of used.filter(({ sha256 }) => sha256 !== data?.sha256).slice(0, 5)) {
      rows.push([
        `${escapeMarkdown(one.name, 60)} data`,
        `${escapeMarkdown(one.source, 200)}, ${renderWindow(one.window)}, ${renderPlural(one.rows, "row")}, \`${one.sha256.slice(0, 12)}\``,
      ]);
    }
  }
  return rows.length === 0 ? [] : [tableBlock(["", ""], [":--", ":--"], rows)];
}
