// Cross-validation: out-of-fold predictions compared by the corrected resampled t test, through `compare` and `validate`.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createRandom } from "../../src/statistics/rng.ts";
import { studentTTwoSided } from "../../src/statistics/student-t.ts";
import { createFolder } from "../cli/run-in-folder.ts";

const folder = createFolder();
const [rounds, folds, items] = [3, 4, 80];
const rows = Array.from({ length: rounds * items }, (_, at) => ({
  id: at % items,
  round: Math.floor(at / items),
  fold: at % folds,
}));

/** Errors of 1 with noise of the split and of the row; the second model errs by `more` more. */
function write(file: string, more: number): void {
  const random = createRandom(`noise ${more}`);
  const shared = createRandom("truth");
  const lines = rows.map(
    ({ id, round, fold }) =>
      `${id},${round},${fold},0,${1 + more + 0.1 * shared.nextNormal() + 0.02 * random.nextNormal()}`,
  );
  folder.write(file, `id,round,fold,y,p\n${lines.join("\n")}\n`);
}

beforeAll(() => {
  write("a.csv", 0);
  write("b.csv", 0.3);
  write("c.csv", 0.001);
});
afterAll(folder.remove);

async function compare(candidate: string, words: readonly string[]) {
  const base = [
    "compare",
    "--baseline",
    "a.csv",
    "--candidate",
    candidate,
    "--task",
    "regression",
    "--label",
    "y",
    "--prediction",
    "p",
  ];
  const { status, stdout } = await folder.run([...base, ...words, "--json"]);
  return { status, document: JSON.parse(stdout) };
}

const split = ["--fold", "fold", "--repeat", "round"];
const gate = ["--gate", "mean_absolute_error rise <= 0.1", "--metric", "mean_absolute_error"];

describe("cross-validation", () => {
  test("a metric is the mean over splits; difference, variance and p-value are Nadeau and Bengio's", async () => {
    const { document } = await compare("c.csv", [...split, ...gate]);
    const [metric] = document.metrics;
    expect(metric).toMatchObject({ test: "corrected-resampled-t", rows: 240 });
    expect(metric.difference).toBeCloseTo(metric.candidate - metric.baseline, 12);
    expect(metric.pValue).toBeCloseTo(studentTTwoSided(metric.statistic, rounds * folds - 1), 12);
    const half = (metric.interval[1] - metric.interval[0]) / 2;
    // t quantile of 0.975 with 11 degrees of freedom.
    expect(half).toBeCloseTo((2.2009851600829 * metric.difference) / metric.statistic, 8);
  });

  test("a gate tests its own margin: a small change passes, a large one fails", async () => {
    expect((await compare("c.csv", [...split, ...gate])).document.gates[0].outcome).toBe("pass");
    const large = await compare("b.csv", [...split, ...gate]);
    expect(large).toMatchObject({ status: 1, document: { gates: [{ outcome: "fail" }] } });
  });

  test("fewer rows trained on make the interval wider: variance · (1/k + test/train)", async () => {
    const width = async (words: readonly string[]) => {
      const [low, high] = (await compare("b.csv", [...split, ...gate, ...words])).document.metrics[0].interval;
      return high - low;
    };
    const usual = await width([]);
    const factor = Math.sqrt((1 / 12 + 20 / 30) / (1 / 12 + 20 / 60));
    expect((await width(["--train-rows", "30"])) / usual).toBeCloseTo(factor, 10);
  });

  test("two splits decide nothing, and what is missing is said", async () => {
    folder.write(
      "two.csv",
      `id,fold,y,p\n${Array.from({ length: 40 }, (_, id) => `${id},${id % 2},0,${1 + id / 1000}`).join("\n")}\n`,
    );
    folder.write(
      "other.csv",
      `id,fold,y,p\n${Array.from({ length: 40 }, (_, id) => `${id},${id % 2},0,${1 + id / 1001}`).join("\n")}\n`,
    );
    const base = "--task regression --label y --prediction p --json";
    const run = async (words: string) =>
      JSON.parse((await folder.run(`compare --baseline two.csv --candidate other.csv ${base} ${words}`)).stdout);
    const gates = await folder.run([
      "compare",
      "--baseline",
      "two.csv",
      "--candidate",
      "other.csv",
      ...base.split(" "),
      "--fold",
      "fold",
      "--gate",
      "mean_absolute_error rise <= 1",
    ]);
    expect(JSON.parse(gates.stdout).gates[0]).toMatchObject({
      outcome: "inconclusive",
      reason: expect.stringContaining("only 2 splits"),
    });
    expect((await run("--fold nope")).problems[0].message).toContain('there is no column "nope" for the fold');
    expect((await run("--fold y")).problems[0].message).toBe("there are fewer than two splits");
    expect((await run("--fold fold --repeat fold")).problems[0].hint).toContain("--train-rows");
    expect((await run("--repeat fold")).problems[0].message).toBe("means nothing without --fold");
  });

  test("out-of-fold predictions are judged by `validate` where the config says so", async () => {
    folder.write(
      ".github/modelgate.yml",
      `models:
  m:
    task: regression
    label: y
    data: { evaluation: judge.csv }
    cross-validation: { fold: fold }
    metrics: [mean_absolute_error]
    gates: [mean_absolute_error rise <= 0.1]
`,
    );
    const items = Array.from({ length: 60 }, (_, id) => id);
    const random = createRandom("validate");
    folder.write("judge.csv", `id,fold,y\n${items.map((id) => `${id},${id % 5},0`).join("\n")}\n`);
    for (const file of ["old.csv", "new.csv"])
      folder.write(file, `id,prediction\n${items.map((id) => `${id},${1 + 0.05 * random.nextNormal()}`).join("\n")}\n`);
    const { stdout } = await folder.run("validate m --candidate new.csv --baseline old.csv --json");
    const [model] = JSON.parse(stdout).models;
    expect(model.comparison.metrics[0].test).toBe("corrected-resampled-t");
    expect(model.comparison.gates[0].outcome).toBe("pass");
  });
});
