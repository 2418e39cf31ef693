// Speed and memory of the evaluation; every number printed is measured in this run.
import { execFileSync, spawnSync } from "node:child_process";
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
const perStream = 500;

function drawScores(rows: number) {
  const random = createRandom("bench");
  const labels = Float64Array.from({ length: rows }, () => (random.nextFloat() < 0.4 ? 1 : 0));
  const score = () => labels.map((label) => 1 / (1 + Math.exp(-(label + random.nextNormal() - 0.5))));
  return { labels, baseline: score(), candidate: score() };
}

async function benchResampling(print: Print): Promise<void> {
  const runs = 3;
  const [twice, numpy]: [number[], number[]] = [[], []];
  let sum = 0;
  for (let run = 0; run < runs; run += 1) {
    const two = await resampleOnThreads(2);
    twice.push(two.seconds);
    sum = two.sum;
    const peer = timeNumpy();
    if (peer !== null) numpy.push(peer);
  }
  const one = await resampleOnThreads(1);
  const [seconds, peer] = [median(twice), median(numpy)];
  print(
    `10,000 paired resamples of accuracy + F1 + AUC of two models, 100,000 rows (medians of ${runs} alternating runs)`,
  );
  printRow(print, "Modelgate, 2 threads", seconds);
  printRow(print, "Modelgate, 1 thread", one.seconds, `the same draws: ${one.sum === sum ? "yes" : "NO"} (1 run)`);
  if (numpy.length === 0) print("  NumPy is not installed here, so there is nothing to compare with");
  else
    printRow(
      print,
      "vectorised NumPy",
      peer,
      `200 resamples scaled up; ${times(peer / seconds)} Modelgate's time on 2 threads, ${times(peer / one.seconds)} on 1 (promised: 10 ×)`,
    );
}

async function resampleOnThreads(threads: number): Promise<{ readonly seconds: number; readonly sum: number }> {
  const started = performance.now();
  const sums = await Promise.all(
    Array.from({ length: threads }, (_, thread) => {
      const worker = new Worker(new URL(import.meta.url), { workerData: { name: workerName, thread, threads } });
      return new Promise<readonly number[]>((resolve, reject) => {
        worker.once("message", resolve);
        worker.once("error", reject);
      });
    }),
  );
  const seconds = (performance.now() - started) / 1000;
  // Sorted, so that the sum does not depend on who drew what.
  return {
    seconds,
    sum: sums
      .flat()
      .sort((left, right) => left - right)
      .reduce((left, right) => left + right, 0),
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
t = time.perf_counter()
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
print((time.perf_counter() - t) / b)
`;

/** Seconds for all resamples; null without NumPy. */
function timeNumpy(): number | null {
  const { status, stdout } = spawnSync("python3", ["-c", numpyProgram], { encoding: "utf8" });
  const each = Number.parseFloat(stdout);
  return status === 0 && Number.isFinite(each) ? each * resamples : null;
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
  const idle = process.resourceUsage().maxRSS;
  const { labels, baseline, candidate } = drawScores(metricRows);
  const input = (3 * labels.byteLength) / 2 ** 20;
  measureAll(labels, baseline, candidate);
  const above = (process.resourceUsage().maxRSS - idle) / 1024;
  print(
    `  ${"peak memory".padEnd(22)}${above.toFixed(0).padStart(6)} MiB above an idle process, ${input.toFixed(0)} of them the input (promised: 300)`,
  );
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

function printRow(print: Print, name: string, seconds: number, remark = ""): void {
  print(`  ${name.padEnd(22)}${seconds.toFixed(2).padStart(6)} s${remark === "" ? "" : `   ${remark}`}`);
}

function times(ratio: number): string {
  return `${ratio.toFixed(1)} ×`;
}

if (!isMainThread && workerData?.name === workerName)
  parentPort?.postMessage(resampleStreams(workerData.thread, workerData.threads));
