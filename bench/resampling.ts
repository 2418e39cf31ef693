// Paired resamples of classifiers beside NumPy, and what verdicts that draw them take as whole processes.
import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Reading, resampleClassifiers } from "../src/statistics/resample-classifiers.ts";
import { createRandom } from "../src/statistics/rng.ts";
import { findPython } from "./find-python.ts";
import { type Ran, repeat, runCommand, takeMedians, timeHere } from "./run-command.ts";

type Print = (line: string) => void;

const rows = 100_000;
const resamples = 10_000;
const threshold = 0.5;

/** Labels, 40 % positive, and two scores with an area under the ROC curve of about 0.76. */
export function drawScores(rows: number) {
  const random = createRandom("bench");
  const labels = Float64Array.from({ length: rows }, () => (random.nextFloat() < 0.4 ? 1 : 0));
  const score = () => labels.map((label) => 1 / (1 + Math.exp(-(label + random.nextNormal() - 0.5))));
  return { labels, baseline: score(), candidate: score() };
}

/** The function that verdicts draw with, on one thread, beside NumPy; then `compare` on the same rows. */
export async function benchResampling(print: Print): Promise<void> {
  const data = drawScores(rows);
  const python = findPython(["numpy"]);
  const [own, peers]: [Ran[], Ran[]] = [[], []];
  for (let run = 0; run < 3; run += 1) {
    own.push(timeOwn(data));
    if (python !== null) peers.push(timeNumpy(python));
  }
  const [ours, peer] = [takeMedians(own), takeMedians(peers)];
  print(
    "10,000 paired resamples of accuracy + F1 + AUC of two models, 100,000 rows, 1 thread (medians of 3 alternating runs)",
  );
  printRan(print, "Modelgate", ours);
  if (python === null) print("  NumPy is not installed here, so there is nothing to compare with");
  else {
    printRan(print, "vectorised NumPy", peer, "200 resamples scaled up");
    const [wall, processor] = [peer.wallSeconds / ours.wallSeconds, peer.cpuSeconds / ours.cpuSeconds];
    print(`  NumPy takes ${wall.toFixed(1)} × as long (promised: 10 ×), ${processor.toFixed(1)} × the processor time`);
  }
  await benchVerdicts(print, data);
}

/** Sorting and everything else that is done once included. */
function timeOwn(data: ReturnType<typeof drawScores>): Ran {
  // Orders are remembered by array: each run gets its own.
  const [labels, baseline, candidate] = [data.labels, data.baseline.slice(), data.candidate.slice()];
  return timeHere(() => {
    const decide = (scores: Float64Array, row: number) => Number(scores[row]! >= threshold);
    const cellOfRow = Int32Array.from(
      labels,
      (label, row) => 4 * label + 2 * decide(baseline, row) + decide(candidate, row),
    );
    const readings: readonly Reading[] = [
      { of: "cells", cellOfRow, cells: 8 },
      { of: "area", labels, scores: baseline },
      { of: "area", labels, scores: candidate },
    ];
    const [cells] = resampleClassifiers(readings, { units: rows, unitOfRow: null }, resamples, createRandom("bench"));
    for (let at = 0; at < resamples; at += 1) {
      const count = (cell: number) => cells![cell * resamples + at]!;
      measureDecisions(count(0) + count(1), count(2) + count(3), count(4) + count(5), count(6) + count(7));
      measureDecisions(count(0) + count(2), count(1) + count(3), count(4) + count(6), count(5) + count(7));
    }
  });
}

function measureDecisions(spared: number, alarms: number, missed: number, found: number) {
  return { accuracy: (spared + found) / rows, f1: (2 * found) / (2 * found + alarms + missed) };
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

/** For all resamples. */
function timeNumpy(python: string): Ran {
  const { stdout } = spawnSync(python, ["-c", numpyProgram], { encoding: "utf8" });
  const [wallSeconds = Number.NaN, cpuSeconds = Number.NaN] = stdout
    .split(" ")
    .map((text) => Number.parseFloat(text) * resamples);
  return { wallSeconds, cpuSeconds, peakMegabytes: Number.NaN };
}

/** Independent rows ask for resamples of average precision and of means alone; groups of rows ask for them with every metric. */
async function benchVerdicts(
  print: Print,
  { labels, baseline, candidate }: ReturnType<typeof drawScores>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "modelgate-bench-"));
  try {
    const write = (name: string, scores: Float64Array) =>
      writeFile(
        join(folder, name),
        `id,person,label,score\n${Array.from(labels, (label, row) => `${row},${row >> 2},${label},${scores[row]}\n`).join("")}`,
      );
    await write("baseline.csv", baseline);
    await write("candidate.csv", candidate);
    const compare = (...more: readonly string[]) =>
      repeat(() =>
        runCommand(folder, [
          ...["compare", "--baseline", "baseline.csv", "--candidate", "candidate.csv", "--task", "binary"],
          ...["--label", "label", "--prediction", "score", "--gate", "f1 drop <= 1pp", ...more],
        ]),
      );
    print("");
    print(
      "modelgate compare, nine metrics of two models, 100,000 rows of CSV, 2,000 resamples per metric that is drawn (whole process, medians of 3)",
    );
    printRan(print, "rows by themselves", await compare());
    printRan(print, "in groups of four", await compare("--group", "person"));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** One line of a table: wall, processor, and memory where it is known. */
export function printRan(
  print: Print,
  name: string,
  { wallSeconds, cpuSeconds, peakMegabytes }: Ran,
  remark = "",
): void {
  const memory = Number.isNaN(peakMegabytes) ? "" : `   ${peakMegabytes.toFixed(0)} MB at most`;
  const times = `${wallSeconds.toFixed(2).padStart(6)} s   ${cpuSeconds.toFixed(2).padStart(6)} s of processor`;
  print(`  ${name.padEnd(22)}${times}${memory}${remark === "" ? "" : `   ${remark}`}`);
}
