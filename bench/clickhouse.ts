// A profile of the same rows by DuckDB here and by ClickHouse over two nodes: are they equal, and how long does each take?
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { profileData } from "../src/data/choose-engine.ts";
import { openEngine } from "../src/data/engine.ts";
import { quoteText } from "../src/data/sql.ts";
import { writeProfileDocument } from "../src/evidence/profile-document.ts";
import type { Context } from "../src/host/context.ts";
import { summarizeMoments } from "../src/monitoring/ordered-histogram.ts";
import type { Profile } from "../src/monitoring/profile.ts";

type Print = (line: string) => void;

const rows = 500_000;
const numeric = 10;
const categorical = 5;

/** One line of equality, one of times. Needs Debian's clickhouse-server; says so without. */
export async function benchClickHouse(print: Print): Promise<void> {
  // A program of its own, so it is loaded as a file: bundled, it would take this one for itself.
  const script = pathToFileURL(join(import.meta.dirname, "../scripts/start-clickhouse.mjs")).href;
  const { findClickHouse, startClickHouse } = (await import(
    script
  )) as typeof import("../scripts/start-clickhouse.mjs");
  if (findClickHouse() === undefined) {
    print("clickhouse-server is not installed here: nothing to compare with");
    return;
  }
  const folder = await mkdtemp(join(tmpdir(), "modelgate-bench-"));
  const servers = await startClickHouse(2);
  const engine = await openEngine();
  try {
    // Whole sixty-fourths: the old server reads longer decimals with an error in the last bit.
    const normal = "round(sqrt(-2 * ln(random() + 1e-12)) * cos(2 * pi() * random()) * 64000) / 64";
    const columns = [
      ...Array.from({ length: numeric }, (_, i) => `${normal} AS n${i}`),
      ...Array.from(
        { length: categorical },
        (_, i) => `'v' || floor(random() * random() * ${10 * (i + 1)})::INTEGER AS s${i}`,
      ),
    ];
    const whole = quoteText(join(folder, "whole.parquet"));
    await engine.run(`COPY (SELECT ${columns.join(", ")} FROM range(${rows})) TO ${whole} (FORMAT parquet)`);
    const types = [
      ...Array.from({ length: numeric }, (_, i) => `n${i} Float64`),
      ...Array.from({ length: categorical }, (_, i) => `s${i} String`),
    ];
    for (const [index, server] of servers.entries()) {
      const file = join(folder, `part${index}.csv`);
      const half = `SELECT * FROM read_parquet(${whole}, file_row_number = true) WHERE file_row_number % 2 = ${index}`;
      await engine.run(`COPY (SELECT * EXCLUDE file_row_number FROM (${half})) TO ${quoteText(file)} (HEADER false)`);
      await server.run(`CREATE TABLE rows (${types.join(", ")}) ENGINE = MergeTree ORDER BY n0`);
      await server.run("INSERT INTO rows FORMAT CSV", await readFile(file, "utf8"));
    }
    const signal = new AbortController().signal;
    const context: Context = { folder, environment: {}, now: () => new Date(), progress: () => {}, signal };
    const address = `clickhouse://${servers.map(({ host }) => host).join(",")}/default/rows`;
    const [here, hereSeconds] = await time(() => profileData("whole.parquet", {}, context));
    const [there, thereSeconds] = await time(() => profileData(address, {}, context));
    const same = writeProfileDocument(here).sha256 === writeProfileDocument(there).sha256;
    print(
      `profile of ${rows} rows, ${numeric} numeric + ${categorical} categorical columns: ${same ? "equal to the byte" : `DIFFERENT, moments by ${compareMoments(here, there)}`} (promised: counts equal, moments to 1e-9)`,
    );
    print(
      `  DuckDB, Parquet ${hereSeconds.toFixed(2)} s; ClickHouse, two nodes on this machine ${thereSeconds.toFixed(2)} s`,
    );
  } finally {
    await engine.close();
    await Promise.all(servers.map((server) => server.stop()));
    await rm(folder, { recursive: true, force: true });
  }
}

/** Largest relative difference of a mean or a deviation; infinite when counts differ. */
function compareMoments(a: Profile, b: Profile): number {
  const differences = a.columns.map((column) => {
    const other = b.columns.find(({ name }) => name === column.name);
    if (!other || other.present !== column.present || other.missing !== column.missing) return Number.POSITIVE_INFINITY;
    if (column.type !== "numeric") return 0;
    const [x, y] = [summarizeMoments(column.values), summarizeMoments(other.values)];
    return Math.max(Math.abs(x.mean - y.mean), Math.abs(x.deviation - y.deviation)) / x.deviation;
  });
  return Math.max(...differences);
}

async function time<T>(work: () => Promise<T>): Promise<readonly [T, number]> {
  const started = performance.now();
  const made = await work();
  return [made, (performance.now() - started) / 1000];
}
