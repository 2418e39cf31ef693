// `modelgate drift`, `profile` and `expect` through the real door.
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import type { ExpectationReport } from "../../src/commands/expect.ts";
import type { ProfileDocument } from "../../src/evidence/profile-document.ts";
import type { DriftReport } from "../../src/monitoring/drift-report.ts";
import { createRandom } from "../../src/statistics/rng.ts";
import { createFolder, type Folder, type Run } from "./run-in-folder.ts";

const known = JSON.parse(readFileSync(new URL("../statistics/vectors/statistics.json", import.meta.url), "utf8")) as {
  samples: Record<"A" | "B", number[]>;
  counts: Record<"R" | "C" | "D", number[]>;
};
const random = createRandom("command");
const makeRows = (rows: number, shift: number, plans: readonly string[]): string =>
  Array.from(
    { length: rows },
    (_, i) =>
      `${i},${random.nextNormal() + shift},${plans[random.nextInteger(plans.length)]},${i % 20 === 0 ? "" : 1 + (i % 2)}\n`,
  ).join("");
const header = "id,x,plan,gaps\n";
const spread = (counts: readonly number[]): string =>
  `c\n${counts.map((count, i) => `${"abcdef"[i]}\n`.repeat(count)).join("")}`;

let folder: Folder;
const parse = <T>(run: Run): T => JSON.parse(run.stdout) as T;

beforeAll(() => {
  folder = createFolder();
  folder.write("reference.csv", header + makeRows(1000, 0, ["a", "b"]));
  folder.write("same.csv", header + makeRows(1000, 0, ["a", "b"]));
  folder.write("moved.csv", header + makeRows(600, 0.6, ["a", "b", "new & <shiny>"]));
  folder.write("few.csv", header + makeRows(49, 3, ["a"]));
  folder.write("A.csv", `x\n${known.samples.A.join("\n")}\n`);
  folder.write("B.csv", `x\n${known.samples.B.join("\n")}\n`);
  for (const name of ["R", "C", "D"] as const) folder.write(`${name}.csv`, spread(known.counts[name]));
});
afterAll(() => folder.remove());

describe("modelgate drift", () => {
  it("finds drift: exit 1, each column with its numbers, the new category by name", async () => {
    const run = await folder.run("drift --reference reference.csv --current moved.csv --ignore id --json");
    expect(run.status).toBe(1);
    const report = parse<DriftReport>(run);
    expect(report).toMatchObject({
      kind: "drift-report",
      schemaVersion: 1,
      verdict: "drift",
      reference: { rows: 1000 },
      current: { rows: 600 },
    });
    const [x, plan, gaps] = report.columns;
    expect(x).toMatchObject({ name: "x", type: "numeric", outcome: "drift", test: "ks" });
    expect(plan?.unlisted?.values[0]?.value).toBe("new & <shiny>");
    expect(gaps).toMatchObject({ missing: { referenceRate: 0.05, currentRate: 0.05 } });
    expect(Object.keys(x?.measures ?? {})).toEqual(
      expect.arrayContaining([
        "ks",
        "psi",
        "jensenShannon",
        "hellinger",
        "wasserstein",
        "wassersteinNormed",
        "totalVariation",
        "lInfinity",
        "kullbackLeibler",
      ]),
    );
  });

  it("raises no exit code without drift, on inconclusive, and on too few rows", async () => {
    for (const [current, verdict] of [
      ["same.csv", /inconclusive|stable/],
      ["few.csv", /insufficient/],
    ] as const) {
      const run = await folder.run(`drift --reference reference.csv --current ${current} --ignore id --json`);
      expect(run.status).toBe(0);
      expect(parse<DriftReport>(run).verdict).toMatch(verdict);
    }
  });

  it("with --exact gives SciPy's numbers", async () => {
    const run = await folder.run("drift --reference A.csv --current B.csv --exact --json");
    const [column] = parse<DriftReport>(run).columns;
    expect(column).toMatchObject({ outcome: "insufficient", test: "ks" });
    expect(column?.statistic).toBeCloseTo(0.625, 12);
    expect(column?.pValue).toBeCloseTo(0.08702408702408701, 12);
    expect(column?.measures["wasserstein"]).toBeCloseTo(4.1625, 12);
    expect(column?.measures["wassersteinNormed"]).toBeCloseTo(0.7812361058, 9);
  });

  it("gives the known distances of counts", async () => {
    for (const [name, statistic, pValue, psi] of [
      ["C", 1.6224089636, 0.8985262394, 0.0372183816],
      ["D", 8.2655449813, 0.14219541, 0.1918782636],
    ] as const) {
      const run = await folder.run(`drift --reference R.csv --current ${name}.csv --measures all --json`);
      const [column] = parse<DriftReport>(run).columns;
      expect(column?.test).toBe("chi-square");
      expect(column?.statistic).toBeCloseTo(statistic, 9);
      expect(column?.pValue).toBeCloseTo(pValue, 8);
      expect(column?.measures["psi"]).toBeCloseTo(psi, 9);
    }
  });

  it("compares profiles as it compares the data", async () => {
    await folder.run("profile reference.csv --out reference.json");
    await folder.run("profile moved.csv --out moved.json");
    const fromProfiles = await folder.run("drift --reference reference.json --current moved.json --ignore id --json");
    const fromData = await folder.run("drift --reference reference.csv --current moved.csv --ignore id --json");
    const strip = (run: Run) =>
      parse<DriftReport>(run).columns.map((column) => ({ ...column, unlisted: { ...column.unlisted, values: [] } }));
    expect(strip(fromProfiles)).toEqual(strip(fromData));
    const exact = await folder.run("drift --reference reference.json --current moved.csv --exact --json");
    expect(exact.status).toBe(2);
    expect(exact.stdout).toContain("--exact needs the rows");
  });

  it("writes the report as a page and as JUnit where it is asked to", async () => {
    const run = await folder.run(
      "drift --reference reference.csv --current moved.csv --ignore id --html out/drift.html --junit out/drift.xml",
    );
    expect(run.status).toBe(1);
    const page = readFileSync(join(folder.path, "out/drift.html"), "utf8");
    expect(page).toContain("new &amp; &lt;shiny&gt;");
    expect(page).not.toContain("<shiny>");
    // What fewer than ten rows have is nobody's to show.
    folder.write("rare.csv", header + makeRows(1000, 0, ["a", "b"]) + makeRows(9, 0, ["Jane Doe"]));
    await folder.run("drift --reference reference.csv --current rare.csv --html out/rare.html");
    expect(readFileSync(join(folder.path, "out/rare.html"), "utf8")).not.toContain("Jane Doe");
    expect(readFileSync(join(folder.path, "out/drift.xml"), "utf8")).toContain('failures="2"');
    const nowhere = await folder.run("drift --reference reference.csv --current moved.csv --html reference.csv/x.html");
    expect(nowhere.status).toBe(2);
    expect(nowhere.stderr).toContain("a part of the path is a file");
  });

  it("shows a table in the terminal, without control characters of the data", async () => {
    folder.write("escape.csv", `"x\u001b[31m"\n${Array.from({ length: 300 }, (_, i) => i).join("\n")}\n`);
    const run = await folder.run("drift --reference escape.csv --current escape.csv");
    expect(run.stdout).toContain("x?[31m");
    expect(run.stdout).toMatch(/reference 300 rows, current 300 rows, 1 tests corrected together/);
  });

  it("refuses what cannot be compared: other columns, a flipped type, an edited profile, a bad row", async () => {
    folder.write("other.csv", "y\n1\n");
    folder.write("flipped.csv", header + makeRows(300, 0, ["a"]).replace(/,(-?[\d.]+),a,/, ",n/a,a,"));
    folder.write("broken.csv", `${header}1,2,a,1\n1,2\n`);
    await folder.run("profile reference.csv --out edited.json");
    folder.write(
      "edited.json",
      readFileSync(join(folder.path, "edited.json"), "utf8").replace('"rows":1000', '"rows":1001'),
    );
    for (const [current, words] of [
      ["other.csv", "no column in common"],
      ["flipped.csv", 'column \\"x\\" is numeric in the reference and categorical in the current data'],
      ["edited.json", "was changed after it was made"],
      ["broken.csv", "broken.csv, line 3: the row has 2 cells"],
    ] as const) {
      const run = await folder.run(`drift --reference reference.csv --current ${current} --json`);
      expect(run.status, current).toBe(2);
      expect(run.stdout).toContain(words);
    }
  });

  it("tells first what is wrong with the reference, though both sides are read at once, and leaves no files", async () => {
    folder.write("cut.csv", `${header}1,2,a,1\n1,2\n`);
    folder.write("torn.csv", `${header}1,2,a,1\n1,2,a,1\n1\n`);
    const temporary = join(folder.path, "temporary");
    mkdirSync(temporary);
    mkdirSync(join(folder.path, "folder.json"));
    vi.stubEnv("TMPDIR", temporary);
    onTestFinished(() => void vi.unstubAllEnvs());
    for (const [reference, current, words] of [
      ["cut.csv", "torn.csv", "cut.csv, line 3"],
      ["torn.csv", "cut.csv", "torn.csv, line 4"],
      ["torn.csv", "reference.csv", "torn.csv, line 4"],
      ["reference.csv", "torn.csv", "torn.csv, line 4"],
      ["nowhere.csv", "nothing.csv", "nowhere.csv"],
      ["nowhere.csv", "folder.json", "nowhere.csv"],
      ["reference.csv", "folder.json", "folder.json is a folder"],
    ]) {
      const run = await folder.run(`drift --reference ${reference} --current ${current} --json`);
      expect(run.status).toBe(2);
      expect(run.stdout).toContain(words);
    }
    expect(readdirSync(temporary)).toEqual([]);
  });
});

describe("modelgate profile", () => {
  it("merges shards to the profile of the whole, to the byte", async () => {
    const lines = makeRows(500, 0, ["a", "rare-value", "c"]).trimEnd().split("\n");
    folder.write("whole.csv", `${header}${lines.join("\n")}\n`);
    folder.write("one.csv", `${header}${lines.slice(0, 3).join("\n")}\n`);
    folder.write("two.csv", `${header}${lines.slice(3).reverse().join("\n")}\n`);
    for (const name of ["whole", "one", "two"]) await folder.run(`profile ${name}.csv --out ${name}.json`);
    await folder.run("profile merge two.json one.json --out merged.json");
    const read = (name: string) => readFileSync(join(folder.path, name), "utf8");
    expect(read("merged.json")).toBe(read("whole.json"));
    expect(parse<ProfileDocument>(await folder.run("profile whole.csv --json"))).toEqual(
      JSON.parse(read("whole.json")),
    );
    expect(read("whole.json")).not.toContain("rare-value");
  });

  it("does not merge what is not of one data set", async () => {
    await folder.run("profile A.csv --out a.json");
    await folder.run("profile R.csv --out r.json");
    const run = await folder.run("profile merge a.json r.json");
    expect(run.status).toBe(2);
    expect(run.stderr).toContain("cannot be merged: they have other columns");
  });
});

describe("modelgate expect", () => {
  const config = (expectations: readonly string[]): string =>
    `version: 1\nmodels:\n  m:\n    data: { source: same.csv }\n    expect:\n${expectations.map((line) => `      - ${line}\n`).join("")}`;

  it("exit 0 when all hold, exit 1 with counts and rows when one does not", async () => {
    folder.write(
      ".github/modelgate.yml",
      config(["{ column: x, between: [-9, 9] }", "{ column: plan, in: [a, b] }", "{ rows: [1000, 1000] }"]),
    );
    expect((await folder.run("expect m --json")).status).toBe(0);
    folder.write(
      ".github/modelgate.yml",
      config([
        "{ column: gaps, required: true, mostly: 0.96 }",
        "{ column: id, unique: true }",
        '{ column: plan, matches: "[a-c]" }',
        "{ column: plan, between: [0, 1] }",
        "{ column: gone, required: true }",
        "{ rows: [null, 10] }",
      ]),
    );
    const run = await folder.run("expect m --json");
    expect(run.status).toBe(1);
    const [source] = parse<ExpectationReport>(run).sources;
    expect(source?.results.map(({ check, passed, failing }) => [check, passed, failing])).toEqual([
      ["required", false, 50],
      ["unique", true, 0],
      ["matches", true, 0],
      ["between", false, 1],
      ["column", false, 1],
      ["rows", false, 1],
    ]);
    expect(source?.results[0]?.exampleRows).toEqual([1, 21, 41, 61, 81]);
  });

  it("checks orders, pairs, sums, balance and likeness; names what it found, values only where they may be shown", async () => {
    folder.write(
      "shop.csv",
      `day,a,b,total,kind\n${Array.from({ length: 400 }, (_, i) => `${i === 7 ? 3 : i},${i % 5},2,${i === 9 ? 0 : (i % 5) + 2},${i % 10 === 0 ? "rare" : "common"}\n`).join("")}`,
    );
    await folder.run("profile shop.csv --out shop.json");
    const lines = [
      "{ column: day, monotonic: strictly-increasing }",
      "{ column: day, monotonic: increasing, mostly: 0.99 }",
      '{ column: a, pair: { relation: "<=", column: total } }',
      "{ column: a, row-sum: { with: [b], equals: total } }",
      "{ column: b, sum: [800, 800], mean: [2.5, null] }",
      "{ column: kind, shares: { rare: [0.05, 0.2], other: [0.1, 1] }, smallest-share: 0.1 }",
      "{ column: kind, length: [4, 5] }",
      '{ column: a, shares: { "1": [0.2, 0.2], x: [0.1, 1] } }',
      "{ column: a, like: { profile: shop.json } }",
      "{ column: day, like: { profile: same.csv } }",
      "{ column: a, pair: { relation: ==, column: kind } }",
    ];
    const shop = (share: string) =>
      config(lines)
        .replace("same.csv", "shop.csv")
        .replace("models:\n  m:\n", `models:\n  m:\n    share: [${share}]\n`);
    folder.write(".github/modelgate.yml", shop(""));
    const run = await folder.run("expect m --json --junit expect.xml");
    expect(run.status).toBe(1);
    const [source] = parse<ExpectationReport>(run).sources;
    expect(
      source?.results.map(({ check, passed, failing, exampleRows }) => [check, passed, failing, exampleRows]),
    ).toEqual([
      ["monotonic", false, 1, [8]],
      ["monotonic", true, 1, [8]],
      ["pair", false, 1, [10]],
      ["row-sum", false, 1, [10]],
      ["sum", true, 0, []],
      ["mean", false, 1, []],
      ["shares", true, 0, []],
      ["shares", false, 1, []],
      ["smallest-share", true, 0, []],
      ["length", false, 360, [2, 3, 4, 5, 6]],
      ["shares", true, 0, []],
      ["shares", false, 1, []],
      ["like", true, 0, []],
      ["like", false, 1, []],
      ["pair", false, 1, []],
    ]);
    expect(source?.results.at(-1)?.reason).toBe("kind is categorical, not numeric");
    expect(source?.results.some((result) => result.exampleValues)).toBe(false);
    expect(readFileSync(join(folder.path, "expect.xml"), "utf8")).toContain('tests="15" failures="9"');
    folder.write(".github/modelgate.yml", shop("examples"));
    expect((await folder.run("expect m")).stdout).toContain("row 8 (3)");
  });

  it("compares long integers by all their digits, and shows numbers as people write them", async () => {
    const ids = ["9007199254740992", "9007199254740993", "9007199254740995"];
    folder.write("ids.csv", `id,other\n${ids.map((id) => `${id},${id}`).join("\n")}\n`);
    folder.write("odd.jsonl", `${[...ids, ids[1]].map((id) => `{"id":${id},"other":9007199254740992}`).join("\n")}\n`);
    folder.write(
      ".github/modelgate.yml",
      "models: { long: { share: [examples], expect: [{ column: id, unique: true, monotonic: strictly-increasing, pair: { relation: '==', column: other } }, { column: other, between: [0, 5] }] } }\n",
    );
    const check = async (file: string) => {
      const report = parse<ExpectationReport>(await folder.run(`expect long --data ${file} --json`));
      return report.sources[0]?.results.map((one) => [one.check, one.exampleRows, one.exampleValues]);
    };
    const tooHigh = (rows: number[], values: string[]) => ["between", rows, values];
    expect(await check("ids.csv")).toEqual([
      ["unique", [], []],
      ["monotonic", [], []],
      ["pair", [], []],
      tooHigh([1, 2, 3], ids),
    ]);
    expect(await check("odd.jsonl")).toEqual([
      ["unique", [2, 4], [ids[1], ids[1]]],
      ["monotonic", [4], [ids[1]]],
      ["pair", [2, 3, 4], [ids[1], ids[2], ids[1]]],
      tooHigh([1, 2, 3, 4], Array<string>(4).fill("9007199254740992")),
    ]);
  });

  it("blames the pattern, not the data, for what is no pattern; says one row and at least", async () => {
    folder.write("mail.csv", "mail\na@b\nbad\n");
    const check = async (expectation: string) => {
      folder.write(".github/modelgate.yml", `models: { m: { expect: [{ column: mail, ${expectation} }] } }\n`);
      return await folder.run("expect m --data mail.csv");
    };
    const bad = await check("matches: '(?=x)y'");
    expect(bad.status).toBe(2);
    expect(bad.stderr).toContain('`matches` of column "mail" is no pattern that RE2 takes: invalid perl operator');
    expect(bad.stderr).not.toContain("cannot be read");
    const found = (await check("matches: '.+@.+', length: [4, null]")).stdout;
    expect(found).toContain("1 of 2 (50.00 %) fail; 0.00 % may; row 2");
    expect(found).toContain("at least 4 characters");
  });

  it("takes days for the ends of a column of times, the last one whole", async () => {
    folder.write("days.csv", "at,n\n2026-01-01T09:00:00Z,1\n2026-01-31T23:59:59Z,2\n2026-02-01T00:00:00Z,3\n");
    const check = async (between: string) => {
      folder.write(".github/modelgate.yml", `models: { m: { expect: [{ column: at, between: ${between} }] } }\n`);
      return await folder.run("expect m --data days.csv --json");
    };
    const found = async (between: string) => parse<ExpectationReport>(await check(between)).sources[0]?.results[0];
    expect(await found("[2026-01-01, 2026-01-31]")).toMatchObject({ failing: 1, exampleRows: [3] });
    expect(await found("[2026-01-31, null]")).toMatchObject({ failing: 1, exampleRows: [1] });
    expect(await found("[null, 2026-01-31T12:00:00Z]")).toMatchObject({ failing: 2, exampleRows: [2, 3] });
    expect(await found("[0, 1]")).toMatchObject({ passed: false, reason: "the column is datetime" });
    expect((await check("[2026-01-01, 5]")).stdout).toContain("a number at one end and a date at the other");
  });

  it("infers expectations that the data meets, quoting what YAML would read otherwise", async () => {
    folder.write(
      "learn.csv",
      `rare,key,n,answer,gap,long,ends\n${Array.from({ length: 200 }, (_, i) => `${i % 2 ? "often" : `once ${i % 50}`},k${i},${i % 7},${["yes", "no", '"a, b]"'][i % 3]},${i % 4 === 0 ? "" : 1},900719925474099${2 + (i % 7)},${i % 9 === 0 ? "inf" : i}\n`).join("")}`,
    );
    const run = await folder.run("expect infer learn.csv");
    expect(run.status).toBe(0);
    expect(run.stdout).toContain('in: ["no", "yes", "a, b]"]');
    expect(run.stdout).toContain("{ column: key, unique: true }");
    expect(run.stdout).not.toContain("{ column: rare, in:");
    folder.write(
      ".github/modelgate.yml",
      `version: 1\nmodels:\n  m:\n    data: { source: learn.csv }\n${run.stdout.trimEnd().replace(/^/gm, "    ")}\n`,
    );
    expect(await folder.run("expect m")).toMatchObject({ status: 0 });
    await folder.run("profile learn.csv --out learn.json");
    expect((await folder.run("expect infer learn.json")).stdout).not.toContain(" in: ");
    expect((await folder.run("expect infer gone.csv")).status).toBe(2);
  });

  it("says what is missing when there is nothing to check", async () => {
    folder.write(".github/modelgate.yml", "version: 1\nmodels: { m: { data: { source: same.csv } } }\n");
    const run = await folder.run("expect m");
    expect(run.status).toBe(2);
    expect(run.stderr).toContain("m has no expectations");
  });
});
