// The days of the story: what the repository knows of the weather at a date, and what production saw.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readTable } from "../src/data/read-table.ts";
import type { Context } from "../src/host/context.ts";
import { openModel } from "../src/runtimes/open-model.ts";
import type { Table } from "../src/tables/table.ts";
import { runModelgate } from "./modelgate.ts";
import { post } from "./post.ts";
import type { World } from "./world.ts";

export interface Days {
  readonly from: string;
  readonly to: string;
  /** The feed sends °F instead of °C from this day on. */
  readonly fahrenheitFrom?: string;
}

const weather = "data/weather.csv";

/** Cuts the weather in the clone to what was known at the end of `day`. */
export function writeWeather(world: World, day: string): void {
  const [head = "", ...lines] = readFileSync(join(world.root, "examples/rain", weather), "utf8")
    .trim()
    .split("\n");
  const known = lines.filter((line) => line.slice(0, 10) <= day);
  world.clone.write(weather, `${[head, ...known].join("\n")}\n`);
}

/**
 * Lets time pass: the weather up to `days.to` is known, and the model in production has predicted each of the days. Commits
 * and pushes it to main as the data pipeline of the story would.
 */
export async function passTime(world: World, days: Days): Promise<void> {
  const { clone } = world;
  await world.setTime(`${days.to}T20:00:00Z`);
  clone.branch("feed");
  writeWeather(world, days.to);
  const version = await writeFeed(world, days);
  clone.commit(`Weather and predictions to ${days.to}`);
  clone.push("main");
  world.narrator.say(
    `${days.from} to ${days.to}: ${version} in production predicts each day; later it turns out whether it rained`,
  );
}

/** Runs the scheduled workflow once and waits for it; the sha it ran at. */
export async function runSchedule(world: World): Promise<string> {
  const { owner, name } = world.repository;
  await post(world.github, "/_local/schedule", { owner, repo: name });
  return world.clone.git("rev-parse", "HEAD");
}

async function writeFeed(world: World, days: Days): Promise<string> {
  const context: Context = {
    folder: world.clone.folder,
    environment: process.env,
    now: world.date,
    progress: () => {},
    signal: new AbortController().signal,
  };
  const window = { time: "date", from: days.from, to: days.to };
  const table = spoil(await readTable(join(world.clone.folder, weather), { window }, context), days);
  const folder = join(world.folder, "serving", days.to);
  const fetched = await runModelgate(world, world.owner, "registry", "download", "rain@production", "--out", folder);
  const version = String(fetched["version"]);
  const model = await openModel(join(folder, "rain.onnx"), { task: "binary" }, context);
  const { columns } = await model.predict(table);
  await model.dispose();
  const prediction = columns.get("prediction")!;
  const cells = (name: string) => table.columns.get(name)!.values;
  const date = (row: number) => new Date(Number(cells("date")[row])).toISOString().slice(0, 10);
  const features = ["wind", "temp_max", "temp_min"];
  const rows = Array.from({ length: table.rows }, (_, row) => row);
  const lines = rows.map((row) =>
    [date(row), ...features.map((name) => cells(name)[row]), prediction[row], version].join(","),
  );
  const text = (head: string, body: readonly string[]) => `${[head, ...body].join("\n")}\n`;
  world.clone.write("feed/predictions.csv", text(`date,${features.join(",")},prediction,version`, lines));
  const labels = rows.map((row) => `${date(row)},${cells("rained")[row]}`);
  world.clone.write("feed/labels.csv", text("date,rained", labels));
  return `rain ${version}`;
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
