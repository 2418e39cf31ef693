// Runs inside a measuring process: opens models and times their calls.

import { InputError } from "../errors.ts";
import type { Context } from "../host/context.ts";
import { openModel } from "../runtimes/open-model.ts";
import type { LoadedModel, PreparedCalls } from "../runtimes/runtime.ts";
import { selectRows } from "../tables/select-rows.ts";
import type { Column, Table } from "../tables/table.ts";
import type { AloneAnswer, Blocks, MeasureRequest, ModelToMeasure, TableData, TogetherAnswer } from "./measurement.ts";
import { createSyntheticTable } from "./synthetic-table.ts";

const warmUpCalls = 200;
/** Fewer say nothing of a 99th percentile; more only take time. */
const callsPerBlock = { least: 40, most: 2_000 };
const throughputRows = 256;

type Request<K> = Extract<MeasureRequest, { kind: K }>;

/** Peak memory and throughput of one model; nothing else may have run in this process. */
export async function measureAlone(request: Request<"alone">, context: Context): Promise<AloneAnswer> {
  const { model, calls } = await open(request.model, request.table, throughputRows, context);
  const rates: number[] = [];
  const end = performance.now() + request.budgetSeconds * 1000;
  for (let round = 0; round < 3 || performance.now() < end; round += 1) {
    const call = calls.calls[round % calls.calls.length]!;
    const started = performance.now();
    await call();
    rates.push(calls.rows / ((performance.now() - started) / 1000));
    if (round >= 10_000) break;
  }
  rates.sort((left, right) => left - right);
  await model.dispose();
  return {
    engine: model.engine,
    rowsPerSecond: rates[rates.length >> 1] ?? 0,
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
  };
}

/** Latency of single rows: one block per model and round, in an order that turns with every round. */
export async function measureTogether(request: Request<"together">, context: Context): Promise<TogetherAnswer> {
  const opened = [];
  for (const { role, model } of request.models)
    opened.push({ role, ...(await open(model, request.table, 1, context)) });
  const blockSeconds = (0.85 * request.budgetSeconds) / (request.rounds * opened.length);
  const runs = [];
  for (const { role, calls } of opened) {
    const secondsPerCall = await warmUp(calls, 0.15 * (request.budgetSeconds / opened.length));
    const wanted = Math.round(blockSeconds / secondsPerCall);
    const count = Math.min(callsPerBlock.most, Math.max(callsPerBlock.least, wanted));
    runs.push({ role, calls, blocks: { p50: [], p99: [], callsPerBlock: count } as Mutable<Blocks> });
  }
  for (let round = 0; round < request.rounds; round += 1) {
    // A, B, C then C, B, A: no model is always the one that follows another.
    for (const run of round % 2 === 0 ? runs : [...runs].reverse()) {
      const times = await timeBlock(run.calls, run.blocks.callsPerBlock);
      run.blocks.p50.push(takeQuantile(times, 0.5));
      run.blocks.p99.push(takeQuantile(times, 0.99));
    }
  }
  for (const { model } of opened) await model.dispose();
  return {
    engines: opened.map(({ model }) => model.engine),
    blocks: Object.fromEntries(runs.map(({ role, blocks }) => [role, blocks])),
  };
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

async function open(
  { path, features }: ModelToMeasure,
  data: TableData | null,
  rowsPerCall: number,
  context: Context,
): Promise<{ readonly model: LoadedModel; readonly calls: PreparedCalls }> {
  const model = await openModel(path, { features }, context);
  if (!model.prepareCalls) {
    throw new InputError({
      message: "the latency of this model cannot be compared",
      file: path,
      expected: "a model that runs in this process: ONNX or TensorFlow.js",
      received: `a model of the runtime ${model.runtime}`,
    });
  }
  const table = data ? toTable(data) : createSyntheticTable(model.signature, features, throughputRows);
  return { model, calls: model.prepareCalls(repeatRows(table, rowsPerCall), rowsPerCall) };
}

/** Calls until it is warm: 200 times, or until the budget is spent. Returns seconds per call at the end. */
async function warmUp({ calls }: PreparedCalls, budgetSeconds: number): Promise<number> {
  const end = performance.now() + budgetSeconds * 1000;
  const times: number[] = [];
  for (let call = 0; call < warmUpCalls && (call < 3 || performance.now() < end); call += 1) {
    const started = performance.now();
    await calls[call % calls.length]!();
    times.push((performance.now() - started) / 1000);
  }
  const late = Float64Array.from(times.slice(times.length >> 1)).sort();
  return Math.max(late[late.length >> 1] ?? 1e-6, 1e-7);
}

/** Seconds of every call, sorted. */
async function timeBlock({ calls }: PreparedCalls, count: number): Promise<Float64Array> {
  const times = new Float64Array(count);
  for (let call = 0; call < count; call += 1) {
    const run = calls[call % calls.length]!;
    const started = performance.now();
    await run();
    times[call] = (performance.now() - started) / 1000;
  }
  return times.sort();
}

/** The smallest value that at least the share `quantile` of the values does not exceed. */
function takeQuantile(sorted: Float64Array, quantile: number): number {
  return sorted[Math.max(0, Math.ceil(quantile * sorted.length) - 1)] ?? Number.NaN;
}

/** At least as many rows as one call takes. */
function repeatRows(table: Table, rows: number): Table {
  if (table.rows >= rows) return table;
  return selectRows(
    table,
    Int32Array.from({ length: rows }, (_, row) => row % table.rows),
  );
}

function toTable({ rows, columns }: TableData): Table {
  const list = columns.map((column): Column => {
    if (column.type === "numeric" || column.type === "datetime") {
      const { name, type, values } = column;
      return { name, type, values: Float64Array.from(values, (value) => value ?? Number.NaN) };
    }
    return { name: column.name, type: column.type, values: column.values as (string | null)[] };
  });
  return { rows, columns: new Map(list.map((column) => [column.name, column])) };
}
