import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runProgram } from "../../src/cli/program.ts";
import { createRandom } from "../../src/statistics/rng.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "modelgate-compare-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Row = Readonly<Record<string, string | number>>;

function write(name: string, rows: readonly Row[]): string {
  const columns = Object.keys(rows[0] ?? {});
  const lines = rows.map((row) => columns.map((column) => row[column]).join(","));
  writeFileSync(join(folder, name), `${[columns.join(","), ...lines].join("\n")}\n`);
  return name;
}

/** 400 customers; `shift` weakens the scores. */
function customers(shift = 0): readonly Row[] {
  const random = createRandom("customers");
  return Array.from({ length: 400 }, (_, id) => {
    const churned = random.nextFloat() < 0.4 ? 1 : 0;
    const score = 1.5 * churned - 0.75 + random.nextNormal();
    const noise = shift * random.nextNormal();
    return { id, churned, p: (1 / (1 + Math.exp(-(score + noise)))).toFixed(6), plan: id % 2 === 0 ? "basic" : "pro" };
  });
}

async function run(...words: readonly string[]) {
  let [out, err] = ["", ""];
  const status = await runProgram(
    words,
    { folder, environment: {}, now: () => new Date(0), progress: () => {}, signal: new AbortController().signal },
    {
      stdout: (text) => {
        out += text;
      },
      stderr: (text) => {
        err += text;
      },
    },
    "0",
  );
  return { status, out, err };
}

async function compare(baseline: readonly Row[], candidate: readonly Row[], ...more: readonly string[]) {
  write("a.csv", baseline);
  write("b.csv", candidate);
  const words = ["compare", "--baseline", "a.csv", "--candidate", "b.csv", "--json", ...more];
  const { status, out } = await run(...words);
  return { status, document: JSON.parse(out) };
}

const binary = ["--task", "binary", "--label", "churned", "--prediction", "p"];

describe("modelgate compare", () => {
  test("without gates passes and shows the usual metrics", async () => {
    const { status, document } = await compare(customers(), customers(0.3), ...binary);
    expect(status).toBe(0);
    expect(document).toMatchObject({ kind: "comparison", schemaVersion: 1, rows: 400, verdict: "pass", gates: [] });
    expect(document.metrics.map(({ metric, test }: { metric: string; test: string }) => `${metric}: ${test}`)).toEqual([
      "roc_auc: delong",
      "average_precision: paired-bootstrap",
      "log_loss: paired-bootstrap",
      "brier_score: paired-bootstrap",
      "accuracy: mcnemar",
      "balanced_accuracy: paired-bootstrap",
      "f1: paired-bootstrap",
      "precision: paired-bootstrap",
      "recall: mcnemar",
    ]);
  });

  test("exits 1 on fail and on inconclusive, 0 on pass, and repeats gates", async () => {
    const gates = ["--gate", "roc_auc drop <= 1pp", "--gate", "accuracy >= 0.5"];
    const fail = await compare(customers(), customers(3), ...binary, ...gates);
    expect(fail).toMatchObject({ status: 1, document: { verdict: "fail" } });
    expect(fail.document.gates.map(({ id }: { id: string }) => id)).toEqual(["roc_auc drop", "accuracy >="]);
    const unsure = await compare(customers(), customers(0.3), ...binary, "--gate", "roc_auc drop <= 0.1pp");
    expect(unsure).toMatchObject({ status: 1, document: { verdict: "inconclusive" } });
    const same = await compare(customers(), customers(), ...binary, "--gate", "roc_auc drop <= 0.1pp");
    expect(same).toMatchObject({ status: 0, document: { verdict: "pass", unchanged: true } });
  });

  test("matches rows by id, in any order", async () => {
    const shuffled = [...customers(0.3)].sort((left, right) => Number(left["p"]) - Number(right["p"]));
    const inOrder = await compare(customers(), customers(0.3), ...binary);
    const mixed = await compare(customers(), shuffled, ...binary);
    expect(mixed.document).toEqual(inOrder.document);
  });

  test("other names for ids, classes as words, a positive class, slices and metrics of one's own", async () => {
    const rename = (rows: readonly Row[]) =>
      rows.map(({ id, churned, ...rest }) => ({
        customer: `c${id}`,
        churned: churned === 1 ? "left" : "stayed",
        ...rest,
      }));
    const { document } = await compare(
      rename(customers()),
      rename(customers(0.3)).reverse(),
      ...binary,
      ...["--id", "customer", "--positive", "left", "--metric", "roc_auc", "fbeta(beta=0.5)", "--slice", "plan"],
      ...["--gate", "recall[plan=basic] drop <= 90pp"],
    );
    const plain = await compare(customers(), customers(0.3), ...binary, "--metric", "roc_auc");
    expect(document.metrics[0].candidate).toBe(plain.document.metrics[0].candidate);
    expect(document.metrics.map((m: { metric: string; slice: string | null }) => [m.metric, m.slice])).toEqual([
      ["roc_auc", null],
      ["fbeta(beta=0.5)", null],
      ["roc_auc", "plan=basic"],
      ["fbeta(beta=0.5)", "plan=basic"],
      ["roc_auc", "plan=pro"],
      ["fbeta(beta=0.5)", "plan=pro"],
    ]);
    expect(document.gates[0]).toMatchObject({ slice: "plan=basic", rows: 200, outcome: "pass" });
  });

  test("multiclass by the prefix of its columns, regression, score", async () => {
    const random = createRandom("classes");
    const flowers = (noise: number): Row[] =>
      Array.from({ length: 90 }, (_, id) => {
        const raw = [0, 1, 2].map((label) => (label === id % 3 ? 2 : 1) + Math.floor(noise * random.nextFloat()));
        const sum = raw.reduce((total, value) => total + value, 0);
        const [a, b, c] = raw.map((value) => value / sum);
        return { id, kind: ["ash", "box", "cat"][id % 3]!, p_ash: a!, p_box: b!, p_cat: c! };
      });
    const classes = await compare(
      flowers(2),
      flowers(3),
      "--task",
      "multiclass",
      "--label",
      "kind",
      "--prediction",
      "p_",
    );
    expect(classes.document.metrics.every(({ candidate }: { candidate: number | null }) => candidate !== null)).toBe(
      true,
    );
    const prices = (noise: number): Row[] =>
      Array.from({ length: 60 }, (_, id) => ({ id, price: id * 10, yhat: id * 10 + noise * random.nextNormal() }));
    const values = await compare(
      prices(1),
      prices(5),
      "--task",
      "regression",
      "--label",
      "price",
      "--prediction",
      "yhat",
      "--gate",
      "mean_absolute_error rise <= 10% of baseline",
    );
    expect(values).toMatchObject({ status: 1, document: { verdict: "fail" } });
    const judged = await compare(prices(1), prices(1), "--task", "score", "--prediction", "yhat");
    expect(judged.document.metrics[0].metric).toBe("mean_score");
  });

  test("each file's own columns where a metric names them, and queries by group", async () => {
    const forecast = (width: number): Row[] =>
      Array.from({ length: 40 }, (_, id) => ({ id, y: id % 7, yhat: 3, lo: 3 - width, hi: 3 + width, note: width }));
    const metric = ["--metric", "interval_coverage(lower=lo, upper=hi)"];
    const words = ["--task", "forecast", "--label", "y", "--prediction", "yhat", ...metric];
    const { document } = await compare(forecast(3), forecast(1), ...words);
    expect(document.metrics[0]).toMatchObject({ baseline: 1, candidate: 18 / 40 });
    const query = (turn: number): Row[] =>
      Array.from({ length: 90 }, (_, id) => ({
        id,
        q: Math.floor(id / 3),
        rel: id % 3,
        s: turn * (id % 3) + (id % 2) * 1.5,
      }));
    const ranking = ["--task", "ranking", "--label", "rel", "--prediction", "s", "--group", "q"];
    const ranked = await compare(query(1), query(-1), ...ranking, "--gate", "ndcg drop <= 1pp");
    expect(ranked).toMatchObject({ status: 1, document: { verdict: "fail" } });
  });

  test("what people read", async () => {
    write("a.csv", customers());
    write("b.csv", customers(3));
    const { out, status } = await run(
      "compare",
      "--baseline",
      "a.csv",
      "--candidate",
      "b.csv",
      ...binary,
      "--metric",
      "roc_auc",
      "log_loss",
      "--slice",
      "plan",
      "--gate",
      "roc_auc drop <= 1pp",
      "recall[plan=basic] drop <= 2% of baseline",
      "accuracy >= 0.55",
    );
    expect(status).toBe(1);
    await expect(out).toMatchFileSnapshot("../golden/compare.txt");
  });
});

describe("bad input is an error that says where (exit 2), or a verdict that says why (exit 1)", () => {
  const change = (row: number, column: string, value: string | number) =>
    customers(0.3).map((one, index) => (index === row ? { ...one, [column]: value } : one));
  test.each<[string, readonly Row[], string, string]>([
    ["another id", change(3, "id", 999), "rows of the baseline are missing", "1: 3"],
    ["a missing row", customers(0.3).slice(1), "rows of the baseline are missing", "1: 0"],
    ["a row too many", [...customers(0.3), { ...customers()[0]!, id: 400 }], "rows are not in the baseline", "1: 400"],
    ["a repeated id", change(3, "id", 4), "ids occur more than once", "1: 4"],
    ["an empty id", change(3, "id", ""), "an id is missing", "row 4"],
    [
      "another label",
      change(3, "churned", Number(customers()[3]!["churned"]) === 1 ? 0 : 1),
      "the labels of 1 of 400 rows differ",
      "",
    ],
    ["a missing label", change(3, "churned", "NA"), "a label is missing", "row 4"],
    ["three classes", change(3, "churned", 2), "the label has 3 classes", "0, 1, 2"],
    ["a missing prediction", change(3, "p", ""), "a prediction is missing or not finite", "row 4"],
    ["NaN", change(3, "p", "NaN"), "a prediction is missing or not finite", "row 4"],
    ["infinity", change(3, "p", "inf"), "a prediction is missing or not finite", "row 4"],
    ["a probability above 1", change(3, "p", 1.2), "a probability lies outside [0, 1]", "1.2 in row 4"],
    ["no prediction column", customers(0.3).map(({ p: _, ...row }) => row), 'there is no numeric column "p"', ""],
  ])("%s", async (_, candidate, message, received) => {
    const { status, document } = await compare(customers(), candidate, ...binary);
    expect(status).toBe(2);
    expect(document.kind).toBe("error");
    expect(document.problems[0].message).toContain(message);
    expect(document.problems[0].received ?? "").toContain(received);
    expect(document.problems[0].file).toBe("b.csv");
  });

  test("no id and other numbers of rows", async () => {
    const strip = (rows: readonly Row[]) => rows.map(({ id: _, ...row }) => row);
    const { status, document } = await compare(strip(customers()), strip(customers()).slice(2), ...binary);
    expect(status).toBe(2);
    expect(document.problems[0]).toMatchObject({
      message: "the two files have different numbers of rows",
      received: "398 rows",
    });
  });

  test("probabilities of a row that do not sum to 1", async () => {
    const rows = [0, 1, 2].map((id) => ({ id, kind: "abc"[id]!, p_a: 0.5, p_b: 0.3, p_c: id === 1 ? 0.1 : 0.2 }));
    const { status, document } = await compare(
      rows,
      rows,
      "--task",
      "multiclass",
      "--label",
      "kind",
      "--prediction",
      "p",
    );
    expect(status).toBe(2);
    expect(document.problems[0]).toMatchObject({
      message: "the probabilities of a row do not sum to 1",
      received: "0.9 in row 2",
    });
  });

  test("a class that no model knows counts as wrong and does not break anything", async () => {
    const rows = Array.from({ length: 30 }, (_, id) => ({
      id,
      kind: id === 0 ? "new" : "ab"[id % 2]!,
      p_a: id % 2,
      p_b: 1 - (id % 2),
    }));
    const { status, document } = await compare(
      rows,
      rows,
      "--task",
      "multiclass",
      "--label",
      "kind",
      "--prediction",
      "p_",
      "--metric",
      "accuracy",
    );
    expect(status).toBe(0);
    expect(document.metrics[0].candidate).toBeLessThan(1);
  });

  test("one class only, one row: the gates are inconclusive", async () => {
    const gates = ["--gate", "roc_auc drop <= 50pp", "--gate", "accuracy drop <= 1pp"];
    const one = (rows: readonly Row[]) => rows.map((row) => ({ ...row, churned: 1 }));
    const oneClass = await compare(one(customers()), one(customers(1)), ...binary, ...gates);
    expect(oneClass).toMatchObject({ status: 1, document: { verdict: "inconclusive" } });
    expect(oneClass.document.gates[0].reason).toContain("one of the classes has no rows");
    const oneRow = await compare(customers().slice(0, 1), customers(1).slice(0, 1), ...binary, ...gates);
    expect(oneRow).toMatchObject({ status: 1, document: { verdict: "inconclusive" } });
  });

  test("no rows at all", async () => {
    writeFileSync(join(folder, "empty.csv"), "id,churned,p\n");
    write("a.csv", customers());
    const { status, out } = await run(
      "compare",
      "--baseline",
      "a.csv",
      "--candidate",
      "empty.csv",
      ...binary,
      "--json",
    );
    expect(status).toBe(2);
    expect(JSON.parse(out).problems[0].file).toContain("empty.csv");
  });

  test.each([
    [["--gate", "constructor >= 1"], 'the metric "constructor" is not known'],
    [["--gate", "| @org/team </details> >= 1"], "a metric is missing"],
    [["--gate", "roc_auk >= 1", "roc_auc rise <= 1pp"], 'the metric "roc_auk" is not known'],
    [["--metric", "__proto__"], 'the metric "__proto__" is not known'],
    [["--metric", "r2"], "r2 is a metric for regression"],
    [["--gate", "r2 drop <= 1pp"], "r2 is a metric for regression"],
    [["--threshold", "2"], "the number does not fit"],
    [["--confidence", "95"], "the number does not fit"],
    [["--slice", "age >> 3"], ""],
    [["--id", "nope"], 'there is no column "nope" to match rows by'],
    [["--group", "nope"], 'there is no column "nope" for the group'],
  ])("%j", async (words, message) => {
    const { status, document } = await compare(customers(), customers(0.3), ...binary, ...words);
    expect(status).toBe(2);
    expect(document.problems[0].message).toContain(message);
  });

  test("a task that does not exist, and a label that does not", async () => {
    const task = await compare(customers(), customers(), "--task", "guess", "--label", "churned", "--prediction", "p");
    expect(task).toMatchObject({ status: 2, document: { problems: [{ key: "--task", received: "guess" }] } });
    const label = await compare(customers(), customers(), "--task", "binary", "--label", "churn", "--prediction", "p");
    expect(label).toMatchObject({ status: 2, document: { problems: [{ hint: "did you mean churned?" }] } });
  });
});
