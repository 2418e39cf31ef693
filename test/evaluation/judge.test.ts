import { describe, expect, test } from "vitest";
import { parseGate } from "../../src/evaluation/gate-grammar.ts";
import { judge } from "../../src/evaluation/judge.ts";
import type { BenchmarkNumbers } from "../../src/evaluation/judge-request.ts";
import { describeChoices } from "../../src/evaluation/resolve-metric.ts";
import type { Column } from "../../src/tables/table.ts";
import { makePair, makePredictions, makeRequest, makeRows } from "./example-models.ts";

const y = [0, 0, 0, 0, 0, 1, 1, 1, 1, 1];
const s1 = [0.1, 0.4, 0.35, 0.8, 0.2, 0.5, 0.9, 0.7, 0.6, 0.3];
const s2 = [0.2, 0.3, 0.6, 0.7, 0.5, 0.4, 0.8, 0.65, 0.55, 0.45];

function judgeOne(gate: string, models: Parameters<typeof makeRequest>[0], more = {}) {
  const comparison = judge(makeRequest(models, [gate], more));
  return { comparison, gate: comparison.gates[0]!, verdict: comparison.verdict };
}

describe("a margin on the AUC is tested by DeLong", () => {
  const { gate, comparison } = judgeOne("roc_auc drop <= 5pp", {
    rows: makeRows("binary", y),
    baseline: makePredictions(s1),
    candidate: makePredictions(s2),
  });
  test("with the published numbers", () => {
    expect(gate).toMatchObject({ outcome: "inconclusive", threshold: 0.05, rows: 10 });
    expect(gate.difference).toBeCloseTo(-0.12, 12);
    expect(gate.pValuePass).toBeCloseTo(0.6863, 4);
    expect(gate.interval![0]).toBeCloseTo(-0.4027, 4);
    expect(gate.interval![1]).toBeCloseTo(0.1627, 4);
    expect(comparison.metrics[0]).toMatchObject({ test: "delong" });
    expect(comparison.metrics[0]!.statistic).toBeCloseTo(-0.8320502943, 9);
    expect(comparison.metrics[0]!.pValue).toBeCloseTo(0.4053805565, 9);
  });
  test("and says what it would take", () => {
    expect(gate.resolved).toBe("drop <= 5pp = 0.05");
    expect(gate.rowsNeeded).toBeGreaterThan(300);
    expect(gate.passableMargin).toBeCloseTo((1.96 + 0.8416) * 0.144222, 3);
    expect(gate.reason).toContain("these rows do not decide it");
  });
});

describe("pass, fail, inconclusive", () => {
  test("a clear loss fails, the same model passes, the reverse passes", () => {
    const worse = makePair("worse", 800, 0.8, 1);
    expect(judgeOne("roc_auc drop <= 1pp", worse).verdict).toBe("fail");
    expect(judgeOne("log_loss rise <= 0.01", worse).verdict).toBe("fail");
    const better = { ...worse, baseline: worse.candidate, candidate: worse.baseline };
    expect(judgeOne("roc_auc drop <= 1pp", better).verdict).toBe("pass");
    expect(judgeOne("roc_auc gain >= 2pp", better).verdict).toBe("pass");
    expect(judgeOne("log_loss rise <= 1% of baseline", better).verdict).toBe("pass");
  });

  test("equal models do not pass a margin smaller than the noise, and pass a wide one", () => {
    const equal = makePair("equal", 300, 0.8);
    expect(judgeOne("roc_auc drop <= 0.1pp", equal).verdict).toBe("inconclusive");
    expect(judgeOne("roc_auc drop <= 15pp", equal).verdict).toBe("pass");
  });

  test("identical predictions are unchanged and pass, whatever the rows; a demanded gain fails", () => {
    const same = { rows: makeRows("binary", y), baseline: makePredictions(s1), candidate: makePredictions(s1) };
    const { comparison, gate } = judgeOne("roc_auc drop <= 0.1pp", same);
    expect(comparison).toMatchObject({ unchanged: true, verdict: "pass" });
    expect(comparison.metrics[0]).toMatchObject({ test: "identical", pValue: 1, difference: 0, interval: [0, 0] });
    expect(gate.outcome).toBe("pass");
    expect(judgeOne("roc_auc gain >= 1pp", same).verdict).toBe("fail");
    expect(judgeOne("roc_auc gain >= 0pp", same).verdict).toBe("pass");
    expect(judgeOne("roc_auc >= 0.9", same).verdict).toBe("fail");
  });

  test("the same request gives the same bytes, and another seed other draws", () => {
    const pair = makePair("again", 200, 0.9);
    const draw = (seed: string) => JSON.stringify(judge(makeRequest(pair, ["f1 drop <= 2pp"], { seed })));
    expect(draw("a")).toBe(draw("a"));
    expect(draw("a")).not.toBe(draw("b"));
  });

  test("an absolute gate compares the estimate, or the bound with `at`", () => {
    const pair = makePair("absolute", 200, 0.8);
    const value = judgeOne("roc_auc >= 0.5", pair).gate.value!;
    expect(judgeOne(`roc_auc >= ${value}`, pair).verdict).toBe("pass");
    expect(judgeOne(`roc_auc >= ${value} at 95%`, pair).verdict).toBe("inconclusive");
    expect(judgeOne("roc_auc >= 0.6 at 95%", pair).verdict).toBe("pass");
    expect(judgeOne("roc_auc >= 0.99 at 95%", pair).verdict).toBe("fail");
  });

  test("without gates the verdict is pass", () => {
    expect(judge(makeRequest(makePair("none", 50, 0.8), [])).verdict).toBe("pass");
  });
});

describe("the error budget", () => {
  test("a fail is kept only if its Holm-adjusted p-value is at most half of 1 − confidence", () => {
    const pair = makePair("holm", 400, 0.8, 0.3);
    const alone = judge(makeRequest(pair, ["roc_auc drop <= 0.1pp"]));
    const p = alone.gates[0]!.pValueFail!;
    expect(p).toBeGreaterThan(0.025 / 60);
    expect(alone.gates[0]).toMatchObject({ outcome: "fail" });
    const many = Array.from({ length: 60 }, (_, index) => ({ rule: "roc_auc drop <= 0.1pp", id: `gate ${index}` }));
    const crowd = judge({ ...makeRequest(pair, []), gates: many.map((gate) => parseGate(gate)) });
    expect(crowd.gates[0]!.adjustedPValueFail).toBeCloseTo(Math.min(1, 60 * p), 12);
    expect(crowd.verdict).toBe("inconclusive");
  });

  test("a gate that only warns, or may stay inconclusive, does not hold the verdict", () => {
    const worse = makePair("warn", 800, 0.8, 1);
    const warn = parseGate({ rule: "roc_auc drop <= 1pp", severity: "warn" });
    expect(judge({ ...makeRequest(worse, []), gates: [warn] }).verdict).toBe("pass");
    const soft = parseGate({ rule: "roc_auc drop <= 0.1pp", inconclusive: "warn" });
    const equal = judge({ ...makeRequest(makePair("soft", 300, 0.8), []), gates: [soft] });
    expect(equal.gates[0]!.outcome).toBe("inconclusive");
    expect(equal.verdict).toBe("pass");
  });
});

describe("small samples never fail open", () => {
  test("ten positives without a change of decision leave a margin of 2pp open", () => {
    const labels = [...Array(10).fill(1), ...Array(200).fill(0)];
    const baseline = labels.map((label, row) => (label === 1 ? 0.9 : 0.1 + (row % 7) / 100));
    const candidate = baseline.map((value) => value - 0.01);
    const models = {
      rows: makeRows("binary", labels),
      baseline: makePredictions(baseline),
      candidate: makePredictions(candidate),
    };
    for (const gate of [
      "recall drop <= 2pp",
      "f1 drop <= 2pp",
      "precision drop <= 2pp",
      "recall drop <= 2% of baseline",
    ])
      expect(judgeOne(gate, models).verdict, gate).toBe("inconclusive");
    expect(judgeOne("recall drop <= 40pp", models).verdict).toBe("pass");
  });

  test("no variance with predictions that differ is no pass; the same large loss on every row is a fail", () => {
    const labels = Array.from({ length: 40 }, (_, row) => row);
    const shifted = (by: number) => makePredictions(labels.map((label) => label + by));
    const models = { rows: makeRows("regression", labels), baseline: shifted(1), candidate: shifted(1.5) };
    expect(judgeOne("mean_absolute_error rise <= 1", models).gate).toMatchObject({
      outcome: "inconclusive",
      pValuePass: 1,
    });
    expect(judgeOne("mean_absolute_error rise <= 0.1", models).verdict).toBe("fail");
  });

  test("one row, five rows, no rows decide nothing", () => {
    for (const count of [0, 1, 5]) {
      const models = {
        rows: makeRows("binary", y.slice(3, 3 + count)),
        baseline: makePredictions(s1.slice(3, 3 + count)),
        candidate: makePredictions(s2.slice(3, 3 + count)),
      };
      for (const gate of ["roc_auc drop <= 50pp", "accuracy drop <= 1pp", "log_loss rise <= 5", "f1 drop <= 90pp"])
        expect(judgeOne(gate, models).verdict, `${gate} on ${count} rows`).toBe("inconclusive");
    }
  });
});

describe("what other tools trip over", () => {
  const reported = (baseline: number | null, candidate: number | null, direction: "higher" | "lower", rule: string) => {
    const choice = { kind: "reported", id: "custom", reported: "custom", direction } as const;
    const numbers = (value: number | null) => (value === null ? {} : { custom: value });
    return judge({
      ...makeRequest(makePair("reported", 50, 0.8), []),
      metrics: [choice],
      gates: [parseGate(rule, describeChoices([choice]))],
      reported: { baseline: numbers(baseline), candidate: numbers(candidate) },
    });
  };
  test.each([
    ["−10 → −5, higher is better", -10, -5, "higher", "custom drop <= 1", "pass"],
    ["−10 → −15, higher is better", -10, -15, "higher", "custom drop <= 1", "fail"],
    ["−10 → −5, lower is better", -10, -5, "lower", "custom rise <= 1", "fail"],
    ["−10 → −15, lower is better", -10, -15, "lower", "custom rise <= 1", "pass"],
    ["a percentage of −10 means nothing", -10, -5, "higher", "custom drop <= 10% of baseline", "inconclusive"],
    ["nor of 0", 0, 5, "higher", "custom gain >= 10% of baseline", "inconclusive"],
    ["0.8 → 0.88 is +10 %", 0.8, 0.88, "higher", "custom gain >= 10% of baseline", "pass"],
    ["0.8 → 0.8799 is not", 0.8, 0.8799, "higher", "custom gain >= 10% of baseline", "fail"],
    ["0.1 + 0.2 against 0.3", 0, 0.1 + 0.2, "lower", "custom <= 0.3", "pass"],
    ["NaN candidate", 0.8, Number.NaN, "higher", "custom drop <= 10% of baseline", "inconclusive"],
    ["NaN baseline", Number.NaN, 0.8, "higher", "custom drop <= 10% of baseline", "inconclusive"],
    ["infinite candidate", 0.8, Number.POSITIVE_INFINITY, "higher", "custom >= 0.5", "inconclusive"],
    ["candidate missing", 0.8, null, "higher", "custom >= 0.1", "inconclusive"],
    ["baseline missing", null, 0.8, "higher", "custom drop <= 0.1", "inconclusive"],
  ] as const)("%s", (_, baseline, candidate, direction, rule, verdict) => {
    expect(reported(baseline, candidate, direction, rule).verdict).toBe(verdict);
  });

  test("a reported number says that it was not tested", () => {
    const { metrics, gates } = reported(0.8, 0.7, "higher", "custom drop <= 0.2");
    expect(metrics[0]).toMatchObject({ test: "not-tested", interval: null, pValue: null });
    expect(gates[0]!.reason).toContain("not tested");
  });

  test("a negative baseline on rows: r2 drop in percent is inconclusive and says to use points", () => {
    const labels = Array.from({ length: 60 }, (_, row) => row % 5);
    const models = {
      rows: makeRows("regression", labels),
      baseline: makePredictions(labels.map((label, row) => 9 - label + (row % 3))),
      candidate: makePredictions(labels.map((label, row) => 8 - label + (row % 3))),
    };
    const { gate } = judgeOne("r2 drop <= 10% of baseline", models);
    expect(gate.outcome).toBe("inconclusive");
    expect(gate.reason).toContain("use points");
  });

  test("a metric without a value, a missing baseline, an unknown metric never pass", () => {
    const pair = makePair("missing", 100, 0.8);
    const oneClass = { ...pair, rows: { ...pair.rows, labels: new Float64Array(100) } };
    expect(judgeOne("roc_auc drop <= 50pp", oneClass).gate).toMatchObject({ outcome: "inconclusive", value: null });
    expect(judgeOne("roc_auc >= 0.1", oneClass).verdict).toBe("inconclusive");
    expect(judgeOne("roc_auc drop <= 50pp", { ...pair, baseline: null }).gate.reason).toBe(
      "There is no baseline to compare with.",
    );
    expect(judgeOne("roc_auc drop <= 50pp", { ...pair, baseline: null }).verdict).toBe("inconclusive");
    expect(judgeOne("r2 >= 0.1", pair).gate.reason).toContain("it is a metric for regression");
    const own = [
      {
        id: "gone",
        summary: "",
        direction: "higher",
        scale: "free",
        tasks: [],
        untestable: null,
        checkParameters: () => [],
      },
    ] as const;
    const gone = judge({ ...makeRequest(pair, []), gates: [parseGate("gone >= 0", own)] });
    expect(gone).toMatchObject({
      verdict: "inconclusive",
      gates: [{ reason: 'gone is undefined: the metric "gone" is not known.' }],
    });
  });

  test("a first version passes what compares, and absolute gates still hold", () => {
    const first = { ...makePair("first", 100, 0.8), baseline: null };
    const more = { firstVersion: true };
    expect(judgeOne("roc_auc drop <= 1pp", first, more).verdict).toBe("pass");
    expect(judgeOne("roc_auc >= 0.99", first, more).verdict).toBe("fail");
  });
});

describe("numbers of a benchmark", () => {
  const numbers: BenchmarkNumbers = {
    outcome: "unchanged",
    pairs: 200,
    latency: {
      p50: { baseline: 0.01, candidate: 0.0101, ratio: 1.01, interval: [0.99, 1.03] },
      p99: { baseline: 0.02, candidate: 0.03, ratio: 1.5, interval: [1.4, 1.6] },
    },
    throughput: { baseline: 1000, candidate: 950 },
    memory: { baseline: 1e8, candidate: 1.1e8 },
    size: { baseline: 0.8e6, candidate: 0.88e6 },
  };
  test.each([
    ["latency_p50 rise <= 5%", "pass"],
    ["latency_p50 rise <= 2%", "inconclusive"],
    ["latency_p99 rise <= 10%", "fail"],
    ["latency_p50 rise <= 1ms", "pass"],
    ["latency_p50 <= 5ms", "fail"],
    ["throughput drop <= 10%", "pass"],
    ["size rise <= 10%", "pass"],
    ["size <= 500kB", "fail"],
    ["memory rise <= 5MB", "fail"],
  ])("%s: %s", (rule, outcome) => {
    const pair = makePair("bench", 40, 0.8);
    expect(judge(makeRequest(pair, [rule], { benchmark: numbers })).gates[0]!.outcome).toBe(outcome);
    expect(judge(makeRequest(pair, [rule])).verdict).toBe("inconclusive");
    const noisy = { ...numbers, outcome: "noisy" as const };
    if (rule.startsWith("latency") && rule.includes("rise"))
      expect(judge(makeRequest(pair, [rule], { benchmark: noisy })).verdict).toBe("inconclusive");
  });
});

describe("slices", () => {
  const pair = makePair("slices", 600, 0.8);
  const plan = Array.from({ length: 600 }, (_, row) => ["basic", "pro", row % 60 === 2 ? "gold" : "pro"][row % 3]!);
  const age = Float64Array.from({ length: 600 }, (_, row) => (row % 10 === 0 ? Number.NaN : 20 + (row % 70)));
  const rows = {
    ...pair.rows,
    columns: new Map([
      ["plan", { name: "plan", type: "categorical" as const, values: plan }],
      ["age", { name: "age", type: "numeric" as const, values: age }],
    ]),
  };
  // The candidate is turned round for `basic`.
  const candidate = makePredictions(
    pair.candidate.values.map((value, row) => (plan[row] === "basic" ? 1 - value : value)),
  );
  const models = { ...pair, rows, candidate };

  test("a star becomes one gate per slice with enough rows; small ones are named", () => {
    const { gates, remarks, verdict } = judge(makeRequest(models, ["accuracy[plan=*] drop <= 5pp"]));
    expect(gates.map(({ id, slice, rows: count }) => [id, slice, count])).toEqual([
      ["accuracy[plan=pro] drop", "plan=pro", 390],
      ["accuracy[plan=basic] drop", "plan=basic", 200],
    ]);
    expect(gates.map(({ outcome }) => outcome)).toEqual(["pass", "fail"]);
    expect(verdict).toBe("fail");
    expect(remarks).toContain("1 of 3 slices of plan=* have fewer than 30 rows and were not judged.");
  });

  test("conditions, names and combinations choose rows; a missing cell holds no condition", () => {
    const choice = { kind: "where", name: "seniors", where: "age >= 65" } as const;
    const { gates } = judge(
      makeRequest(
        models,
        ["accuracy[plan=pro, age>=65] >= 0.1", "accuracy[seniors] >= 0.1", "accuracy[age<65] >= 0.1"],
        { slices: [choice] },
      ),
    );
    const count = (test: (row: number) => boolean) => plan.filter((_, row) => test(row)).length;
    expect(gates[0]!.rows).toBe(count((row) => plan[row] === "pro" && age[row]! >= 65));
    expect(gates[1]!.rows).toBe(count((row) => age[row]! >= 65));
    expect(gates[2]!.rows).toBe(count((row) => age[row]! < 65));
  });

  test("the most hurt slice is said", () => {
    const { remarks, metrics } = judge(
      makeRequest(models, [], { slices: [{ kind: "columns", name: "plan", columns: ["plan"] }] }),
    );
    expect(remarks![0]).toMatch(/^Most hurt: plan=basic \(n = 200\): roc_auc 0\.\d+ → 0\.\d+\.$/);
    expect(metrics.map(({ slice }) => slice)).toEqual([null, "plan=pro", "plan=basic"]);
  });

  test("slices that do not exist, are too small, or too many are inconclusive with the reason", () => {
    const ids: Column = { name: "row", type: "categorical", values: plan.map((_, row) => String(row % 300)) };
    const many = { ...models, rows: { ...rows, columns: new Map<string, Column>([...rows.columns, ["row", ids]]) } };
    const { gates } = judge({
      ...makeRequest(many, ["accuracy[region=north] >= 0.1", "accuracy[nobody] >= 0.1", "accuracy[plan=none] >= 0.1"]),
      gates: [
        ...makeRequest(many, ["accuracy[region=north] >= 0.1", "accuracy[nobody] >= 0.1", "accuracy[plan=none] >= 0.1"])
          .gates,
        parseGate({ rule: "accuracy[plan=gold] >= 0.1", minRows: 50 }),
        parseGate({ rule: "accuracy[row=*] >= 0.1", minRows: 1 }),
      ],
    });
    expect(gates.map(({ outcome }) => outcome)).toEqual(Array(5).fill("inconclusive"));
    expect(gates.map(({ reason }) => reason).join("\n")).toMatchInlineSnapshot(`
      "accuracy[region=north] is undefined: the data has no column "region".
      accuracy[nobody] is undefined: there is no slice named "nobody".
      accuracy[plan=none] is undefined: there are no rows.
      Nothing is concluded: 10 rows, the gate asks for 50.
      accuracy[row=*] is undefined: row=* has 300 slices, at most 200 can be judged together."
    `);
  });
});

describe("rows that hang together", () => {
  test("repeating every row tenfold as a group leaves the interval as wide as without repeating", () => {
    const pair = makePair("groups", 60, 0.5);
    const repeat = (values: Float64Array) => Float64Array.from({ length: 600 }, (_, row) => values[row % 60]!);
    const clusters = Int32Array.from({ length: 600 }, (_, row) => row % 60);
    const rows = { ...pair.rows, rows: 600, labels: repeat(pair.rows.labels) };
    const models = {
      baseline: makePredictions(repeat(pair.baseline.values)),
      candidate: makePredictions(repeat(pair.candidate.values)),
    };
    const width = (request: Parameters<typeof judge>[0]) => {
      const [metric] = judge(request).metrics;
      return { size: metric!.interval![1] - metric!.interval![0], test: metric!.test };
    };
    for (const id of ["roc_auc", "accuracy", "log_loss"]) {
      const metrics = [{ kind: "built-in", id, params: {} } as const];
      const plain = width(makeRequest(pair, [], { metrics }));
      const grouped = width(makeRequest({ ...models, rows: { ...rows, clusters } }, [], { metrics }));
      expect(grouped.test).toBe("cluster-bootstrap");
      expect(grouped.size / plain.size, id).toBeGreaterThan(0.8);
      expect(grouped.size / plain.size, id).toBeLessThan(1.35);
    }
    const blocks = width(makeRequest({ ...models, rows: { ...rows, blockLength: 20 } }, []));
    expect(blocks.test).toBe("block-bootstrap");
  });
});
