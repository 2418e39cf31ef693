// `modelgate validate` on real models: what they look at, and whether they behave.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { askPerturbed, TookTooLong } from "../../src/commands/ask-model.ts";
import { Evidence } from "../../src/evidence/evidence.ts";
import { createRandom } from "../../src/statistics/rng.ts";
import { createFolder } from "../cli/run-in-folder.ts";
import { buildMatrixModel, createTable } from "../runtimes/onnx-model.ts";

const count = 240;

/** y follows a and the plan; b is noise. */
const data = (() => {
  const random = createRandom("rows");
  const lines = Array.from({ length: count }, (_, row) => {
    const [a, b] = [random.nextNormal(), random.nextNormal()];
    const plan = row % 3 === 0 ? "basic" : row % 3 === 1 ? "pro" : "team";
    const y = 2 * a + (plan === "basic" ? 1.5 : 0) + 0.5 * random.nextNormal() > 0.5 ? 1 : 0;
    return `r${row},${a.toFixed(4)},${b.toFixed(4)},${plan},${y}`;
  });
  return `id,a,b,plan,y\n${lines.join("\n")}\n`;
})();

const config = (extra: string, features = "[a, b]") => `version: 1
models:
  m:
    model: out/m.onnx
    task: binary
    label: y
    id: id
    features: ${features}
    data: { train: rows.csv, evaluation: rows.csv }
    metrics: [roc_auc]
${extra}`;

/** sigmoid(x · weights): looks at a column when its weight is not 0. */
const logistic = (weights: readonly number[]) =>
  buildMatrixModel(weights.length, 1, weights, [0], { operator: "Sigmoid" });

function createRepository(files: Readonly<Record<string, string | Uint8Array>>) {
  const folder = createFolder();
  onTestFinished(folder.remove);
  for (const [path, content] of Object.entries({ "rows.csv": data, ...files })) folder.write(path, content);
  return folder;
}

async function validate(folder: ReturnType<typeof createFolder>, command: string) {
  const path = process.env["PATH"] ?? "";
  const { status, stdout, stderr } = await folder.run(`validate m ${command} --out evidence --json`, { PATH: path });
  const document = JSON.parse(stdout);
  if (document.kind === "error") throw new Error(`${stdout}\n${stderr}`);
  const [model] = Evidence.parse(document).models;
  return { status, model: model!, evaluation: model!.evaluation!, stderr };
}

describe("validate explains", () => {
  const models = { "new.onnx": logistic([2, 0]), "old.onnx": logistic([2, 1]) };

  it("onnx models: importances, parts that add up, curves, and what changed", async () => {
    const folder = createRepository({
      ".github/modelgate.yml": config("    gates: [roc_auc drop <= 20pp]\n"),
      ...models,
    });
    const { status, evaluation, stderr } = await validate(folder, "--candidate new.onnx --baseline old.onnx");
    const explanation = evaluation.explanation!;
    expect(status).toBe(0);
    expect(stderr).toMatch(/explaining m: [\d,]+ predictions of each model/);
    expect(explanation).toMatchObject({ reason: null, metric: "roc_auc", rows: count, shuffles: 5 });
    expect(explanation.importances.map(({ column, used }) => [column, used])).toEqual([
      ["a", { candidate: true, baseline: true }],
      ["b", { candidate: false, baseline: true }],
    ]);
    const [a, b] = explanation.importances;
    expect(a!.candidate.value).toBeGreaterThan(0.2);
    expect(b!.candidate).toEqual({ value: 0, interval: [0, 0] });
    expect(explanation.shapley).toMatchObject({ addsUp: true, examples: [] });
    expect(explanation.shapley!.largestError.candidate).toBeLessThan(1e-6);
    expect(explanation.shapley!.columns.find(({ column }) => column === "b")!.candidate).toBeLessThan(1e-7);
    const curve = explanation.dependence.find(({ column }) => column === "a")!.points.map(({ candidate }) => candidate);
    expect(curve).toEqual([...curve].sort((left, right) => left - right));
    expect(explanation.changes).toContainEqual(expect.stringMatching(/^`b` is no longer looked at/));
    const shown = await folder.run("report --evidence evidence --dry-run --json");
    expect(shown.stdout).toContain("What the model looks at");
  });

  it("the same way again", async () => {
    const folder = createRepository({ ".github/modelgate.yml": config(""), ...models });
    const first = await validate(folder, "--candidate new.onnx --baseline old.onnx");
    const second = await validate(folder, "--candidate new.onnx --baseline old.onnx");
    expect(second.evaluation.explanation).toEqual(first.evaluation.explanation);
  });

  it("nothing where the config says so, and says why where it cannot", async () => {
    const predictions = `id,prediction\n${Array.from({ length: count }, (_, row) => `r${row},${row / count}`).join("\n")}\n`;
    const folder = createRepository({
      ".github/modelgate.yml": config("    explain: false\n"),
      ...models,
      "p.csv": predictions,
    });
    expect((await validate(folder, "--candidate new.onnx")).evaluation.explanation).toBeNull();
    folder.write(".github/modelgate.yml", config(""));
    const { explanation } = (await validate(folder, "--candidate p.csv --baseline old.onnx")).evaluation;
    expect(explanation).toMatchObject({ reason: "a predictions file cannot be asked again", importances: [] });
  });

  it("single rows only where examples may be shared", async () => {
    const folder = createRepository({ ".github/modelgate.yml": config("    share: [examples]\n"), ...models });
    const { shapley } = (await validate(folder, "--candidate new.onnx --baseline old.onnx")).evaluation.explanation!;
    const [example] = shapley!.examples;
    const parts = example!.parts.reduce((sum, { value }) => sum + value, shapley!.base.candidate);
    expect(parts).toBeCloseTo(example!.prediction, 6);
  });

  it("a trained model with text columns, by their texts", async () => {
    const folder = createRepository({
      ".github/modelgate.yml": config("    train: { trainer: tfjs, seed: 3 }\n", "[a, b, plan]"),
    });
    const trained = await folder.run("train m --out run");
    expect(trained.stderr + trained.status).toMatch(/0$/);
    for (const candidate of ["run", "run/tfjs"]) {
      const { explanation } = (await validate(folder, `--candidate ${candidate}`)).evaluation;
      expect(explanation).toMatchObject({ reason: null, shapley: { addsUp: true } });
      const plan = explanation!.importances.find(({ column }) => column === "plan")!;
      expect(plan).toMatchObject({ used: { candidate: true, baseline: null }, baseline: null, difference: null });
      expect(plan.candidate.interval![0]).toBeGreaterThan(0);
      const curve = explanation!.dependence.find(({ column }) => column === "plan")!.points;
      expect(curve.map(({ value }) => value)).toEqual(["basic", "pro", "team"]);
      expect(curve[0]!.candidate).toBeGreaterThan(curve[1]!.candidate);
    }
  });
});

describe("validate tests behaviours", () => {
  const behaviours = `    behaviours:
      - { id: more-a-is-more, kind: directional, change: { a: { add: 1 } }, expect: increase }
      - { id: b-is-noise, kind: invariance, change: { b: { one-of: [-2, 2] } }, tolerance: 0.01 }
      - { id: clear, kind: minimum-functionality, cases: [{ given: { a: 3, b: 0 }, expect: { class: 1 } }] }
`;
  const models = { "new.onnx": logistic([2, 0]), "old.onnx": logistic([2, 1]), "bad.onnx": logistic([-2, 0]) };

  it("on candidate and baseline, each a gate of the verdict", async () => {
    const folder = createRepository({ ".github/modelgate.yml": config(behaviours), ...models });
    const good = await validate(folder, "--candidate new.onnx --baseline old.onnx");
    expect(good).toMatchObject({ status: 0, model: { verdict: "pass" } });
    expect(
      good.evaluation.behaviours!.map(({ id, outcome, candidate, baseline }) => [
        id,
        outcome,
        candidate!.rate,
        baseline!.rate,
      ]),
    ).toEqual([
      ["more-a-is-more", "pass", 1, 1],
      ["b-is-noise", "pass", 1, expect.closeTo(0, 1)],
      ["clear", "pass", 1, 1],
    ]);
    const bad = await validate(folder, "--candidate bad.onnx --baseline old.onnx");
    expect(bad).toMatchObject({ status: 1, model: { verdict: "fail" } });
    const [gate] = bad.model.comparison!.gates;
    expect(gate).toMatchObject({
      id: "behaviour(more-a-is-more)",
      rule: "behaviour(more-a-is-more) >= 95%",
      outcome: "fail",
      value: 0,
      baseline: 1,
    });
    // Rows of the data are nobody's business by default; the config's own cases are public.
    expect(bad.evaluation.behaviours!.map(({ failing }) => failing.length)).toEqual([0, 0, 1]);
  });

  it("and never passes what it could not ask", async () => {
    const predictions = `id,prediction\n${Array.from({ length: count }, (_, row) => `r${row},${row / count}`).join("\n")}\n`;
    const folder = createRepository({ ".github/modelgate.yml": config(behaviours), "p.csv": predictions });
    const { status, model } = await validate(folder, "--candidate p.csv");
    expect(status).toBe(1);
    expect(model.verdict).toBe("inconclusive");
    expect(model.comparison!.gates[0]!.reason).toMatch(/was not tested: a predictions file cannot be asked again/);
  });

  it("on a program with one more run for all of them, and one for the explanation that was asked for", async () => {
    const program = `
const { appendFileSync, readFileSync, writeFileSync } = require("node:fs");
const [head, ...lines] = readFileSync(process.env.MODELGATE_DATA, "utf8").trim().split("\\n");
const names = head.split(",");
appendFileSync("runs.log", lines.length + "\\n");
const out = lines.map((line) => {
  const cells = Object.fromEntries(line.split(",").map((cell, at) => [names[at], cell]));
  return cells.id + "," + 1 / (1 + Math.exp(-2 * Number(cells.a)));
});
writeFileSync(process.env.MODELGATE_PREDICTIONS, ["id,prediction", ...out].join("\\n") + "\\n");
`;
    const predict = `    predict: { command: [${JSON.stringify(process.execPath)}, predict.cjs] }\n`;
    const folder = createRepository({
      ".github/modelgate.yml": config(behaviours + predict),
      "predict.cjs": program,
      "model.bin": "x",
    });
    const runs = () => readFileSync(join(folder.path, "runs.log"), "utf8").trim().split("\n").map(Number);
    const plain = await validate(folder, "--candidate model.bin");
    expect(plain.model.verdict).toBe("pass");
    expect(plain.evaluation.explanation!.reason).toMatch(/costs another run of it; `explain: true` allows that/);
    expect(runs()).toEqual([count, expect.any(Number)]);
    folder.write(".github/modelgate.yml", config(`${behaviours}${predict}    explain: { columns: [a, b] }\n`));
    const explained = await validate(folder, "--candidate model.bin");
    expect(explained.evaluation.explanation).toMatchObject({ reason: null, shapley: { addsUp: true } });
    expect(explained.evaluation.explanation!.importances.map(({ used }) => used.candidate)).toEqual([true, false]);
    expect(runs()).toHaveLength(5);
  });
});

describe("asking", () => {
  it("stops when its time is over", async () => {
    const table = createTable({ a: [1, 2] });
    const model = {
      deaf: null,
      isProgram: false,
      answer: async () => ({ values: new Float64Array(2), probabilities: null }),
    };
    const question = { rows: Int32Array.of(0, 1), taken: new Map() };
    await expect(askPerturbed(model, table, [question], () => false)).rejects.toThrow(TookTooLong);
    await expect(askPerturbed(model, table, [question], () => true)).resolves.toHaveLength(1);
  });
});
