// Drift and profiles as their users run them: whole processes, start included, beside pandas and SciPy on the same file.
import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Engine, openEngine } from "../src/data/engine.ts";
import { quoteText } from "../src/data/sql.ts";
import { renderTextTable } from "../src/report/text-table.ts";
import { findPython } from "./find-python.ts";
import { commandFile, type Ran, repeat, runCommand, runNode } from "./run-command.ts";

type Print = (line: string) => void;

/** Prints one table per question; takes a few minutes and 3 GB of temporary files. */
export async function benchDataCommands(print: Print): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "modelgate-bench-"));
  const engine = await openEngine();
  try {
    await writeRows(engine, join(folder, "reference"), 1_000_000);
    await writeRows(engine, join(folder, "current"), 1_000_000);
    await benchDriftCommands(print, folder);
    await benchGrowth(print, folder, engine);
    await benchWide(print, folder, engine);
    await benchFlights(print, folder, engine);
  } finally {
    await engine.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function benchDriftCommands(print: Print, folder: string): Promise<void> {
  const drift = (type: string, ...more: readonly string[]) =>
    runCommand(folder, ["drift", "--reference", `reference.${type}`, "--current", `current.${type}`, ...more]);
  const python = findPython(["pandas", "scipy"]);
  const peer = python === null ? null : await repeat(() => runPython(folder, python, driftProgram));
  const parsing = await repeat(() => runScan(folder, "csv"));
  const handing = await repeat(() => runHandover(folder));
  const scanning = await repeat(() => runScan(folder, "parquet"));
  const rows: [string, Ran, Ran?][] = [
    ["DuckDB only reads both CSV files", parsing],
    ["DuckDB only hands over their rows", handing, parsing],
    ["drift, CSV", await repeat(() => drift("csv")), parsing],
    ["drift --exact, CSV", await repeat(() => drift("csv", "--exact")), parsing],
    ["DuckDB only sums both Parquet files", scanning],
    ["drift, Parquet", await repeat(() => drift("parquet")), scanning],
    ["drift --exact, Parquet", await repeat(() => drift("parquet", "--exact")), scanning],
  ];
  if (peer) rows.unshift(["pandas + SciPy, CSV", peer]);
  print("1,000,000 against 1,000,000 rows, 10 numeric and 5 categorical columns; whole processes, medians of 3");
  print(renderTable(rows, peer));
  if (!peer) print("pandas and SciPy are not installed here: nothing to compare with");
}

/** Ten times the rows: how much longer. */
async function benchGrowth(print: Print, folder: string, engine: Engine): Promise<void> {
  await writeRows(engine, join(folder, "small"), 500_000, false);
  await writeRows(engine, join(folder, "large"), 5_000_000, false);
  const small = await repeat(() => runCommand(folder, ["profile", "small.parquet"]));
  const large = await repeat(() => runCommand(folder, ["profile", "large.parquet"]));
  print("\nprofile of 15 columns, Parquet");
  print(
    renderTable(
      [
        ["500,000 rows", small],
        ["5,000,000 rows", large],
      ],
      null,
    ),
  );
  print(`ten times the rows take ${(large.cpuSeconds / small.cpuSeconds).toFixed(1)} times the processor time`);
}

async function benchWide(print: Print, folder: string, engine: Engine): Promise<void> {
  const columns = Array.from({ length: 1000 }, (_, i) =>
    i % 5 === 0 ? `'v' || CAST(floor(random() * 20) AS INTEGER) AS c${i}` : `random() AS c${i}`,
  );
  const file = quoteText(join(folder, "wide.parquet"));
  await engine.run(`COPY (SELECT ${columns.join(", ")} FROM range(200000)) TO ${file} (FORMAT parquet)`);
  const wide = runCommand(folder, ["profile", "wide.parquet"]);
  const against = runCommand(folder, ["drift", "--reference", "wide.parquet", "--current", "wide.parquet"]);
  print("\n1,000 columns, 200,000 rows, Parquet; one run");
  print(
    renderTable(
      [
        ["profile", wide],
        ["drift against itself", against],
      ],
      null,
    ),
  );
}

/** Real flights: January as reference, every other month against it. */
async function benchFlights(print: Print, folder: string, engine: Engine): Promise<void> {
  const packed = spawnSync("npm", ["pack", "vega-datasets@3.2.1", "--silent"], { cwd: folder, encoding: "utf8" });
  const unpacked = spawnSync("tar", ["xzf", packed.stdout.trim(), "package/data/flights-3m.parquet"], { cwd: folder });
  if (packed.status !== 0 || unpacked.status !== 0) {
    print("\nthe flights of vega-datasets cannot be had here");
    return;
  }
  const source = quoteText(join(folder, "package/data/flights-3m.parquet"));
  const described = await engine.query(`DESCRIBE SELECT * FROM read_parquet(${source})`);
  const when = String(described.find((row) => /date|time/i.test(String(row["column_name"])))?.["column_name"]);
  const months = await engine.query(
    `SELECT strftime(date_trunc('month', CAST("${when}" AS TIMESTAMP)), '%Y-%m') AS month, count(*) AS n FROM read_parquet(${source}) GROUP BY 1 ORDER BY 1`,
  );
  for (const { month } of months) {
    const target = quoteText(join(folder, `flights-${month}.parquet`));
    await engine.run(
      `COPY (SELECT * FROM read_parquet(${source}) WHERE strftime(CAST("${when}" AS TIMESTAMP), '%Y-%m') = '${month}') TO ${target} (FORMAT parquet)`,
    );
  }
  const [january, ...others] = months.map((row) => String(row["month"]));
  print(`\n3 million flights (vega-datasets): ${january} as reference against every other month`);
  const rows: string[][] = [];
  for (const month of others) {
    const words = ["drift", "--reference", `flights-${january}.parquet`, "--current", `flights-${month}.parquet`];
    const started = performance.now();
    const run = spawnSync(process.execPath, [commandFile, ...words, "--json"], {
      cwd: folder,
      encoding: "utf8",
      maxBuffer: 2 ** 28,
    });
    const seconds = (performance.now() - started) / 1000;
    const report = JSON.parse(run.stdout) as {
      verdict: string;
      current: { rows: number };
      columns: { name: string; outcome: string; effect: number }[];
    };
    const moved = report.columns.filter(({ outcome }) => outcome === "drift");
    rows.push([
      month,
      String(report.current.rows),
      report.verdict,
      moved.map(({ name, effect }) => `${name} ${(effect * 100).toFixed(0)}`).join(", "),
      `${seconds.toFixed(1)} s`,
    ]);
  }
  print(
    renderTextTable(["month", "rows", "verdict", "points moved", "wall"], rows, [
      "left",
      "right",
      "left",
      "left",
      "right",
    ]),
  );
}

/** With a peer also how much faster, and how much longer than only reading (the third of a row): what reads through the engine is not below 1. */
function renderTable(rows: readonly (readonly [string, Ran, Ran?])[], peer: Ran | null): string {
  const lines = rows.map(([name, ran, floor]) => [
    name,
    `${ran.wallSeconds.toFixed(2)} s`,
    `${ran.cpuSeconds.toFixed(2)} s`,
    `${ran.peakMegabytes.toFixed(0)} MB`,
    ...(peer ? [`${(peer.wallSeconds / ran.wallSeconds).toFixed(1)} ×`] : []),
    ...(peer ? [floor ? `${(ran.wallSeconds / floor.wallSeconds).toFixed(1)} ×` : ""] : []),
  ]);
  const head = ["", "wall", "processor", "peak memory"];
  const ratios = peer ? ["faster than pandas + SciPy", "longer than only reading"] : [];
  return renderTextTable([...head, ...ratios], lines, ["left", "right", "right", "right", "right", "right"]);
}

function renderReader(side: string, type: "csv" | "parquet"): string {
  const types = [
    ...numericNames.map((name) => `'${name}': 'DOUBLE'`),
    ...textNames.map((name) => `'${name}': 'VARCHAR'`),
  ];
  return type === "csv"
    ? `read_csv('${side}.csv', auto_detect = false, header = true, columns = {${types.join(", ")}})`
    : `read_parquet('${side}.parquet')`;
}

const requireEngine = `const { DuckDBInstance } = require(${JSON.stringify(join(import.meta.dirname, "../node_modules/@duckdb/node-api"))});`;

/** What any program on this engine has to pay: open it, read every value of both files, add them up. */
function runScan(folder: string, type: "csv" | "parquet"): Ran {
  const sums = [...numericNames.map((name) => `sum(${name})`), ...textNames.map((name) => `sum(length(${name}))`)];
  const program = `${requireEngine}
    (async () => {
      const connection = await (await DuckDBInstance.create()).connect();
      for (const source of ${JSON.stringify([renderReader("reference", type), renderReader("current", type)])})
        await connection.runAndReadAll("SELECT ${sums.join(", ")} FROM " + source);
    })();`;
  return runNode(folder, ["-e", program]);
}

/** What any program pays that looks at the rows itself: both CSV files at once, chunk by chunk, nothing done with them. */
function runHandover(folder: string): Ran {
  const program = `${requireEngine}
    const read = async (source) => {
      const connection = await (await DuckDBInstance.create(":memory:", { threads: "1" })).connect();
      await connection.run("SET preserve_insertion_order = false");
      const result = await connection.stream("SELECT * FROM " + source);
      for (let next = result.fetchChunk(); ; ) {
        const chunk = await next;
        if (!chunk || chunk.rowCount === 0) return;
        next = result.fetchChunk();
      }
    };
    Promise.all(${JSON.stringify([renderReader("reference", "csv"), renderReader("current", "csv")])}.map(read));`;
  return runNode(folder, ["-e", program]);
}

const driftProgram = `
import resource, time
start = time.perf_counter()
import pandas as pd
from scipy import stats
a = pd.read_csv("reference.csv"); b = pd.read_csv("current.csv")
for c in a.columns:
    if c.startswith("n"):
        stats.ks_2samp(a[c], b[c], method="asymp"); stats.wasserstein_distance(a[c], b[c])
    else:
        stats.chi2_contingency(pd.crosstab(pd.concat([a[c], b[c]]), [0] * len(a) + [1] * len(b)), correction=False)
used = resource.getrusage(resource.RUSAGE_SELF)
print(time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
`;

function runPython(folder: string, python: string, program: string): Ran {
  const run = spawnSync(python, ["-c", program], { cwd: folder, encoding: "utf8" });
  if (run.status !== 0) throw new Error(run.stderr);
  const [wallSeconds = Number.NaN, cpuSeconds = Number.NaN, peakMegabytes = Number.NaN] = run.stdout
    .trim()
    .split(" ")
    .map(Number);
  return { wallSeconds, cpuSeconds, peakMegabytes };
}

const numericNames = Array.from({ length: 10 }, (_, i) => `n${i}`);
const textNames = Array.from({ length: 5 }, (_, i) => `s${i}`);

/** Writes `<path>.parquet` and, unless told not to, `<path>.csv` with the same rows. */
async function writeRows(engine: Engine, path: string, rows: number, csv = true): Promise<void> {
  const columns = [
    ...numericNames.map((name) => `sqrt(-2 * ln(random() + 1e-12)) * cos(2 * pi() * random()) AS ${name}`),
    ...textNames.map((name, i) => `'v' || CAST(floor(random() * random() * ${10 * (i + 1)}) AS INTEGER) AS ${name}`),
  ];
  const parquet = quoteText(`${path}.parquet`);
  await engine.run(`COPY (SELECT ${columns.join(", ")} FROM range(${rows})) TO ${parquet} (FORMAT parquet)`);
  if (csv) await engine.run(`COPY (FROM read_parquet(${parquet})) TO ${quoteText(`${path}.csv`)}`);
}
