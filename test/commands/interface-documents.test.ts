// The documents that other programs read: every key that the public interface promises, with a baseline and without one.
import { describe, expect, it, onTestFinished } from "vitest";
import { createRandom } from "../../src/statistics/rng.ts";
import { createFolder, type Folder } from "../cli/run-in-folder.ts";

const metricKeys = ["metric", "direction", "candidate", "interval", "confidence"];
const comparedKeys = [...metricKeys, "baseline", "difference", "test", "statistic", "pValue"];
const gateKeys = [
  "id",
  "rule",
  "resolved",
  "outcome",
  "reason",
  "metric",
  "slice",
  "rows",
  "value",
  "threshold",
].concat(
  ["baseline", "difference", "interval", "confidence", "pValuePass", "pValueFail", "adjustedPValueFail"],
  ["smallestDetectableEffect", "passableMargin"],
);

type Document = Readonly<Record<string, unknown>>;
const rowsOf = (document: Document, key: string) => document[key] as readonly Document[];

function expectKeys(objects: readonly Document[], keys: readonly string[]): void {
  expect(objects.length).toBeGreaterThan(0);
  for (const one of objects) {
    expect(Object.keys(one)).toEqual(expect.arrayContaining([...keys]));
    // A value that cannot be computed is null, never left out: JSON knows no `undefined` and no NaN.
    for (const key of keys) expect(one[key], key).not.toBeUndefined();
  }
}

function expectVerdict(document: Document, kind: string): void {
  expect(document).toMatchObject({ kind, schemaVersion: 1, rows: 240 });
  expect(document["verdict"]).toMatch(/^(pass|fail|inconclusive)$/);
  expectKeys(rowsOf(document, "metrics"), kind === "comparison" ? comparedKeys : metricKeys);
  expectKeys(rowsOf(document, "gates"), gateKeys);
}

function createPeople(): Folder {
  const folder = createFolder();
  onTestFinished(folder.remove);
  const random = createRandom("documents");
  const people = Array.from({ length: 240 }, (_, id) => {
    const y = Number(random.nextFloat() < 0.4);
    const score = () => (1 / (1 + Math.exp(0.5 - y + random.nextNormal()))).toFixed(5);
    return { id, y, plan: id % 2 ? "a" : "b", old: score(), fresh: score() };
  });
  const write = (file: string, head: string, line: (one: (typeof people)[number]) => readonly (string | number)[]) =>
    folder.write(file, `${head}\n${people.map((one) => line(one).join(",")).join("\n")}\n`);
  write("judge.csv", "id,y,plan", ({ id, y, plan }) => [id, y, plan]);
  write("old.csv", "id,prediction", ({ id, old }) => [id, old]);
  write("new.csv", "id,prediction", ({ id, fresh }) => [id, fresh]);
  write("a.csv", "id,y,plan,prediction", ({ id, y, plan, old }) => [id, y, plan, old]);
  write("b.csv", "id,y,plan,prediction", ({ id, y, plan, fresh }) => [id, y, plan, fresh]);
  folder.write(
    ".github/modelgate.yml",
    `models:
  m:
    task: binary
    label: y
    data: { evaluation: judge.csv }
    metrics: [roc_auc, accuracy, precision, { id: map50, reported: map50, direction: higher }]
    slices: [plan]
    fairness: { by: [plan] }
    gates: [roc_auc drop <= 2pp, accuracy >= 0.5, "recall[plan=a] drop <= 5pp", latency_p50 rise <= 5%]
`,
  );
  return folder;
}

describe("documents hold what the interface promises", () => {
  it.each([
    ["with a baseline", "validate m --candidate new.csv --baseline old.csv --json"],
    ["without one", "validate m --candidate new.csv --json"],
  ])("`validate --json` %s: a comparison and an evaluation of the same verdict", async (_, command) => {
    const { stdout } = await createPeople().run(command);
    const document = JSON.parse(stdout);
    expect(document).toMatchObject({ kind: "evidence", schemaVersion: 1 });
    const { comparison, evaluation, verdict } = document.models[0];
    expectVerdict(comparison, "comparison");
    expectVerdict(evaluation, "evaluation");
    expect([comparison.verdict, evaluation.verdict]).toEqual([verdict, verdict]);
    expect(evaluation.gates).toEqual(comparison.gates);
    expect(Object.keys(evaluation)).toEqual(expect.arrayContaining(["slices", "fairness", "explanation", "confusion"]));
    for (const { value, candidate } of evaluation.metrics) expect(candidate).toBe(value);
    expect(comparison.confusion.candidate).toEqual(evaluation.confusion.candidate);
    expect(comparison.confusion.baseline === null).toBe(!command.includes("--baseline"));
  });

  it("`compare --json`, with the confusion matrix of both models", async () => {
    const words = "compare --baseline a.csv --candidate b.csv --task binary --label y --prediction prediction --json";
    const { stdout } = await createPeople().run([...words.split(" "), "--gate", "accuracy drop <= 2pp"]);
    const document = JSON.parse(stdout);
    expectVerdict(document, "comparison");
    const { classes, candidate, baseline } = document.confusion;
    expect(classes).toEqual(["0", "1"]);
    for (const counts of [candidate, baseline]) expect(counts.flat().reduce((a: number, b: number) => a + b)).toBe(240);
    const accuracy = document.metrics.find(({ metric }: { metric: string }) => metric === "accuracy");
    expect((candidate[0][0] + candidate[1][1]) / 240).toBeCloseTo(accuracy.candidate, 12);
  });

  it.each([
    ["binary", "expected_calibration_error rise <= 1pp", /gate brier_score or log_loss instead/],
    ["binary", "expected_calibration_error <= 0.1 at 95%", /gate brier_score or log_loss instead/],
    ["regression", "max_error rise <= 1", /gate root_mean_squared_error or mean_pinball_loss instead/],
    ["regression", "max_error <= 4 at 95%", /gate root_mean_squared_error or mean_pinball_loss instead/],
  ])("%s: `%s` has no interval, and what to gate instead is said", async (task, gate, message) => {
    const words = `compare --baseline a.csv --candidate b.csv --task ${task} --label y --prediction prediction`;
    const { status, stderr } = await createPeople().run([...words.split(" "), "--gate", gate]);
    expect(stderr).toMatch(message);
    expect(status).toBe(2);
  });
});
