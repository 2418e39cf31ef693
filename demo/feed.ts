// The production side of the story: each day the model in production predicts, and later it turns out whether it rained.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { readTable } from "../src/data/read-table.ts";
import type { Context } from "../src/host/context.ts";
import { openModel } from "../src/runtimes/open-model.ts";
import type { Table } from "../src/tables/table.ts";
import { runModelgate } from "./modelgate.ts";
import type { World } from "./world.ts";

export interface Days {
  readonly from: string;
  readonly to: string;
  /** The feed sends °F instead of °C from this day on. */
  readonly fahrenheitFrom?: string;
}

/** Lets the model in production predict the days and writes `feed/predictions.csv` and `feed/labels.csv` in the clone. */
export async function writeFeed(world: World, days: Days): Promise<void> {
  const context: Context = {
    folder: world.clone.folder,
    environment: process.env,
    now: world.date,
    progress: () => {},
    signal: new AbortController().signal,
  };
  const window = { time: "date", from: days.from, to: days.to };
  const table = spoil(await readTable(join(world.clone.folder, "data/weather.csv"), { window }, context), days);
  const folder = join(world.folder, "serving");
  mkdirSync(folder, { recursive: true });
  const fetched = await runModelgate(world, world.owner, "registry", "download", "rain@production", "--out", folder);
  const model = await openModel(join(folder, "rain.onnx"), { task: "binary" }, context);
  const { columns } = await model.predict(table);
  await model.dispose();
  const prediction = columns.get("prediction")!;
  const cells = (name: string) => table.columns.get(name)!.values;
  const date = (row: number) => new Date(Number(cells("date")[row])).toISOString().slice(0, 10);
  const features = ["temp_max", "temp_min", "wind"];
  const rows = Array.from({ length: table.rows }, (_, row) => row);
  const lines = rows.map((row) =>
    [date(row), ...features.map((name) => cells(name)[row]), prediction[row], String(fetched["version"])].join(","),
  );
  world.clone.write(
    "feed/predictions.csv",
    `${[`date,${features.join(",")},prediction,version`, ...lines].join("\n")}\n`,
  );
  const labels = rows.map((row) => `${date(row)},${cells("rained")[row]}`);
  world.clone.write("feed/labels.csv", `${["date,rained", ...labels].join("\n")}\n`);
}

function spoil(table: Table, { fahrenheitFrom }: Days): Table {
  if (fahrenheitFrom === undefined) return table;
  const since = Date.parse(fahrenheitFrom);
  const dates = table.columns.get("date")!.values;
  const columns = [...table.columns.values()].map((column) => {
    if (!column.name.startsWith("temp_") || !(column.values instanceof Float64Array)) return column;
    const values = column.values.map((celsius, row) => (Number(dates[row]) >= since ? celsius * 1.8 + 32 : celsius));
    return { ...column, values } as typeof column;
  });
  return { rows: table.rows, columns: new Map(columns.map((column) => [column.name, column])) };
}
