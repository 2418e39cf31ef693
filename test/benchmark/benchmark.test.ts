import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { classifyChange, estimateRatio, passesSelfTest } from "../../src/benchmark/compare-latency.ts";
import { benchmark } from "../../src/commands/benchmark.ts";
import { InputError } from "../../src/errors.ts";
import { BenchmarkDocument } from "../../src/evidence/evidence.ts";
import { withTemporaryFolder } from "../../src/host/temporary-folder.ts";
import { createRandom } from "../../src/statistics/rng.ts";
import { buildModel, describeValue, floatTensor } from "../runtimes/onnx-model.ts";
import { createContext, writeFiles } from "../training/test-context.ts";

describe("the ratio of two latencies", () => {
  it("is the median of the pairs' ratios, with an interval of order statistics", () => {
    const baseline = Array.from({ length: 40 }, () => 1);
    const candidate = baseline.map((_, pair) => Math.exp((pair - 19.5) / 100));
    const { ratio, interval } = estimateRatio(candidate, baseline, 0.99);
    expect(ratio).toBeCloseTo(1, 12);
    // P(Binomial(40, ½) ≤ 11) = 0.0032 ≤ 0.005 < P(≤ 12) = 0.0083: the 12th smallest and 12th largest of 40.
    expect(interval![0]).toBeCloseTo(Math.exp((11 - 19.5) / 100), 12);
    expect(interval![1]).toBeCloseTo(Math.exp((28 - 19.5) / 100), 12);
  });

  it("has no interval from a handful of pairs, and then is no change", () => {
    const estimate = estimateRatio([2, 2, 2, 2], [1, 1, 1, 1]);
    expect(estimate).toEqual({ ratio: 2, interval: null });
    expect(classifyChange(estimate)).toBe("unchanged");
  });

  it("holds the truth in at least 99 of 100 intervals, also with noise whose tails are heavy", () => {
    const random = createRandom("latency");
    let held = 0;
    for (let trial = 0; trial < 1000; trial += 1) {
      const draw = () => Math.exp(0.1 * random.nextNormal() * (random.nextFloat() < 0.1 ? 10 : 1));
      const baseline = Array.from({ length: 40 }, draw);
      const candidate = Array.from({ length: 40 }, () => 1.05 * draw());
      const [low, high] = estimateRatio(candidate, baseline).interval!;
      if (low <= 1.05 && 1.05 <= high) held += 1;
    }
    expect(held).toBeGreaterThanOrEqual(980);
  });

  it("is a change only beyond 3 % and with its interval on one side", () => {
    expect(classifyChange({ ratio: 1.05, interval: [1.01, 1.09] })).toBe("regression");
    expect(classifyChange({ ratio: 1.05, interval: [0.99, 1.12] })).toBe("unchanged");
    expect(classifyChange({ ratio: 1.02, interval: [1.01, 1.03] })).toBe("unchanged");
    expect(classifyChange({ ratio: 0.9, interval: [0.85, 0.95] })).toBe("improvement");
    expect([passesSelfTest(1.01), passesSelfTest(1 / 1.02)]).toEqual([true, false]);
  });
});

/** A chain of `depth` products of 64 × 64, so that the time of a call is the model's own. */
function buildChain(depth: number): Uint8Array {
  const weights = Array.from({ length: 64 * 64 }, (_, index) => ((index * 31) % 64) / 4096);
  const names = ["x0", ...Array.from({ length: depth }, (_, index) => `x${index + 1}`)];
  return buildModel({
    node: [
      { opType: "MatMul", input: ["a", "first"], output: ["x0"], name: "first" },
      ...Array.from({ length: depth }, (_, index) => ({
        opType: "MatMul",
        input: [names[index]!, "W"],
        output: [names[index + 1]!],
        name: `m${index}`,
      })),
      {
        opType: "ReduceMean",
        input: [names[depth]!],
        output: ["y"],
        name: "mean",
        attribute: [{ name: "axes", type: 7, ints: [1] }],
      },
    ],
    initializer: [floatTensor("first", [1, 64], weights.slice(0, 64)), floatTensor("W", [64, 64], weights)],
    input: [describeValue("a", "float32", ["N", 1])],
    output: [describeValue("y", "float32", ["N", 1])],
  });
}

describe("measured in processes of its own", { timeout: 120_000 }, () => {
  // The measuring process is a built program, as it is for users; `npm test` has built it already.
  beforeAll(() => {
    if (existsSync("dist/measure.mjs")) return;
    execFileSync(process.execPath, ["scripts/build.mjs", "--quiet"], { stdio: "inherit" });
  });

  it("a model that does four times the work is a regression, confirmed, unless the machine is too busy to tell", async () => {
    await withTemporaryFolder(async (folder) => {
      writeFiles(folder, { "small.onnx": buildChain(40), "large.onnx": buildChain(160), "rows.csv": "a\n1\n2\n3\n" });
      const settings = {
        candidate: "large.onnx",
        baseline: "small.onnx",
        data: "rows.csv",
        features: null,
        budgetSeconds: 2,
      };
      const { document, exitCode } = await benchmark(settings, createContext(folder));
      expect(BenchmarkDocument.parse(document)).toEqual(document);
      expect(document.engine).toMatchObject({ name: "onnxruntime-node", threads: 1 });
      expect(document.pairs).toBe(40);
      expect(document.latency.p50.ratio).toBeGreaterThan(1.5);
      expect(["regression", "noisy"]).toContain(document.outcome);
      expect(exitCode).toBe(document.outcome === "regression" ? 1 : 0);
      if (document.outcome === "regression") expect(document.reason).toContain("confirmed in a fresh process");
      expect(document.size.candidate).toBeGreaterThan(document.size.baseline!);
      expect(document.memory.candidate).toBeGreaterThan(20e6);
      expect(document.throughput.candidate).toBeGreaterThan(0);
    });
  });

  it("without a baseline nothing is decided, and rows are made up", async () => {
    await withTemporaryFolder(async (folder) => {
      writeFiles(folder, { "m.onnx": buildChain(4) });
      const settings = { candidate: "m.onnx", baseline: null, data: null, features: null, budgetSeconds: 0.5 };
      const { document, exitCode } = await benchmark(settings, createContext(folder));
      expect(document).toMatchObject({
        outcome: "unpaired",
        pairs: 0,
        latency: { p50: { baseline: null, ratio: null } },
      });
      expect(exitCode).toBe(0);
    });
  });

  it("what cannot be measured is said as if it were opened here", async () => {
    await withTemporaryFolder(async (folder) => {
      writeFiles(folder, { "m.onnx": "", "p.csv": "id,prediction\na,1\n" });
      const context = createContext(folder);
      const settings = { baseline: null, data: null, features: null, budgetSeconds: 0.5 };
      await expect(benchmark({ ...settings, candidate: "m.onnx" }, context)).rejects.toThrow("the model file is empty");
      const failure = benchmark({ ...settings, candidate: "p.csv" }, context);
      await expect(failure).rejects.toThrow(InputError);
      await expect(failure).rejects.toThrow("latency of this model cannot be compared");
    });
  });
});
