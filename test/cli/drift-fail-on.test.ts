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

describe("rows that depend on each other, and rows as a whole", () => {
  const users = (count: number, first: number): string =>
    Array.from({ length: count }, (_, u) => {
      const mean = 3 * random.nextNormal();
      return Array.from(
        { length: 20 },
        () => `u${first + u},${mean + random.nextNormal()},${random.nextNormal()}\n`,
      ).join("");
    }).join("");
  const pairs = (rows: number, tied: number): string =>
    Array.from({ length: rows }, () => {
      const x = random.nextNormal();
      return `${x},${tied * x + Math.sqrt(1 - tied * tied) * random.nextNormal()}\n`;
    }).join("");

  it("--group takes users whole and compares the other columns", async () => {
    folder.write("users-before.csv", `user,x,y\n${users(40, 0)}`);
    folder.write("users-now.csv", `user,x,y\n${users(30, 100)}`);
    const run = await folder.run("drift --reference users-before.csv --current users-now.csv --group user --json");
    expect(run.status).toBe(0);
    const report = parse(run);
    expect(report).toMatchObject({ groupedBy: "user", columns: [{ name: "x" }, { name: "y" }] });
    const [x, y] = report.columns;
    expect(x?.groups).toMatchObject({ reference: 40, current: 30 });
    expect(x?.groups?.designEffect).toBeGreaterThan(8);
    expect(y?.groups?.designEffect).toBeLessThan(3);
    expect(x?.effectInterval[1]).toBeGreaterThan(y?.effectInterval[1] ?? 1);
  });
  it("seven users are too few, however many rows they have", async () => {
    folder.write("seven.csv", `user,x,y\n${users(7, 200)}`);
    const run = await folder.run("drift --reference users-before.csv --current seven.csv --group user --json");
    expect(parse(run)).toMatchObject({ verdict: "insufficient", tests: 0 });
    expect(parse(run).columns[0]?.reason).toContain("7 groups");
  });
  it("--multivariate finds a correlation that changed and says so, and ends with exit code 1", async () => {
    folder.write("loose.csv", `a,b\n${pairs(3000, 0)}`);
    folder.write("tied.csv", `a,b\n${pairs(3000, 0.8)}`);
    const run = await folder.run("drift --reference loose.csv --current tied.csv --multivariate --json");
    expect(run.status).toBe(1);
    const report = parse(run);
    expect(report.columns.every(({ outcome }) => outcome !== "drift")).toBe(true);
    expect(report.multivariate).toMatchObject({ outcome: "drift", rows: { reference: 3000, current: 3000 } });
    expect(report.reason).toMatch(/driven by [ab], [ab]; column by column/);
    const again = await folder.run("drift --reference loose.csv --current tied.csv --multivariate --json");
    expect(parse(again).multivariate).toEqual(report.multivariate);
  });
  it("compares lists of numbers and columns of one prefix as vectors, and texts by their trigrams", async () => {
    const rows = (count: number, shift: number, words: readonly string[]): string =>
      Array.from({ length: count }, (_, i) =>
        JSON.stringify({
          v: Array.from({ length: 4 }, () => random.nextNormal() + shift),
          e_0: random.nextNormal(),
          e_1: random.nextNormal(),
          said: `${i} ${Array.from({ length: 6 }, () => words[random.nextInteger(words.length)]).join(" ")}`,
        }),
      ).join("\n");
    folder.write("before.jsonl", rows(400, 0, ["red", "green", "blue", "grey"]));
    folder.write("now.jsonl", rows(300, 1, ["rouge", "verte", "bleue", "grise"]));
    const run = await folder.run([
      ..."drift --reference before.jsonl --current now.jsonl --embedding e_ --measures all --json".split(" "),
    ]);
    const { multivariate, columns } = parse(run);
    expect(multivariate?.embeddings.map(({ name, dimensions, outcome }) => [name, dimensions, outcome])).toEqual([
      ["e_", 2, "inconclusive"],
      ["v", 4, "drift"],
    ]);
    expect(multivariate?.reason).toContain("the vectors of v moved by");
    expect(multivariate?.classifier?.terms.join(" ")).toContain("said with");
    const said = columns.find(({ name }) => name === "said");
    expect(said).toMatchObject({ type: "text" });
    expect(said?.measures["outOfVocabulary"]).toBeGreaterThan(0.5);
    expect(said?.measures["characterTrigrams"]).toBeGreaterThan(0.3);
  });
  it("needs the rows", async () => {
    await folder.run("profile loose.csv --out loose-profile.json");
    for (const option of ["--multivariate", "--group a"]) {
      const run = await folder.run(`drift --reference loose-profile.json --current tied.csv ${option}`);
      expect(run.status).toBe(2);
      expect(run.stderr).toContain("needs the rows of both sides");
    }
  });
});

describe("--reference-windows", () => {
  const weeks = (count: number, swing: number, first: number): string =>
    Array.from({ length: count }, (_, week) => {
      const mean = swing * random.nextNormal();
      const day = new Date(Date.UTC(2025, 0, 1 + 7 * (first + week))).toISOString().slice(0, 10);
      return Array.from({ length: 300 }, () => `${day},${mean + random.nextNormal()},${random.nextNormal()}\n`).join(
        "",
      );
    }).join("");
  it("learns that a column moves by itself, and calls only more than that drift", async () => {
    folder.write("year.csv", `at,x,y\n${weeks(12, 0.6, 0)}`);
    folder.write("week.csv", `at,x,y\n${weeks(1, 0, 20).replaceAll(/,([^,\n]+),/g, (_, x) => `,${Number(x) + 0.7},`)}`);
    const plain = parse(await folder.run("drift --reference year.csv --current week.csv --ignore at --json"));
    expect(plain.columns[0]?.outcome).toBe("drift");
    const learned = parse(
      await folder.run(
        "drift --reference year.csv --current week.csv --time at --ignore at --reference-windows 12 --json",
      ),
    );
    const [x, y] = learned.columns;
    expect(learned.referenceWindows).toBe(12);
    expect(x?.threshold).toBeGreaterThan(0.3);
    expect(x?.outcome).not.toBe("drift");
    expect(y).toMatchObject({ threshold: 0.1 });
  });
  it("takes eight references as windows, and not seven", async () => {
    for (let i = 0; i < 8; i++)
      folder.write(`w${i}.csv`, `x\n${Array.from({ length: 100 }, () => `${random.nextNormal()}\n`).join("")}`);
    const names = Array.from({ length: 8 }, (_, i) => `w${i}.csv`);
    const run = await folder.run(["drift", "--reference", ...names, "--current", "w0.csv", "--json"]);
    expect(parse(run)).toMatchObject({ referenceWindows: 8, reference: { rows: 800 } });
    const few = await folder.run(["drift", "--reference", ...names.slice(1), "--current", "w0.csv"]);
    expect(few.status).toBe(2);
    expect(few.stderr).toContain("at least 8");
  });
  it("needs a time, and enough of it", async () => {
    const run = await folder.run("drift --reference year.csv --current week.csv --reference-windows 9");
    expect(run.stderr).toContain("--reference-windows needs --time");
    const many = await folder.run("drift --reference week.csv --current week.csv --time at --reference-windows 9");
    expect(many.stderr).toContain("too few different times");
  });
});
