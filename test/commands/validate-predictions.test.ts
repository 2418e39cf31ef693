// Predictions files in place of models: judged through `validate`, kept as Parquet, and enough to make every number again.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { readTable } from "../../src/data/read-table.ts";
import { EvaluationDocument, type Evidence } from "../../src/evidence/evidence.ts";
import { parseEvidence } from "../../src/evidence/parse-evidence.ts";
import { createRandom } from "../../src/statistics/rng.ts";
import { createFolder, type Folder } from "../cli/run-in-folder.ts";

const random = createRandom("rows");
const people = Array.from({ length: 400 }, (_, row) => {
  const label = random.nextFloat() < 0.4 ? 1 : 0;
  const score = (noise: number) => 1 / (1 + Math.exp(-(2 * label - 1 + noise * random.nextNormal())));
  return {
    id: `p${row}`,
    label,
    plan: row % 3 === 0 ? "basic" : "pro",
    gender: row % 2 ? "f" : "m",
    old: score(1),
    fresh: score(1.4),
  };
});

const csv = (head: string, line: (person: (typeof people)[number]) => readonly (string | number)[]) =>
  `${head}\n${people.map((person) => line(person).join(",")).join("\n")}\n`;

const config = (more = "") => `models:
  m:
    task: binary
    label: churned
    id: person
    data: { evaluation: judge.csv }
    metrics: [roc_auc, f1, log_loss]
    slices: [plan]
    fairness: { by: [gender] }
    gates: [roc_auc drop <= 5pp, "equal_opportunity_difference(by=gender) rise <= 30pp"]
${more}`;

function createPeople(more = "", changes: Readonly<Record<string, string>> = {}): Folder {
  const folder = createFolder();
  onTestFinished(folder.remove);
  folder.write(".github/modelgate.yml", config(more));
  folder.write(
    "judge.csv",
    csv("person,churned,plan,gender", ({ id, label, plan, gender }) => [id, label, plan, gender]),
  );
  folder.write(
    "old.csv",
    csv("person,prediction", ({ id, old }) => [id, old]),
  );
  folder.write(
    "new.csv",
    csv("person,prediction,cost", ({ id, fresh }) => [id, fresh, 0.01]),
  );
  for (const [path, text] of Object.entries(changes)) folder.write(path, text);
  return folder;
}

const command = "validate m --candidate new.csv --baseline old.csv --out out --json";

async function readEvidence(folder: Folder, words = command): Promise<Evidence["models"][number]> {
  const { stdout, stderr } = await folder.run(words, { PATH: process.env["PATH"] ?? "" });
  expect(stderr).not.toContain("error:");
  expect(parseEvidence(readFileSync(join(folder.path, "out/evidence.json")))).toEqual(JSON.parse(stdout));
  return JSON.parse(stdout).models[0];
}

const context = {
  folder: "/",
  environment: {},
  now: () => new Date(0),
  progress: () => {},
  signal: new AbortController().signal,
};

describe("a predictions file of another tool", () => {
  it("takes a model's place, and the Parquet it leaves gives the same metrics through `compare`", async () => {
    const folder = createPeople();
    const model = await readEvidence(folder);
    expect(model.predictions).toMatchObject({ private: false, rows: 400 });
    const kept = (of: string) =>
      join(folder.path, "out/predictions", model.predictions!.files.find((file) => file.of === of)!.path);
    const table = await readTable(kept("candidate"), {}, context);
    expect([...table.columns.keys()]).toEqual(["person", "churned", "plan", "gender", "prediction", "cost"]);
    const again = await folder.run(
      [
        "compare",
        "--baseline",
        kept("baseline"),
        "--candidate",
        kept("candidate"),
        "--task",
        "binary",
        "--label",
        "churned",
      ].concat(
        ["--prediction", "prediction", "--id", "person", "--slice", "plan", "--fairness", "gender", "--json"],
        ["--metric", "roc_auc", "--metric", "f1", "--metric", "log_loss"],
      ),
    );
    const compared = JSON.parse(again.stdout);
    const numbers = (comparison: typeof compared) =>
      comparison.metrics.map(
        ({ metric, slice, baseline, candidate, difference }: (typeof compared)["metrics"][number]) => [
          metric,
          slice,
          baseline,
          candidate,
          difference,
        ],
      );
    expect(numbers(compared)).toEqual(numbers(model.comparison));
    expect(numbers(compared)).toHaveLength(3 + 2 * 2);
    const rates = (comparison: typeof compared) => comparison.fairness[0].groups;
    expect(rates(compared)).toEqual(rates(model.comparison));
  });

  it("may call its prediction as it likes, when the config says how", async () => {
    const plain = await readEvidence(createPeople());
    const p = csv("person,p_churn,prediction", ({ id, old }) => [id, old, 7]);
    const fresh = csv("person,p_churn,cost", ({ id, fresh: value }) => [id, value, 0.01]);
    const named = await readEvidence(createPeople("    prediction: p_churn\n", { "old.csv": p, "new.csv": fresh }));
    expect(named.comparison!.metrics).toEqual(plain.comparison!.metrics);
    const silent = createPeople("", { "new.csv": fresh });
    const { status, stderr } = await silent.run(command.replace(" --json", ""));
    expect(stderr).toMatch(/the predictions lack their column[\s\S]*name the column with `prediction:` in the config/);
    expect(status).toBe(2);
  });

  it("leaves salted keys and no labels where the data is private, the same keys in both files", async () => {
    // The file says more than it was asked for: the labels, and what a language model answered.
    const told = csv("person,churned,prediction,cost,answer", ({ id, label, fresh }) => [
      id,
      label,
      fresh,
      0.01,
      `secret of ${id}`,
    ]);
    const folder = createPeople("    share: [card]\n", { "new.csv": told });
    const model = await readEvidence(folder);
    expect(model.predictions!.private).toBe(true);
    expect(JSON.stringify(model)).not.toContain("secret of");
    const [candidate, baseline] = await Promise.all(
      model.predictions!.files.map(({ path }) => readTable(join(folder.path, "out/predictions", path), {}, context)),
    );
    expect([...candidate!.columns.keys()]).toEqual(["person", "plan", "gender", "prediction", "cost"]);
    const keys = (table: typeof candidate) => table!.columns.get("person")!.values;
    expect(keys(candidate)).toEqual(keys(baseline));
    expect(new Set(keys(candidate) as string[]).size).toBe(400);
    expect(keys(candidate)[0]).toMatch(/^[0-9a-f]{24}$/);
  });

  it("says who judged and what it cost, in the evidence and in the comment", async () => {
    const folder = createPeople("    judge: { version: 'grader 2.1, rubric 3', cost: cost }\n");
    const model = await readEvidence(folder);
    expect(model.judge).toEqual({
      version: "grader 2.1, rubric 3",
      cost: { candidate: expect.closeTo(4, 9), baseline: null },
    });
    const { stdout } = await folder.run("report --evidence out --dry-run");
    expect(stdout).toContain("**Judge:** grader 2.1, rubric 3; the rows cost 4.");
  });

  it("gives an evaluation with slices and fairness, and few points for the pictures", async () => {
    const folder = createPeople();
    const model = await readEvidence(folder);
    const evaluation = EvaluationDocument.parse(model.evaluation);
    expect(evaluation.slices?.map(({ slice, rows }) => [slice, rows])).toEqual([
      ["plan=pro", 266],
      ["plan=basic", 134],
    ]);
    expect(evaluation.fairness![0]!.groups.map(({ group }) => group)).toEqual(["m", "f"]);
    const { candidate, baseline } = model.curves!;
    expect(candidate.roc).toHaveLength(21);
    expect(candidate.roc!.at(-1)).toBe(1);
    expect(candidate.confusion!.counts.flat().reduce((sum, count) => sum + count, 0)).toBe(400);
    expect(baseline!.calibration).toHaveLength(10);
  });

  it.each([
    [
      "a key twice in the evaluation data",
      { "judge.csv": "person,churned,plan,gender\np0,1,basic,f\np0,0,pro,m\n" },
      /judge\.csv: person: ids occur more than once[\s\S]*1: p0[\s\S]*several samples/,
    ],
    [
      "a key missing in the evaluation data",
      { "judge.csv": "person,churned,plan,gender\np0,1,basic,f\n,0,pro,m\n" },
      /judge\.csv: person: an id is missing/,
    ],
    [
      "a key twice in the predictions",
      { "new.csv": "person,prediction\np0,0.5\np0,0.5\n" },
      /new\.csv: person: predicts rows more than once/,
    ],
    [
      "rows that were not predicted",
      { "new.csv": "person,prediction\np0,0.5\n" },
      /new\.csv: person: has no prediction for rows of the data[\s\S]*399/,
    ],
  ])("%s is an error, and nothing is judged", async (_, changes, message) => {
    const folder = createPeople("", changes);
    const { status, stderr } = await folder.run(command.replace(" --json", ""));
    expect(stderr).toMatch(message);
    expect(status).toBe(2);
    expect(existsSync(join(folder.path, "out/evidence.json"))).toBe(false);
  });
});

describe("a program that predicts", () => {
  const program = `const fs = require("node:fs");
const lines = fs.readFileSync(process.env.MODELGATE_DATA, "utf8").trim().split("\\n").map((line) => line.split(","));
if (lines[0].includes("churned")) throw new Error("the label is shown");
const shift = Number(fs.readFileSync(process.env.MODELGATE_MODEL_PATH, "utf8"));
const at = lines[0].indexOf("x");
const out = lines.slice(1).map((cells) => cells[0] + "," + 1 / (1 + Math.exp(-(Number(cells[at]) - shift))));
fs.writeFileSync(process.env.MODELGATE_PREDICTIONS, "person,prediction\\n" + out.join("\\n") + "\\n");`;

  it("runs for candidate and baseline alike and never sees the label; samples of one item are drawn together", async () => {
    const folder = createPeople(`    predict: { command: [node, predict.cjs] }\n    group: item\n`, {
      "predict.cjs": program,
      "a.bin": "0",
      "b.bin": "0.2",
      "judge.csv": csv("person,churned,plan,gender,x,item", ({ id, label, plan, gender, old }) => [
        id,
        label,
        plan,
        gender,
        4 * old - 2,
        `i${Number(id.slice(1)) >> 2}`,
      ]),
    });
    const model = await readEvidence(folder, command.replace("new.csv", "b.bin").replace("old.csv", "a.bin"));
    expect(model).toMatchObject({ status: "judged" });
    expect(model.comparison!.metrics[0]).toMatchObject({ metric: "roc_auc", difference: 0 });
    expect(model.comparison!.metrics[1]!.test).toBe("cluster-bootstrap");
    expect(model.comparison!.unchanged).toBe(false);
  });
});
