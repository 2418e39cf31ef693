// Speed and memory of profiles and drift; every number printed is measured in this run.
import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compareData } from "../src/commands/drift.ts";
import { profileData } from "../src/data/choose-engine.ts";
import { type Engine, openEngine } from "../src/data/engine.ts";
import { quoteText } from "../src/data/sql.ts";
import { writeProfileDocument } from "../src/evidence/profile-document.ts";
import type { Context } from "../src/host/context.ts";
import { mergeProfiles, type Profile } from "../src/monitoring/profile.ts";
import { findPython } from "./find-python.ts";
import { type Ran, runCommand, runNode, takeMedians } from "./run-command.ts";

type Print = (line: string) => void;

export interface DriftBenchSizes {
  /** Rows a side of the drift comparison (1,000,000 when it counts). */
  readonly driftRows: number;
  /** Rows of the profile (5,000,000 when it counts). */
  readonly profileRows: number;
}

const fullSizes: DriftBenchSizes = { driftRows: 1_000_000, profileRows: 5_000_000 };

/** Prints one line per number. */
export async function benchDrift(print: Print, sizes: DriftBenchSizes = fullSizes): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "modelgate-bench-"));
  const signal = new AbortController().signal;
  const context: Context = { folder, environment: process.env, now: () => new Date(), progress: () => {}, signal };
  const engine = await openEngine();
  try {
    await benchComparison(print, sizes.driftRows, folder, engine, context);
    await benchProfile(print, sizes.profileRows, folder, engine, context);
  } finally {
    await engine.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function benchComparison(
  print: Print,
  rows: number,
  folder: string,
  engine: Engine,
  context: Context,
): Promise<void> {
  for (const side of ["reference", "current"]) await writeRows(engine, join(folder, side), rows, 10, 0);
  const sides = { reference: { source: "reference.parquet" }, current: { source: "current.parquet" } };
  const floor = await time(async () => {
    for (const side of ["reference", "current"]) await sumColumns(engine, join(folder, `${side}.parquet`), 10);
  });
  const usual = await time(() => compareData(sides, context));
  const exact = await time(() => compareData({ ...sides, exact: true }, context));
  const shape = `${rows} vs ${rows} rows, 10 numeric + 5 categorical`;
  print(`drift, ${shape}, Parquet: ${usual.toFixed(2)} s, ${(usual / floor).toFixed(1)} times a scan of both files`);
  print(`drift --exact, the same: ${exact.toFixed(2)} s`);
  const peer = timePeer(peerProgram, folder);
  print(
    peer === null
      ? "  pandas and SciPy are not installed here, so there is nothing to compare with"
      : `  pandas + SciPy on the same rows as CSV: ${peer.toFixed(1)} s, ${(peer / usual).toFixed(1)} times as long (exact: ${(peer / exact).toFixed(1)})`,
  );
}

async function benchProfile(
  print: Print,
  rows: number,
  folder: string,
  engine: Engine,
  context: Context,
): Promise<void> {
  await writeRows(engine, join(folder, "whole"), rows, 15, 0.02);
  const file = join(folder, "whole.parquet");
  // In turns, so that all see the same machine.
  const floors: Ran[] = [];
  const processes: Ran[] = [];
  const profiles: Ran[] = [];
  for (let round = 0; round < 5; round++) {
    const wallSeconds = await time(() => sumColumns(engine, file, 15));
    floors.push({ wallSeconds, cpuSeconds: Number.NaN, peakMegabytes: Number.NaN });
    processes.push(runNode(folder, ["-e", writeFloorProgram(file, 15)]));
    profiles.push(runCommand(folder, ["profile", "whole.parquet", "--out", "profile.json"]));
  }
  const [floor, floorProcess] = [takeMedians(floors).wallSeconds, takeMedians(processes).wallSeconds];
  const ran = takeMedians(profiles);
  const seconds = ran.wallSeconds;
  print(
    `profile, ${rows} rows x 20 columns, a process of its own: ${seconds.toFixed(2)} s, ${(seconds / floor).toFixed(1)} times the decode floor (${floor.toFixed(2)} s in a process that runs); peak memory ${ran.peakMegabytes.toFixed(0)} MB`,
  );
  print(
    `  ${(seconds / floorProcess).toFixed(1)} times a process of Node that opens the engine and does no more than that (${floorProcess.toFixed(2)} s)`,
  );
  await engine.run(
    `COPY (FROM read_parquet(${quoteText(join(folder, "whole.parquet"))})) TO ${quoteText(join(folder, "whole.csv"))}`,
  );
  const peer = timePeer(peerProfileProgram, folder);
  await rm(join(folder, "whole.csv"));
  print(
    peer === null
      ? "  pandas is not installed here, so there is nothing to compare with"
      : `  pandas on the same rows as CSV: ${peer.toFixed(1)} s, ${(peer / seconds).toFixed(1)} times as long`,
  );
  const shards = 8;
  await engine.run(
    `COPY (SELECT *, (random() * ${shards})::INTEGER % ${shards} AS shard FROM read_parquet(${quoteText(join(folder, "whole.parquet"))})) TO ${quoteText(join(folder, "shards"))} (FORMAT parquet, PARTITION_BY (shard))`,
  );
  const whole = await profileData("whole.parquet", {}, context);
  const parts: Profile[] = [];
  for (let shard = 0; shard < shards; shard++) {
    parts.push(
      await profileData(`shards/shard=${shard}/*.parquet`, { columns: whole.columns.map(({ name }) => name) }, context),
    );
  }
  const merged = writeProfileDocument(parts.reduce(mergeProfiles)).sha256;
  const same = merged === writeProfileDocument(whole).sha256;
  print(`  ${shards} shards merged ${same ? "equal" : "DIFFER FROM"} one pass, byte by byte`);
}

/** Writes `<path>.parquet` and, for the peer that reads no Parquet, `<path>.csv`. */
async function writeRows(engine: Engine, path: string, rows: number, numeric: number, missing: number): Promise<void> {
  const normal = "sqrt(-2 * ln(random() + 1e-12)) * cos(2 * pi() * random())";
  const value = missing > 0 ? `CASE WHEN random() < ${missing} THEN NULL ELSE ${normal} END` : normal;
  const columns = [
    ...Array.from({ length: numeric }, (_, i) => `${value} AS n${i}`),
    ...Array.from(
      { length: 5 },
      (_, i) => `'v' || CAST(floor(random() * random() * ${10 * (i + 1)}) AS INTEGER) AS s${i}`,
    ),
  ];
  const parquet = quoteText(`${path}.parquet`);
  await engine.run(`COPY (SELECT ${columns.join(", ")} FROM range(${rows})) TO ${parquet} (FORMAT parquet)`);
  if (missing === 0) await engine.run(`COPY (FROM read_parquet(${parquet})) TO ${quoteText(`${path}.csv`)}`);
}

/** What any program that looks at every value has to pay: decode, count and add up. */
async function sumColumns(engine: Engine, file: string, numeric: number): Promise<void> {
  await engine.query(writeFloorQuery(file, numeric));
}

/** The same by a program of Node that does nothing else. */
function writeFloorProgram(file: string, numeric: number): string {
  const query = JSON.stringify(writeFloorQuery(file, numeric));
  const engine = JSON.stringify(import.meta.resolve("@duckdb/node-api"));
  return `import(${engine}).then(async ({ DuckDBInstance }) => (await (await DuckDBInstance.create()).connect()).runAndReadAll(${query}))`;
}

function writeFloorQuery(file: string, numeric: number): string {
  const sums = [
    ...Array.from({ length: numeric }, (_, i) => `sum(n${i})`),
    ...Array.from({ length: 5 }, (_, i) => `sum(length(s${i}))`),
  ];
  return `SELECT ${sums.map((sum, i) => `${sum} AS x${i}`).join(", ")} FROM read_parquet(${quoteText(file)})`;
}

const peerProgram = `
import sys, time
start = time.perf_counter()
import pandas as pd
from scipy import stats
a = pd.read_csv(sys.argv[1] + "/reference.csv"); b = pd.read_csv(sys.argv[1] + "/current.csv")
for c in a.columns:
    if c.startswith("n"):
        stats.ks_2samp(a[c], b[c], method="asymp"); stats.wasserstein_distance(a[c], b[c])
    else:
        stats.chi2_contingency(pd.crosstab(pd.concat([a[c], b[c]]), [0] * len(a) + [1] * len(b)), correction=False)
print(time.perf_counter() - start)
`;

const peerProfileProgram = `
import sys, time
start = time.perf_counter()
import numpy as np, pandas as pd
a = pd.read_csv(sys.argv[1] + "/whole.csv")
numeric = a.select_dtypes("number")
numeric.describe()
for c in numeric.columns:
    np.histogram(numeric[c].dropna(), bins=20)
for c in a.columns.difference(numeric.columns):
    a[c].isna().sum(); a[c].value_counts().head(10)
print(time.perf_counter() - start)
`;

/** Seconds that a program says it took; null when pandas and SciPy are not installed. */
function timePeer(program: string, folder: string): number | null {
  const python = findPython(["pandas", "scipy"]);
  if (python === null) return null;
  const run = spawnSync(python, ["-c", program, folder], { encoding: "utf8" });
  const seconds = Number.parseFloat(run.stdout);
  return run.status === 0 && Number.isFinite(seconds) ? seconds : null;
}

async function time(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}
