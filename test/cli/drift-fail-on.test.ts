// What ends `modelgate drift` with which exit code: what `--fail-on` names, importances, and data that cannot be compared.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DriftReport } from "../../src/monitoring/drift-report.ts";
import { createRandom } from "../../src/statistics/rng.ts";
import { createFolder, type Folder, type Run } from "./run-in-folder.ts";

const random = createRandom("fail on");
const table = (rows: number, shift: number): string =>
  Array.from({ length: rows }, () => `${random.nextNormal() + shift},${random.nextNormal()}\n`).join("");
let folder: Folder;
const parse = (run: Run): DriftReport => JSON.parse(run.stdout) as DriftReport;

beforeAll(() => {
  folder = createFolder();
  folder.write("reference.csv", `x,y\n${table(1000, 0)}`);
  folder.write("moved.csv", `x,y\n${table(1000, 2)}`);
  folder.write("same.csv", `x,y\n${table(100, 0)}`);
  folder.write("few.csv", `x,y\n${table(49, 3)}`);
  folder.write("none.csv", "x,y\n");
  folder.write("gone.csv", `x,z\n${table(20_000, 0)}`);
  folder.write("long.csv", `x,y\n${table(20_000, 0)}`);
  folder.write("other.csv", `a,b\n${table(500, 0)}`);
  folder.write("texts.csv", `x,y\n${"one,1\n".repeat(300)}`);
});
afterAll(() => folder.remove());

describe("modelgate drift --fail-on", () => {
  it.each([
    ["moved.csv", "", 1],
    ["moved.csv", "--fail-on severe", 1],
    ["moved.csv", "--fail-on never", 0],
    ["moved.csv", "--fail-on insufficient", 0],
    ["same.csv", "", 0],
    ["same.csv", "--fail-on drift,inconclusive", 1],
    ["few.csv", "", 0],
    ["few.csv", "--fail-on drift --fail-on insufficient", 1],
    ["gone.csv", "--fail-on missing", 1],
  ])("%s %s ends with %i", async (current, options, status) => {
    const run = await folder.run(`drift --reference reference.csv --current ${current} --json ${options}`.trim());
    expect(run.status).toBe(status);
  });

  it("says which words there are", async () => {
    const run = await folder.run("drift --reference reference.csv --current same.csv --fail-on missng");
    expect(run).toMatchObject({ status: 2 });
    expect(run.stderr).toMatch(/one of: drift, severe, missing.*missng|did you mean "missing"/s);
  });
});

describe("data that cannot be compared is never called stable", () => {
  it("a column that is gone is insufficient and named", async () => {
    const report = parse(await folder.run("drift --reference long.csv --current gone.csv --json"));
    expect(report).toMatchObject({ verdict: "insufficient", unmatched: { reference: ["y"], current: ["z"] } });
    expect(report.columns[0]?.outcome).toBe("stable");
    expect(report.reason).toContain("not in the current data: y");
  });
  it("no column in common, flipped types and no rows are errors that say so", async () => {
    for (const [current, words] of [
      ["other.csv", "no column in common"],
      ["texts.csv", 'column "x" is numeric in the reference and categorical in the current data'],
      ["none.csv", "has a header and no rows"],
    ] as const) {
      const run = await folder.run(`drift --reference reference.csv --current ${current}`);
      expect(run.status, current).toBe(2);
      expect(run.stderr).toContain(words);
    }
  });
  it("49 rows are insufficient", async () => {
    expect(parse(await folder.run("drift --reference reference.csv --current few.csv --json")).verdict).toBe(
      "insufficient",
    );
  });
});

describe("importances", () => {
  const explain = (x: number): string =>
    JSON.stringify({
      kind: "evaluation",
      schemaVersion: 1,
      explanation: {
        importances: [
          { column: "x", metric: "roc_auc", baseline: null, candidate: { value: x, interval: [x - 0.02, x + 0.02] } },
          { column: "y", metric: "roc_auc", baseline: null, candidate: { value: 0.3, interval: [0.2, 0.4] } },
          { column: "x", metric: "f1", baseline: null, candidate: { value: 9, interval: [8, 10] } },
        ],
      },
    });
  it("drift of a column that is not shown to matter to the model only warns", async () => {
    for (const [x, status] of [
      [0.01, 0],
      [0.2, 1],
    ] as const) {
      folder.write("evaluation.json", explain(x));
      const run = await folder.run(
        "drift --reference reference.csv --current moved.csv --importances evaluation.json --json",
      );
      expect(run.status).toBe(status);
      expect(parse(run).columns[0]?.outcome).toBe("drift");
      expect(parse(run).reason).toMatch(/importance/);
    }
  });
  it("come from the config too", async () => {
    folder.write(".github/modelgate.yml", "version: 1\nmodels: { m: { monitor: { importances: { x: 0, y: 1 } } } }\n");
    const run = await folder.run("drift m --reference reference.csv --current moved.csv --json");
    expect(run.status).toBe(0);
    expect(parse(run)).toMatchObject({ verdict: "inconclusive", importance: { driftedShare: 0 } });
  });
  it("a document that explains nothing is bad input", async () => {
    folder.write("plain.json", JSON.stringify({ kind: "evaluation" }));
    const run = await folder.run("drift --reference reference.csv --current moved.csv --importances plain.json");
    expect(run.status).toBe(2);
    expect(run.stderr).toContain("explains no importances");
  });
});
