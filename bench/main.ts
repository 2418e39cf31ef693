// `npm run bench [-- NAME… --runs N --threads N]`: measures what the project promises, beside a peer where one is installed. Never part of the tests.
import { parseArgs } from "node:util";
import { isMainThread } from "node:worker_threads";
import { benchCalibration } from "./calibration-table.ts";
import { benchClickHouse } from "./clickhouse.ts";
import { benchDataCommands } from "./data-commands.ts";
import { benchDrift } from "./drift.ts";
import { benchEvaluation, benchMemory, benchMetrics } from "./evaluation.ts";
import { benchDependence, benchFalseAlarms, benchMultivariate, type SimulationSizes } from "./false-alarms.ts";
import { benchDependentRows, benchExplanation, benchFairness } from "./interval-tables.ts";
import { benchLargeModel } from "./large-model.ts";
import { benchRegistry } from "./registry.ts";
import { benchRegistryCrowd } from "./registry-crowd.ts";
import { benchStart } from "./start.ts";

interface Suite {
  readonly summary: string;
  readonly run: (print: (line: string) => void, sizes: SimulationSizes) => Promise<void>;
  /** Runs only when it is named. */
  readonly alone?: boolean;
}

const suites: Readonly<Record<string, Suite>> = {
  start: { summary: "size of the bundle, time to a stub's first line and to the command's help", run: benchStart },
  evaluation: {
    summary: "resampling beside NumPy, all metrics of a million rows beside a sort",
    run: (print) => benchEvaluation(print),
  },
  metrics: {
    summary: "all metrics of a million rows beside a sort; part of evaluation, which gives it a process of its own",
    run: (print) => benchMetrics(print),
    alone: true,
  },
  memory: {
    summary: "memory of all metrics of a million rows; part of evaluation, which gives it a process of its own",
    run: (print) => benchMemory(print),
    alone: true,
  },
  calibration: {
    summary: "how often verdicts and intervals are right where the truth is known (2,000 pairs per setting)",
    run: benchCalibration,
  },
  "dependent-rows": {
    summary: "how often equal models are called different where rows hang together (2,000 runs per setting)",
    run: benchDependentRows,
  },
  fairness: {
    summary: "how often intervals of fairness metrics and of their changes hold the truth",
    run: benchFairness,
  },
  explanation: {
    summary: "how often intervals of permutation importance hold the truth",
    run: benchExplanation,
  },
  drift: {
    summary: "drift reports and profiles beside SciPy and the scan floor",
    run: (print) => benchDrift(print),
  },
  "data-commands": {
    summary: "drift and profile as whole processes beside pandas and SciPy, growth, 1,000 columns, real flights",
    run: benchDataCommands,
  },
  clickhouse: {
    summary: "a profile by ClickHouse over two nodes beside DuckDB's of the same rows",
    run: benchClickHouse,
  },
  "false-alarms": {
    summary: "how often the drift policy is wrong where the truth is known (2,000 runs per setting)",
    run: benchFalseAlarms,
  },
  dependence: {
    summary: "the same where rows belong to users (2,000 runs per setting)",
    run: benchDependence,
  },
  multivariate: {
    summary: "the same for whole runs that also look at the rows as a whole (2,000 runs per setting)",
    run: benchMultivariate,
  },
  registry: {
    summary: "requests, bytes and time of the registry, with 10 and with 10,000 versions",
    run: (print) => benchRegistry(print),
  },
  "large-model": {
    summary: "3 GiB up and down beside curl: throughput, memory, what a killed transfer keeps",
    run: (print) => benchLargeModel(print),
  },
  "registry-crowd": {
    summary: "many writers at once, random crashes, GitHub's limit on writes",
    run: (print) => benchRegistryCrowd(print),
  },
};

/** `--runs` and `--threads` are those of simulations. */
async function main(words: readonly string[]): Promise<number> {
  const options = { runs: { type: "string" }, threads: { type: "string" } } as const;
  const { positionals: names, values } = parseArgs({ args: [...words], options, allowPositionals: true });
  const sizes = {
    runs: Number(values.runs ?? 2000),
    threads: values.threads === undefined ? undefined : Number(values.threads),
  };
  if (!(sizes.runs >= 1) || (sizes.threads !== undefined && !(sizes.threads >= 1))) {
    process.stderr.write("--runs and --threads are whole numbers from 1\n");
    return 2;
  }
  const unknown = names.filter((name) => !(name in suites));
  if (unknown.length > 0) {
    const known = Object.entries(suites).map(([name, { summary }]) => `  ${name.padEnd(16)}${summary}`);
    process.stderr.write(`no such benchmark: ${unknown.join(", ")}\n${known.join("\n")}\n`);
    return 2;
  }
  let broken = 0;
  for (const [name, { run, alone }] of Object.entries(suites)) {
    if (names.length > 0 ? !names.includes(name) : alone) continue;
    process.stdout.write(`\n# ${name}\n`);
    await run((line) => {
      if (line.startsWith("!")) broken += 1;
      process.stdout.write(`${line}\n`);
    }, sizes);
  }
  if (broken > 0)
    process.stdout.write(`\n${broken} ${broken === 1 ? "promise is" : "promises are"} not kept: the lines with !\n`);
  return broken > 0 ? 1 : 0;
}

// Workers of a benchmark load this file again: they have their own work.
if (isMainThread) process.exitCode = await main(process.argv.slice(2));
