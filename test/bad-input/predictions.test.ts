// Predictions that mean nothing, and comparisons that other tools get wrong: through `validate`, each with its stated verdict.
import { describe, expect, it, onTestFinished } from "vitest";
import { createRandom } from "../../src/statistics/rng.ts";
import { createFolder, type Folder } from "../cli/run-in-folder.ts";
import { expectFailure } from "./expect-failure.ts";

type Line = (row: number) => string;

function createFiles(
  config: string,
  files: Readonly<Record<string, readonly [head: string, line: Line]>>,
  rows = 90,
): Folder {
  const folder = createFolder();
  onTestFinished(folder.remove);
  for (const [name, [head, line]] of Object.entries(files))
    folder.write(name, `${head}\n${Array.from({ length: rows }, (_, row) => line(row)).join("\n")}\n`);
  folder.write(".github/modelgate.yml", `models:\n  m:\n    data: { evaluation: judge.csv }\n${config}`);
  return folder;
}

const command = "validate m --candidate new.csv --baseline old.csv";

async function judge(folder: Folder) {
  const { status, stdout, stderr } = await folder.run(`${command} --json`);
  const document = JSON.parse(stdout);
  expect(document.kind, stderr).toBe("evidence");
  return { status, ...document.models[0].comparison };
}

describe("classes", () => {
  const classes =
    "    task: multiclass\n    label: kind\n    metrics: [accuracy, log_loss, f1, roc_auc]\n    gates: [accuracy drop <= 1pp]\n";
  const sure = (row: number) => (row % 2 ? "1,0" : "0,1");
  const head = "id,prediction_a,prediction_b";
  const files = (kind: Line, line: Line) =>
    createFiles(classes, {
      "judge.csv": ["id,kind", (row) => `${row},${kind(row)}`],
      "old.csv": [head, (row) => `${row},${sure(row)}`],
      "new.csv": [head, (row) => `${row},${line(row)}`],
    });
  const known = (row: number) => (row % 2 ? "a" : "b");

  it("labels that no model knows count as wrong for both; what they make infinite or undefined is said", async () => {
    const folder = files(
      (row) => (row < 9 ? "unseen" : known(row)),
      (row) => (row === 20 ? "0.4,0.6" : sure(row)),
    );
    const { status, metrics, confusion } = await judge(folder);
    const of = (id: string) => metrics.find(({ metric }: { metric: string }) => metric === id);
    expect(of("accuracy")).toMatchObject({ baseline: 0.9, candidate: 0.9 });
    expect(of("log_loss").candidate).toBeGreaterThan(3);
    expect(confusion.classes).toEqual(["a", "b", "unseen"]);
    expect(confusion.candidate[2]).toEqual([4, 5, 0]);
    expect(status).toBe(1);
  });

  it.each([
    [
      "outside [0, 1]",
      (row: number) => (row === 4 ? "1.3,-0.3" : sure(row)),
      /a probability lies outside \[0, 1\][\s\S]*1\.3 in row 5/,
    ],
    [
      "that do not sum to 1",
      (row: number) => (row === 4 ? "0.5,0.3" : sure(row)),
      /do not sum to 1[\s\S]*0\.8 in row 5/,
    ],
    ["that are missing", (row: number) => (row === 4 ? "0.5," : sure(row)), /missing or not finite/],
    ["that are not a number", (row: number) => (row === 4 ? "NaN,1" : sure(row)), /missing or not finite/],
    ["that are infinite", (row: number) => (row === 4 ? "inf,1" : sure(row)), /missing or not finite/],
  ])("probabilities %s are an error", async (_, line, message) => {
    await expectFailure(files(known, line), command, { status: 2, message });
  });
});

describe("relative changes that other tools misjudge", () => {
  const random = createRandom("profit");
  const noise = Array.from({ length: 90 }, () => [random.nextNormal(), random.nextNormal()] as const);
  const compare = (from: number, to: number, direction: string, gate: string) =>
    judge(
      createFiles(
        `    task: score\n    metrics: [{ id: v, column: v, direction: ${direction} }]\n    gates: ["${gate}"]\n`,
        {
          "judge.csv": ["id,x", (row) => `${row},1`],
          "old.csv": ["id,prediction,v", (row) => `${row},0,${from + noise[row]![0] * 0.02}`],
          "new.csv": ["id,prediction,v", (row) => `${row},0,${to + noise[row]![1] * 0.02}`],
        },
      ),
    );

  it.each([
    ["a gain from −10 to −5", -10, -5, "higher", "v drop <= 1", "pass"],
    ["a loss from −5 to −10", -5, -10, "higher", "v drop <= 1", "fail"],
    ["a loss from −10 to −5", -10, -5, "lower", "v rise <= 1", "fail"],
    ["a gain from −5 to −10", -5, -10, "lower", "v rise <= 1", "pass"],
    ["per cent of −10", -10, -5, "higher", "v drop <= 10% of baseline", "inconclusive"],
    ["per cent of −10, where lower is better", -10, -5, "lower", "v rise <= 10% of baseline", "inconclusive"],
    ["per cent of 0", 0, 5, "lower", "v rise <= 10% of baseline", "inconclusive"],
    ["0.8 → 0.9 as a gain of 10 %", 0.8, 0.9, "higher", "v gain >= 10% of baseline", "pass"],
    ["0.8 → 0.86 as a gain of 10 %", 0.8, 0.86, "higher", "v gain >= 10% of baseline", "fail"],
    ["0.8 → 0.88, exactly at 10 %", 0.8, 0.88, "higher", "v gain >= 10% of baseline", "inconclusive"],
  ] as const)("%s", async (_, from, to, direction, gate, outcome) => {
    const { gates, verdict, status } = await compare(from, to, direction, gate);
    expect(gates[0].outcome, gates[0].reason).toBe(outcome);
    expect(verdict).toBe(outcome);
    expect(status).toBe(outcome === "pass" ? 0 : 1);
    if (gate.includes("%") && from <= 0) expect(gates[0].reason).toContain("use points");
  });

  it.each(["old.csv", "new.csv"])("NaN in %s is an error, not a pass", async (file) => {
    const line: Line = (row) => `${row},0,${row === 7 ? "NaN" : 1}`;
    const fine: Line = (row) => `${row},0,1`;
    const folder = createFiles(
      "    task: score\n    metrics: [{ id: v, column: v, direction: higher }]\n    gates: [v drop <= 1]\n",
      {
        "judge.csv": ["id,x", (row) => `${row},1`],
        "old.csv": ["id,prediction,v", file === "old.csv" ? line : fine],
        "new.csv": ["id,prediction,v", file === "new.csv" ? line : fine],
      },
    );
    await expectFailure(folder, command, { status: 2, message: /missing or not finite[\s\S]*NaN in data row 8/ });
  });
});
