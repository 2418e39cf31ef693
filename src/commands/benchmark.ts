// `benchmark`: compares the latency of two models side by side on this machine.
import { resolve } from "node:path";
import { benchmarkModels } from "../benchmark/benchmark-models.ts";
import { readTable } from "../data/read-table.ts";
import { InputError } from "../errors.ts";
import type { BenchmarkDocument } from "../evidence/evidence.ts";
import type { Context } from "../host/context.ts";
import type { Outcome } from "./outcome.ts";
import type { MeasureModels } from "./validate-model.ts";

export interface BenchmarkSettings {
  /** Paths relative to the context's folder. */
  readonly candidate: string;
  readonly baseline: string | null;
  /** Rows to predict; null = made up. */
  readonly data: string | null;
  /** Order of the inputs of models with one matrix. */
  readonly features: readonly string[] | null;
  readonly budgetSeconds: number;
}

/** Seconds of measuring when nobody says. */
export const defaultBudgetSeconds = 6;

/** Exit 1 for a regression. Throws InputError for models and data, ProviderError when measuring failed. */
export async function benchmark(settings: BenchmarkSettings, context: Context): Promise<Outcome<BenchmarkDocument>> {
  const { features, budgetSeconds } = settings;
  if (!(budgetSeconds >= 0.5 && budgetSeconds <= 3600)) {
    throw new InputError({ message: "is not a time to measure for", key: "--seconds", expected: "0.5 to 3600" });
  }
  const locate = (path: string) => ({ path: resolve(context.folder, path), features: features && [...features] });
  const table = settings.data === null ? null : await readTable(resolve(context.folder, settings.data), {}, context);
  const document = await benchmarkModels(
    {
      candidate: locate(settings.candidate),
      baseline: settings.baseline === null ? null : locate(settings.baseline),
      table,
      budgetSeconds,
    },
    context,
  );
  return { exitCode: document.outcome === "regression" ? 1 : 0, document, text: renderBenchmark(document) };
}

/** The benchmark as a step of validation; models that a program predicts with have no latency of their own: null. */
export function createMeasure(budgetSeconds: number = defaultBudgetSeconds): MeasureModels {
  return async ({ settings, candidate, baseline, table }, context) => {
    if (settings.predict !== null) return null;
    const toMeasure = (files: NonNullable<typeof baseline>) => ({
      path: files.path,
      features: files.features && [...files.features],
    });
    return benchmarkModels(
      {
        candidate: toMeasure(candidate),
        baseline: baseline && toMeasure(baseline),
        table: withoutLabel(table, settings.label),
        budgetSeconds,
      },
      context,
    );
  };
}

function withoutLabel(table: Parameters<MeasureModels>[0]["table"], label: string | null) {
  return { rows: table.rows, columns: new Map([...table.columns].filter(([name]) => name !== label)) };
}

function renderBenchmark(document: BenchmarkDocument): string {
  const { latency, throughput, memory, size, engine, selfTest } = document;
  const rows: readonly (readonly [string, number | null, number, (value: number) => string])[] = [
    ["latency p50", latency.p50.baseline, latency.p50.candidate, (value) => `${(1e6 * value).toFixed(1)} µs`],
    ["latency p99", latency.p99.baseline, latency.p99.candidate, (value) => `${(1e6 * value).toFixed(1)} µs`],
    ["throughput", throughput.baseline, throughput.candidate, (value) => `${Math.round(value)} rows/s`],
    ["memory", memory.baseline, memory.candidate, (value) => `${(value / 1e6).toFixed(1)} MB`],
    ["size", size.baseline, size.candidate, (value) => `${value} B`],
  ];
  const cells = rows.map(([name, baseline, candidate, render]) => [
    name,
    baseline === null ? "—" : render(baseline),
    render(candidate),
  ]);
  const widths = [0, 1, 2].map((column) =>
    Math.max(...[["", "baseline", "candidate"], ...cells].map((row) => (row[column] ?? "").length)),
  );
  const line = (row: readonly string[]) =>
    `  ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join("  ")}`;
  return [
    `${document.outcome}: ${document.reason}`,
    line(["", "baseline", "candidate"]),
    ...cells.map(line),
    `  ${engine.name} ${engine.version}, ${engine.threads} thread, ${engine.cpu}`,
    `  self-test: ratio ${selfTest.ratio.toFixed(4)}, ${selfTest.passed ? "passed" : "failed"}`,
  ].join("\n");
}
