// How the model did on the rows whose labels have come in, beside what it was published with.
import type { ModelSettings } from "../config/settings.ts";
import { readTable } from "../data/read-table.ts";
import { InputError } from "../errors.ts";
import type { MetricEstimate } from "../evaluation/comparison.ts";
import { evaluate } from "../evaluation/evaluate.ts";
import { preparePredictions } from "../evaluation/prepare-predictions.ts";
import { prepareRows } from "../evaluation/prepare-rows.ts";
import { layOutTime } from "../evaluation/time-blocks.ts";
import type { Context } from "../host/context.ts";
import type { Finding, MonitoringWindow } from "../monitoring/findings.ts";
import { checkPerformance, describePerformance } from "../monitoring/performance.ts";
import { selectRows } from "../tables/select-rows.ts";
import type { Column, Table } from "../tables/table.ts";
import { listKeys, locateSource } from "./pinned-data.ts";

/** Column of the predictions log with the model's answer. */
const predictionColumn = "prediction";

/**
 * Findings on performance, worst first by gravity; empty when there are no labels, too few, or nothing is worse.
 * `published` are the metrics of the version's evaluation, over all rows.
 */
export async function watchPerformance(
  settings: ModelSettings,
  root: string,
  window: MonitoringWindow,
  published: readonly Omit<MetricEstimate, "candidate">[],
  context: Context,
): Promise<readonly Finding[]> {
  const { monitor, task, label, id } = settings;
  if (!monitor?.predictions || !monitor.labels || task === null || label === null || published.length === 0) return [];
  const key = id ?? "id";
  const time = monitor.predictions.time ?? settings.time;
  const reading = { missingValues: settings.missingValues, keys: listKeys({ id: key, group: settings.group }) };
  const logged = await readTable(
    locateSource(monitor.predictions.source, root),
    { ...reading, window: time === null ? undefined : { time, ...window }, allowEmpty: true },
    context,
  );
  const labels = await readTable(locateSource(monitor.labels.source, root), { ...reading, allowEmpty: true }, context);
  const joined = joinByKey(logged, labels, key, label, settings.name);
  if (joined.rows === 0) return [];
  const group = settings.group !== null && joined.columns.has(settings.group) ? settings.group : null;
  const laidOut = { task, time, group, blockLength: settings.blockLength };
  const { order, blockLength } = layOutTime(joined, laidOut, monitor.predictions.source);
  const ordered = order === null ? joined : selectRows(joined, order);
  const rows = prepareRows(ordered, {
    task,
    blockLength,
    label,
    positive: settings.decision.positive,
    threshold: settings.decision.threshold,
    group,
    file: monitor.labels.source,
  });
  const numbers = new Map<string, Float64Array>();
  for (const { name, values } of ordered.columns.values())
    if (values instanceof Float64Array) numbers.set(name, values);
  const recent = evaluate({
    rows,
    candidate: preparePredictions(rows, numbers, { name: predictionColumn, file: monitor.predictions.source }),
    metrics: settings.metrics.filter((metric) => metric.kind === "built-in"),
    slices: [],
    confidence: settings.confidence,
    seed: `${settings.name} ${window.from} ${window.to}`,
  });
  return published.flatMap((evaluated) => {
    const now = recent.metrics.find(({ metric, slice }) => metric === evaluated.metric && slice === null);
    const found = now && describePerformance(checkPerformance(evaluated, now));
    return found ? [found] : [];
  });
}

/** Rows of `left` whose key has a label in `right`, with that label; a key that labels twice is refused. */
function joinByKey(left: Table, right: Table, key: string, label: string, model: string): Table {
  const keys = requireColumn(left, key, model);
  const labelKeys = requireColumn(right, key, model);
  const labels = requireColumn(right, label, model);
  const known = new Map<string, number>();
  for (let row = 0; row < right.rows; row += 1) {
    const value = labelKeys.values[row] ?? null;
    if (value === null || Number.isNaN(value) || isMissing(labels, row)) continue;
    if (known.has(String(value))) {
      throw new InputError({
        message: "a row has two labels",
        key,
        received: String(value),
        hint: "keep one label per key",
      });
    }
    known.set(String(value), row);
  }
  const matched: number[] = [];
  const matches: number[] = [];
  for (let row = 0; row < left.rows; row += 1) {
    const found = known.get(String(keys.values[row] ?? ""));
    if (found === undefined) continue;
    matched.push(row);
    matches.push(found);
  }
  const picked = selectRows(left, matched);
  const labelled = selectRows({ rows: right.rows, columns: new Map([[label, labels]]) }, matches).columns.get(label);
  const columns = new Map(picked.columns);
  if (labelled) columns.set(label, labelled);
  return { rows: picked.rows, columns };
}

function isMissing(column: Column, row: number): boolean {
  const value = column.values[row] ?? null;
  return value === null || Number.isNaN(value);
}

function requireColumn(table: Table, name: string, model: string): Column {
  const column = table.columns.get(name);
  if (column) return column;
  throw new InputError({
    key: `models.${model}.monitor`,
    message: `the data has no column "${name}"`,
    received: [...table.columns.keys()].join(", "),
  });
}
