// Speed and memory of the evaluation; every number printed is measured in this run.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { metricCatalog } from "../src/evaluation/catalog.ts";
import { joinPredictions } from "../src/evaluation/metric-rows.ts";
import { evaluateStatistic } from "../src/evaluation/statistic.ts";
import { measureDelong } from "../src/statistics/delong.ts";
import { sortIndices } from "../src/statistics/sort-order.ts";
import { benchResampling, drawScores, printRan } from "./resampling.ts";
import { type Ran, takeMedians, timeHere } from "./run-command.ts";

type Print = (line: string) => void;

/** Resampling beside NumPy, all metrics beside a sort, and their memory. */
export async function benchEvaluation(print: Print): Promise<void> {
  await benchResampling(print);
  print("");
  for (const suite of ["metrics", "memory"]) {
    const printed = execFileSync(process.execPath, [process.argv[1]!, suite], { encoding: "utf8" });
    for (const line of printed.split("\n").filter((text) => text !== "" && !text.startsWith("#"))) print(line);
  }
}

const metricRows = 1_000_000;
const binaryMetrics = metricCatalog.filter(
  ({ tasks, checkParameters }) => tasks.includes("binary") && checkParameters(new Map()).length === 0,
);

/** Time beside a sort; for a process of its own, since what ran before leaves compiled code that suits other rows. */
export async function benchMetrics(print: Print): Promise<void> {
  const { labels, baseline, candidate } = drawScores(metricRows);
  const scores = [baseline, candidate];
  const [sorting, native, all]: [Ran[], Ran[], Ran[]] = [[], [], []];
  for (let run = 0; run < 7; run += 1) {
    // Orders are remembered by array: each run gets its own.
    const [forSort, forNative, forAll] = [scores, scores, scores].map((list) => list.map((values) => values.slice()));
    native.push(timeHere(() => forNative!.map((values) => values.sort())));
    sorting.push(timeHere(() => forSort!.map(sortIndices)));
    all.push(timeHere(() => measureAll(labels, forAll![0]!, forAll![1]!)));
  }
  const [sort, everything] = [takeMedians(native), takeMedians(all)];
  const ratio = (of: (ran: Ran) => number) => `${(of(everything) / of(sort)).toFixed(1)} ×`;
  print(
    `all ${binaryMetrics.length} binary metrics that need no more than labels and scores, of two models, and DeLong, 1,000,000 rows in memory (medians of 7 alternating runs)`,
  );
  printRan(print, "one sort per model", sort, "Float64Array.sort of both models' scores");
  printRan(print, "as indices", takeMedians(sorting), "what the metrics sort; part of everything");
  printRan(print, "everything", everything);
  print(
    `  everything takes ${ratio(({ wallSeconds }) => wallSeconds)} the sorts (promised: 2 × and the read), ${ratio(({ cpuSeconds }) => cpuSeconds)} their processor time`,
  );
}

/** Peak of resident memory; for a process of its own, in which nothing else has run. */
export async function benchMemory(print: Print): Promise<void> {
  const idle = readPeakMebibytes();
  const { labels, baseline, candidate } = drawScores(metricRows);
  const input = (3 * labels.byteLength) / 2 ** 20;
  measureAll(labels, baseline, candidate);
  const above = readPeakMebibytes() - idle;
  print(
    `  ${"peak memory".padEnd(22)}${above.toFixed(0).padStart(6)} MiB above an idle process, ${input.toFixed(0)} of them the input (promised: 300)`,
  );
}

/** The high-water mark of this program; `resourceUsage` would also know that of the process it was started from. NaN outside Linux. */
function readPeakMebibytes(): number {
  const status = process.platform === "linux" ? readFileSync("/proc/self/status", "latin1") : "";
  return Number(/^VmHWM:\s+(\d+) kB$/mu.exec(status)?.[1] ?? Number.NaN) / 1024;
}

function measureAll(labels: Float64Array, baseline: Float64Array, candidate: Float64Array): void {
  const rows = {
    task: "binary",
    rows: labels.length,
    labels,
    classes: ["0", "1"],
    threshold: 0.5,
    weights: null,
    clusters: null,
    blockLength: null,
    columns: new Map(),
  } as const;
  for (const values of [baseline, candidate]) {
    const joined = joinPredictions(rows, { values, probabilities: null, columns: new Map() });
    for (const metric of binaryMetrics) evaluateStatistic(metric.measure(joined, new Map()), null);
  }
  measureDelong(labels, baseline, candidate);
}
