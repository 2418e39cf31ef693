import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { train } from "../../src/commands/train.ts";
import { withTemporaryFolder } from "../../src/host/temporary-folder.ts";
import { openModel } from "../../src/runtimes/open-model.ts";
import type { OpenOptions } from "../../src/runtimes/runtime.ts";
import { fitLeastSquares, fitLogistic, measureLogLoss } from "../../src/statistics/linear-models.ts";
import { createRandom } from "../../src/statistics/rng.ts";
import type { Table } from "../../src/tables/table.ts";
import { createContext, renderConfig, writeFiles } from "./test-context.ts";

/** 240 rows with numbers of very different size, text, booleans, holes, and all three kinds of label. */
function renderRows(): string {
  const random = createRandom("rows");
  const plans = ["basic", "plus", 'größer, "quoted"'];
  const lines = Array.from({ length: 240 }, (_, row) => {
    const age = 20 + 60 * random.nextFloat();
    const income = 1e6 + 5e4 * random.nextNormal();
    const plan = plans[random.nextInteger(3)] ?? "";
    const member = random.nextFloat() < 0.4;
    const score = 0.06 * (age - 50) + (income - 1e6) / 6e4 + (plan === "plus" ? 1 : 0) + (member ? 0.7 : 0);
    const churned = score + random.nextNormal() > 0.5 ? "yes" : "no";
    const level = score < -0.5 ? "low" : score < 1 ? "middle" : "high";
    const shownAge = row % 17 === 3 ? "" : age.toFixed(2);
    const shownPlan = row % 29 === 5 ? "" : `"${plan.replaceAll('"', '""')}"`;
    return [row, shownAge, income.toFixed(2), shownPlan, member, churned, level, (100 + 10 * score).toFixed(3)].join(
      ",",
    );
  });
  return ['id,age,"Einkommen (€, brutto)",plan,member,churned,level,value', ...lines, ""].join("\n");
}

/** Rows as production may send them: an unknown plan, nothing known, extremes. */
const unseen: Table = {
  rows: 4,
  columns: new Map(
    [
      { name: "age", type: "numeric" as const, values: Float64Array.of(33, Number.NaN, 119, 0) },
      { name: "Einkommen (€, brutto)", type: "numeric" as const, values: Float64Array.of(1e6, Number.NaN, 3e6, 0) },
      { name: "plan", type: "categorical" as const, values: ["never seen", null, "plus", 'größer, "quoted"'] },
      { name: "member", type: "boolean" as const, values: ["true", null, "false", "true"] },
    ].map((column) => [column.name, column]),
  ),
};

describe.each([
  { title: "logistic regression", task: "binary", label: "churned", params: "{}" },
  { title: "linear regression", task: "regression", label: "value", params: "{}" },
  {
    title: "a dense network for two classes",
    task: "binary",
    label: "churned",
    params: "{ hidden: [8, 4], epochs: 5 }",
  },
  {
    title: "a dense network for values",
    task: "regression",
    label: "value",
    params: "{ hidden: [8], activation: tanh, epochs: 5 }",
  },
  {
    title: "a dense network for three classes",
    task: "multiclass",
    label: "level",
    params: "{ hidden: [6], epochs: 5 }",
  },
] as const)("$title", ({ task, label, params }) => {
  const config = renderConfig(
    "model: out/m.onnx",
    `task: ${task}`,
    `label: ${label}`,
    'features: [age, "Einkommen (€, brutto)", plan, member]',
    "data: { source: rows.csv }",
    `train: { trainer: tfjs, seed: 7, params: ${params} }`,
  );
  const options: OpenOptions = { task };

  it("predicts the same from its TensorFlow.js and its ONNX file, also what it never saw", async () => {
    await withTemporaryFolder(async (folder) => {
      writeFiles(folder, { ".github/modelgate.yml": config, "rows.csv": renderRows() });
      const context = createContext(folder);
      await train({ model: "m", out: "run", configFile: undefined }, context);
      const onnx = await openModel("run/model/m.onnx", options, context);
      const tfjs = await openModel("run/tfjs", options, context);
      expect(onnx.signature.inputs.map(({ name, type }) => `${name}: ${type}`)).toEqual([
        "age: float32",
        "Einkommen (€, brutto): float32",
        "plan: string",
        "member: float32",
      ]);
      const [left, right] = [await onnx.predict(unseen), await tfjs.predict(unseen)];
      const names = task === "multiclass" ? ["prediction_high", "prediction_low", "prediction_middle"] : ["prediction"];
      expect([...left.columns.keys()]).toEqual(names);
      for (const name of names) {
        const [first, second] = [left.columns.get(name)!, right.columns.get(name)!];
        const scale = task === "regression" ? 100 : 1;
        expect(findLargestGap(first, second) / scale).toBeLessThan(1e-5);
        expect(new Set(first).size).toBe(4);
      }
      await Promise.all([onnx.dispose(), tfjs.dispose()]);
    });
  });

  it("leaves the same bytes when it is trained again", async () => {
    await withTemporaryFolder(async (folder) => {
      writeFiles(folder, { ".github/modelgate.yml": config, "rows.csv": renderRows() });
      const context = createContext(folder);
      const first = await train({ model: "m", out: "one", configFile: undefined }, context);
      const second = await train({ model: "m", out: "two", configFile: undefined }, context);
      expect(second.document.outputs).toEqual(first.document.outputs);
      expect(readFileSync(join(folder, "one/tfjs/weights.bin"))).toEqual(
        readFileSync(join(folder, "two/tfjs/weights.bin")),
      );
    });
  });
});

describe("linear and logistic regression", () => {
  // Ten rows of x and y; weights from scikit-learn 1.2.1: LogisticRegression(C=0.5, tol=1e-12, solver="newton-cholesky"),
  // and Ridge(alpha=2).
  const x = [0.2, 1.1, -0.7, 2.3, 0.9, -1.4, 0.1, 1.9, -0.2, -2.0];
  const z = [1.0, -0.3, 0.4, 0.8, -1.2, 0.6, -0.9, 1.5, -2.1, 0.3];
  const labels = Float64Array.of(0, 1, 0, 1, 1, 0, 0, 1, 1, 0);
  const matrix = { rows: 10, width: 2, values: Float64Array.from(x.flatMap((value, row) => [value, z[row]!])) };

  it("finds scikit-learn's weights", () => {
    const logistic = fitLogistic(matrix, labels, 2);
    const linear = fitLeastSquares(
      matrix,
      Float64Array.from(x, (value, row) => 3 * value - z[row]! + 1),
      2,
    );
    const known = {
      logistic: [0.9296326275206924, -0.3953906331402924, -0.26486239903357134],
      linear: [2.6616038754307336, -0.7962258898324978, 1.0724094063035632],
    };
    expect(findLargestGap(logistic, known.logistic)).toBeLessThan(1e-8);
    expect(findLargestGap(linear, known.linear)).toBeLessThan(1e-8);
    // sklearn.metrics.log_loss of the same model.
    expect(measureLogLoss(matrix, labels, logistic)).toBeCloseTo(0.3520875203508953, 10);
  });

  it("stays finite when a line parts the classes", () => {
    const parted = { rows: 4, width: 1, values: Float64Array.of(-2, -1, 1, 2) };
    const weights = fitLogistic(parted, Float64Array.of(0, 0, 1, 1), 0);
    expect(weights.every(Number.isFinite)).toBe(true);
    expect(weights[0]).toBeGreaterThan(5);
  });
});

function findLargestGap(left: ArrayLike<number>, right: ArrayLike<number>): number {
  return Math.max(...Array.from(left, (value, index) => Math.abs(value - right[index]!)));
}
