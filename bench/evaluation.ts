// Speed, memory and calibration of the evaluation; every number printed is measured in this run.
import { spawnSync } from "node:child_process";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { metricCatalog } from "../src/evaluation/catalog.ts";
import { joinPredictions } from "../src/evaluation/metric-rows.ts";
import { evaluateStatistic } from "../src/evaluation/statistic.ts";
import { measureDelong } from "../src/statistics/delong.ts";
import { resampleClassifiers } from "../src/statistics/resample-classifiers.ts";
import { createRandom } from "../src/statistics/rng.ts";
import { sortIndices } from "../src/statistics/sort-order.ts";
import { calibrate } from "./calibration.ts";

type Print = (line: string) => void;

/** Prints one line per number. `pairs` of simulated models per calibration scenario (2,000 when it counts). */
export async function benchEvaluation(print: Print, pairs = 2000): Promise<void> {
  await benchResampling(print);
  benchMetrics(print);
  benchCalibration(print, pairs);
}

const workerName = "modelgate-bench-resampling";
const resampleRows = 100_000;

function drawScores(rows: number) {
  const random = createRandom("bench");
  const labels = Float64Array.from({ length: rows }, () => (random.nextFloat() < 0.4 ? 1 : 0));
  const score = () => labels.map((label) => 1 / (1 + Math.exp(-(label + random.nextNormal() - 0.5))));
  return { labels, baseline: score(), candidate: score() };
}

async function benchResampling(print: Print): Promise<void> {
  const total = 10_000;
  const threads = 2;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: threads }, (_, thread) => {
      const worker = new Worker(new URL(import.meta.url), {
        workerData: { name: workerName, resamples: total / threads, thread },
      });
      return new Promise<void>((resolve, reject) => {
        worker.once("message", () => resolve());
        worker.once("error", reject);
      });
    }),
  );
  const seconds = (performance.now() - started) / 1000;
  print(`10,000 paired resamples of accuracy + F1 + AUC, 100,000 rows, ${threads} threads: ${seconds.toFixed(1)} s`);
  const numpy = timeNumpy();
  print(
    numpy === null
      ? "  NumPy is not installed here, so there is nothing to compare with"
      : `  vectorised NumPy, ${numpy.resamples} resamples scaled to 10,000: ${numpy.seconds.toFixed(1)} s, ${(numpy.seconds / seconds).toFixed(1)} times as long`,
  );
}

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

function timeNumpy(): { readonly seconds: number; readonly resamples: number } | null {
  const { status, stdout } = spawnSync("python3", ["-c", numpyProgram], { encoding: "utf8" });
  const each = Number.parseFloat(stdout);
  return status === 0 && Number.isFinite(each) ? { seconds: each * 10_000, resamples: 200 } : null;
}

function benchMetrics(print: Print): void {
  const rows = 1_000_000;
  const before = process.memoryUsage().rss;
  const { labels, baseline, candidate } = drawScores(rows);
  const sorting = time(() => {
    sortIndices(baseline.slice());
    sortIndices(candidate.slice());
  });
  const native = time(() => {
    baseline.slice().sort();
    candidate.slice().sort();
  });
  const seconds = time(() => {
    for (const values of [baseline, candidate]) {
      const joined = joinPredictions(
        {
          task: "binary",
          rows,
          labels,
          classes: ["0", "1"],
          threshold: 0.5,
          weights: null,
          clusters: null,
          blockLength: null,
          columns: new Map(),
        },
        { values, probabilities: null, columns: new Map() },
      );
      for (const metric of metricCatalog)
        if (metric.tasks.includes("binary")) evaluateStatistic(metric.measure(joined, new Map()), null);
    }
    measureDelong(labels, baseline, candidate);
  });
  const peak = (process.memoryUsage().rss - before) / 2 ** 20;
  print(`all binary metrics of two models + DeLong, 1,000,000 rows: ${seconds.toFixed(2)} s`);
  print(
    `  sorting the indices of both scores: ${sorting.toFixed(2)} s; sorting their values natively: ${native.toFixed(2)} s`,
  );
  print(`  resident memory above the start, with 24 MB of input: ${peak.toFixed(0)} MiB`);
}

function time(run: () => void): number {
  const started = performance.now();
  run();
  return (performance.now() - started) / 1000;
}

function benchCalibration(print: Print, pairs: number): void {
  const gates = [
    "roc_auc drop <= 2pp",
    "accuracy drop <= 2pp",
    "recall drop <= 2pp",
    "f1 drop <= 2pp",
    "log_loss rise <= 0.02",
    "average_precision drop <= 2pp",
    "roc_auc >= 0.7",
    "accuracy >= 0.6",
  ];
  for (const rows of [500, 5000])
    for (const correlation of [0.8, 0.95]) {
      const { verdicts, holdsZero, passesPassable } = calibrate({
        pairs,
        rows,
        correlation,
        resamples: 1000,
        areaLoss: 0,
        gates,
      });
      const show = (share: number) => `${(100 * share).toFixed(1)} %`;
      print(
        `equal models, ${rows} rows, correlation ${correlation}: pass ${show(verdicts.pass)}, inconclusive ${show(verdicts.inconclusive)}, fail ${show(verdicts.fail)}`,
      );
      for (const [id, share] of holdsZero)
        if (!id.includes(">="))
          print(`  ${id}: intervals cover ${show(share)}, passable margin passes ${show(passesPassable.get(id)!)}`);
    }
}

if (!isMainThread && workerData?.name === workerName) {
  const { labels, baseline, candidate } = drawScores(resampleRows);
  const random = createRandom(`bench ${workerData.thread}`);
  resampleClassifiers(labels, baseline, candidate, 0.5, workerData.resamples, random);
  parentPort?.postMessage("done");
}
