// Compares the latency of two models: interleaved in one fresh process, checked against themselves, and confirmed in another.
import { cpus } from "node:os";
import type { BenchmarkDocument } from "../evidence/evidence.ts";
import type { Context } from "../host/context.ts";
import { digestFiles } from "../host/files.ts";
import type { Table } from "../tables/table.ts";
import {
  type Change,
  classifyChange,
  estimateRatio,
  findMedian,
  passesSelfTest,
  type RatioEstimate,
  thresholds,
} from "./compare-latency.ts";
import {
  AloneAnswer,
  type Blocks,
  type MeasuredEngine,
  type ModelToMeasure,
  type TableData,
  TogetherAnswer,
} from "./measurement.ts";
import { measureInProcess } from "./start-measuring.ts";

export interface BenchmarkRequest {
  readonly candidate: ModelToMeasure;
  readonly baseline: ModelToMeasure | null;
  /** Rows to predict; the first 256 are used. Null = made up from the models' inputs. */
  readonly table: Table | null;
  /** For all measuring together, without starting processes; a change takes about half as long again to be confirmed. */
  readonly budgetSeconds: number;
}

const rounds = 40;
const measuredRows = 256;

/** Measures and decides. Throws InputError for models that cannot be opened or measured, ProviderError if measuring fails. */
export async function benchmarkModels(request: BenchmarkRequest, context: Context): Promise<BenchmarkDocument> {
  const { candidate, baseline, budgetSeconds } = request;
  const table = request.table ? renderTable(request.table) : null;
  const measureAlone = (model: ModelToMeasure) =>
    measureInProcess({ kind: "alone", model, table, budgetSeconds: 0.1 * budgetSeconds }, AloneAnswer, context);
  const alone = await measureAlone(candidate);
  const other = baseline ? await measureAlone(baseline) : null;
  const sizes = {
    candidate: await sumBytes(candidate.path),
    baseline: baseline ? await sumBytes(baseline.path) : null,
  };
  const same = other !== null && sameEngine(alone.engine, other.engine);
  const paired = same ? baseline : null;
  const first = await measureTogether(candidate, paired, table, 0.7 * budgetSeconds, false, context);
  const reference = paired ? first.blocks.baseline : first.blocks.candidate;
  const selfTest = estimateRatio(first.blocks.again?.p50 ?? [], reference?.p50 ?? []);
  const passed = passesSelfTest(selfTest.ratio);
  const common = {
    kind: "benchmark" as const,
    schemaVersion: 1 as const,
    engine: { ...alone.engine, cpu: describeProcessor() },
    pairs: paired ? rounds : 0,
    throughput: { baseline: other?.rowsPerSecond ?? null, candidate: alone.rowsPerSecond },
    memory: { baseline: other?.peakMemoryBytes ?? null, candidate: alone.peakMemoryBytes },
    size: sizes,
    selfTest: { ratio: selfTest.ratio, passed },
  };
  const candidateBlocks = first.blocks.candidate!;
  if (!paired || !first.blocks.baseline) {
    const reason = baseline ? "the two models run on different engines" : "there is no baseline to compare with";
    return { ...common, outcome: "unpaired", reason, latency: describeLatency(candidateBlocks, null) };
  }
  const latency = describeLatency(candidateBlocks, first.blocks.baseline);
  const estimate = estimateRatio(candidateBlocks.p50, first.blocks.baseline.p50);
  if (!passed) {
    return { ...common, outcome: "noisy", reason: describeNoise(selfTest), latency };
  }
  const change = classifyChange(estimate);
  const confirmed = change === "unchanged" ? null : await confirm(candidate, paired, table, budgetSeconds, context);
  const outcome = confirmed === null || confirmed.change === change ? change : "unchanged";
  return { ...common, outcome, reason: describeChange(estimate, change, confirmed?.estimate, latency), latency };
}

/** A process of its own and the models opened the other way round: a change that comes from where memory lay goes away. */
async function confirm(
  candidate: ModelToMeasure,
  baseline: ModelToMeasure,
  table: TableData | null,
  budgetSeconds: number,
  context: Context,
): Promise<{ readonly change: Change; readonly estimate: RatioEstimate }> {
  const { blocks } = await measureTogether(candidate, baseline, table, 0.5 * budgetSeconds, true, context);
  const estimate = estimateRatio(blocks.candidate?.p50 ?? [], blocks.baseline?.p50 ?? []);
  return { change: classifyChange(estimate), estimate };
}

/** Without a baseline the candidate is measured against itself, so that the machine's noise is still known. */
function measureTogether(
  candidate: ModelToMeasure,
  baseline: ModelToMeasure | null,
  table: TableData | null,
  budgetSeconds: number,
  swapped: boolean,
  context: Context,
): Promise<TogetherAnswer> {
  const again = { role: "again" as const, model: baseline ?? candidate };
  const models = [
    ...(baseline ? [{ role: "baseline" as const, model: baseline }] : []),
    { role: "candidate" as const, model: candidate },
    ...(swapped ? [] : [again]),
  ];
  const ordered = swapped ? models.reverse() : models;
  return measureInProcess({ kind: "together", models: ordered, table, budgetSeconds, rounds }, TogetherAnswer, context);
}

function describeLatency(candidate: Blocks, baseline: Blocks | null): BenchmarkDocument["latency"] {
  const describe = (quantile: "p50" | "p99") => {
    const estimate = baseline ? estimateRatio(candidate[quantile], baseline[quantile]) : null;
    return {
      baseline: baseline ? findMedian(baseline[quantile]) : null,
      candidate: findMedian(candidate[quantile]),
      ratio: estimate?.ratio ?? null,
      interval: estimate?.interval ? ([...estimate.interval] as [number, number]) : null,
    };
  };
  return { p50: describe("p50"), p99: describe("p99") };
}

function describeNoise({ ratio }: RatioEstimate): string {
  return `the baseline measured against itself differs by ${percent(ratio)}, more than ${100 * thresholds.selfTest} %: this machine is too busy to tell`;
}

function describeChange(
  estimate: RatioEstimate,
  change: Change,
  confirmation: RatioEstimate | undefined,
  latency: BenchmarkDocument["latency"],
): string {
  const interval = estimate.interval?.map(percent).join(" to ") ?? "unknown";
  const found = `median latency ${percent(estimate.ratio)} (99 % interval ${interval}, ${rounds} pairs)`;
  const second =
    confirmation === undefined
      ? ""
      : classifyChange(confirmation) === change
        ? `; confirmed in a fresh process: ${percent(confirmation.ratio)}`
        : `; not confirmed in a fresh process: ${percent(confirmation.ratio)}`;
  const bound =
    Math.min(latency.p50.candidate, latency.p50.baseline ?? Number.POSITIVE_INFINITY) < thresholds.bindingBound
      ? "; a call takes so little time that most of it is the cost of calling"
      : "";
  return `${found}${second}${bound}`;
}

/** A ratio as a change: `+4.2 %`. */
function percent(ratio: number): string {
  const change = 100 * (ratio - 1);
  return `${change < 0 ? "−" : "+"}${Math.abs(change).toFixed(1)} %`;
}

function sameEngine(left: MeasuredEngine, right: MeasuredEngine): boolean {
  return left.name === right.name && left.version === right.version && left.threads === right.threads;
}

function describeProcessor(): string {
  const all = cpus();
  return `${all[0]?.model.trim() || process.arch} (${all.length})`.slice(0, 200);
}

async function sumBytes(path: string): Promise<number> {
  return (await digestFiles(path)).reduce((sum, file) => sum + file.bytes, 0);
}

function renderTable(table: Table): TableData {
  const rows = Math.min(table.rows, measuredRows);
  const columns = [...table.columns.values()].map((column) =>
    column.values instanceof Float64Array
      ? {
          name: column.name,
          type: column.type as "numeric",
          values: Array.from(column.values.subarray(0, rows), (value) => (Number.isFinite(value) ? value : null)),
        }
      : { name: column.name, type: column.type as "text", values: column.values.slice(0, rows) as (string | null)[] },
  );
  return { rows, columns };
}
