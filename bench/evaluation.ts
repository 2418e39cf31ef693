// Speed and memory of the evaluation; every number printed is measured in this run.
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { metricCatalog } from "../src/evaluation/catalog.ts";
import { joinPredictions } from "../src/evaluation/metric-rows.ts";
import { evaluateStatistic } from "../src/evaluation/statistic.ts";
import { measureDelong } from "../src/statistics/delong.ts";
import { resampleClassifiers } from "../src/statistics/resample-classifiers.ts";
import { createRandom } from "../src/statistics/rng.ts";
import { sortIndices } from "../src/statistics/sort-order.ts";

type Print = (line: string) => void;

/** Resampling beside NumPy, all metrics beside a sort, and their memory. */
export async function benchEvaluation(print: Print): Promise<void> {
  await benchResampling(print);
  print("");
  benchMetrics(print);
}

const workerName = "modelgate-bench-resampling";
const resampleRows = 100_000;
const resamples = 10_000;
/** Resamples of one random stream: streams are dealt to threads, so that the draws do not depend on how many there are. */
const perStream = 1000;

function drawScores(rows: number) {
  const random = createRandom("bench");
  const labels = Float64Array.from({ length: rows }, () => (random.nextFloat() < 0.4 ? 1 : 0));
  const score = () => labels.map((label) => 1 / (1 + Math.exp(-(label + random.nextNormal() - 0.5))));
  return { labels, baseline: score(), candidate: score() };
}

/** Wall and processor seconds; the latter hardly depend on what else the machine does. */
interface Cost {
  readonly seconds: number;
  readonly processor: number;
}

async function benchResampling(print: Print): Promise<void> {
  const runs = 3;
  const [twice, peers]: [Cost[], Cost[]] = [[], []];
  let sum = 0;
  for (let run = 0; run < runs; run += 1) {
    const two = await resampleOnThreads(2);
    twice.push(two);
    sum = two.sum;
    const peer = timeNumpy();
    if (peer !== null) peers.push(peer);
  }
  const one = await resampleOnThreads(1);
  const [two, peer] = [medianCost(twice), medianCost(peers)];
  print(
    `10,000 paired resamples of accuracy + F1 + AUC of two models, 100,000 rows (medians of ${runs} alternating runs)`,
  );
  const row = (name: string, { seconds, processor }: Cost, remark: string) =>
    printRow(print, name, seconds, `${processor.toFixed(1).padStart(6)} s of processor   ${remark}`);
  row("Modelgate, 2 threads", two, "");
  row("Modelgate, 1 thread", one, `the same draws: ${one.sum === sum ? "yes" : "NO"} (1 run)`);
  if (peers.length === 0) print("  NumPy is not installed here, so there is nothing to compare with");
  else {
    row("vectorised NumPy", peer, "1 thread, 200 resamples scaled up");
    print(
      `  NumPy takes ${times(peer.seconds / two.seconds)} as long as 2 threads (promised: 10 ×), ${times(peer.processor / one.processor)} the processor time of 1`,
    );
  }
}

async function resampleOnThreads(threads: number): Promise<Cost & { readonly sum: number }> {
  const started = performance.now();
  const before = process.cpuUsage();
  const sums = await Promise.all(
    Array.from({ length: threads }, (_, thread) => {
      const worker = new Worker(new URL(import.meta.url), { workerData: { name: workerName, thread, threads } });
      return new Promise<readonly number[]>((resolve, reject) => {
        worker.once("message", resolve);
        worker.once("error", reject);
      });
    }),
  );
  const { user, system } = process.cpuUsage(before);
  // Sorted, so that the sum does not depend on who drew what.
  const ordered = sums.flat().sort((left, right) => left - right);
  return {
    seconds: (performance.now() - started) / 1000,
    processor: (user + system) / 1e6,
    sum: ordered.reduce((left, right) => left + right, 0),
  };
}

/** The work of one thread: the mean difference of each metric in each of its streams. */
function resampleStreams(thread: number, threads: number): readonly number[] {
  const { labels, baseline, candidate } = drawScores(resampleRows);
  const means: number[] = [];
  for (let stream = thread; stream < resamples / perStream; stream += threads) {
    const draws = resampleClassifiers(labels, baseline, candidate, 0.5, perStream, createRandom(`bench ${stream}`));
    for (const metric of ["accuracy", "f1", "area"] as const)
      means.push(
        draws.candidate[metric].reduce((sum, value, at) => sum + value - draws.baseline[metric][at]!, 0) / perStream,
      );
  }
  return means;
}

/** Sorts once per model, then one pass over sorted arrays per model and resample: what a careful user of NumPy writes. Ties are not handled. */
const numpyProgram = `
import time, numpy as np
n, b = 100000, 200
r = np.random.default_rng(1)
y = (r.random(n) < 0.4)
models = []
for _ in range(2):
    s = 1 / (1 + np.exp(-(y + r.normal(size=n) - 0.5)))
    o = np.argsort(s, kind="stable")
    models.append((o, y[o].astype(float), (s[o] >= 0.5)))
t, c = time.perf_counter(), time.process_time()
for _ in range(b):
    w = np.bincount(r.integers(0, n, n), minlength=n).astype(float)
    for o, p, d in models:
        v = w[o]
        hit = v * p
        neg = v - hit
        auc = (hit * np.cumsum(neg)).sum() / (hit.sum() * neg.sum())
        tp = hit[d].sum()
        f1 = 2 * tp / (hit.sum() + v[d].sum())
        acc = (tp + neg[~d].sum()) / v.sum()
print((time.perf_counter() - t) / b, (time.process_time() - c) / b)
`;

/** For all resamples; null without NumPy. */
function timeNumpy(): Cost | null {
  const { status, stdout } = spawnSync("python3", ["-c", numpyProgram], { encoding: "utf8" });
  const [seconds, processor] = stdout.split(" ").map((text) => Number.parseFloat(text) * resamples);
  return status === 0 && Number.isFinite(seconds) ? { seconds: seconds!, processor: processor! } : null;
}

const metricRows = 1_000_000;
const binaryMetrics = metricCatalog.filter(
  ({ tasks, checkParameters }) => tasks.includes("binary") && checkParameters(new Map()).length === 0,
);

function benchMetrics(print: Print): void {
  const runs = 5;
  const { labels, baseline, candidate } = drawScores(metricRows);
  const scores = [baseline, candidate];
  const [sorting, native, all]: [number[], number[], number[]] = [[], [], []];
  for (let run = 0; run < runs; run += 1) {
    // Orders are remembered by array: each run gets its own.
    const [forSort, forNative, forAll] = [scores, scores, scores].map((list) => list.map((values) => values.slice()));
    sorting.push(time(() => forSort!.map(sortIndices)));
    native.push(time(() => forNative!.map((values) => values.sort())));
    all.push(time(() => measureAll(labels, forAll![0]!, forAll![1]!)));
  }
  const [sortSeconds, seconds] = [median(sorting), median(all)];
  print(
    `all ${binaryMetrics.length} binary metrics of two models + DeLong, 1,000,000 rows in memory (medians of ${runs} alternating runs)`,
  );
  printRow(print, "one sort per model", sortSeconds, `indices in order of both models' scores`);
  printRow(print, "the same natively", median(native), "Float64Array.sort of both models' scores, without indices");
  printRow(
    print,
    "everything",
    seconds,
    `${times(seconds / sortSeconds)} the sorts of indices, ${times(seconds / median(native))} the native ones (promised: 2 ×)`,
  );
  const memory = execFileSync(process.execPath, [process.argv[1]!, "memory"], { encoding: "utf8" });
  for (const line of memory.split("\n").filter((text) => text.startsWith("  "))) print(line);
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

function time(run: () => void): number {
  const started = performance.now();
  run();
  return (performance.now() - started) / 1000;
}

function median(values: readonly number[]): number {
  return [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function medianCost(costs: readonly Cost[]): Cost {
  return {
    seconds: median(costs.map(({ seconds }) => seconds)),
    processor: median(costs.map(({ processor }) => processor)),
  };
}

function printRow(print: Print, name: string, seconds: number, remark = ""): void {
  print(`  ${name.padEnd(22)}${seconds.toFixed(2).padStart(6)} s${remark === "" ? "" : `   ${remark}`}`);
}

function times(ratio: number): string {
  return `${ratio.toFixed(1)} ×`;
}

if (!isMainThread && workerData?.name === workerName)
  parentPort?.postMessage(resampleStreams(workerData.thread, workerData.threads));
