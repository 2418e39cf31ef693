// The same predictions in every format and spelling a writer may choose: the same answer, or an error that says what to change.
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { openEngine } from "../../src/data/engine.ts";
import { quoteText } from "../../src/data/sql.ts";
import { createRandom } from "../../src/statistics/rng.ts";
import { createFolder, type Folder } from "../cli/run-in-folder.ts";
import { expectFailure } from "./expect-failure.ts";

interface Row {
  readonly id: string;
  readonly y: number;
  readonly p: number;
}

const random = createRandom("formats");
const draw = (ids: (row: number) => string): readonly Row[] =>
  Array.from({ length: 40 }, (_, row) => {
    const y = row % 3 === 0 ? 1 : 0;
    return { id: ids(row), y, p: Number((0.3 * y + 0.7 * random.nextFloat()).toFixed(4)) };
  });
const [old, fresh] = [draw(String), draw(String)];

const csv = (rows: readonly Row[], end = "\n", delimiter = ",") =>
  [["id", "y", "p"], ...rows.map(({ id, y, p }) => [id, y, p])].map((cells) => cells.join(delimiter)).join(end) + end;
const jsonl = (rows: readonly Row[], line: (row: Row) => string) => `${rows.map(line).join("\n")}\n`;
/** Ids as numbers, whatever their length: what no JavaScript number could write. */
const bare = ({ id, y, p }: Row) => `{"id":${id},"y":${y},"p":${p}}`;
const withId = (rows: readonly Row[], id: (row: number) => string) =>
  rows.map((one, row): Row => ({ ...one, id: id(row) }));

function createFiles(files: Readonly<Record<string, string | Buffer>>): Folder {
  const folder = createFolder();
  onTestFinished(folder.remove);
  for (const [name, content] of Object.entries(files)) folder.write(name, content);
  return folder;
}

const words = (baseline: string, candidate: string) =>
  `compare --baseline ${baseline} --candidate ${candidate} --task binary --label y --prediction p --metric roc_auc accuracy`;

async function compare(folder: Folder, baseline: string, candidate: string) {
  const { stdout, stderr } = await folder.run(`${words(baseline, candidate)} --json`);
  const document = JSON.parse(stdout);
  expect(document.kind, stderr + stdout).toBe("comparison");
  return document.metrics;
}

const answer = await (async () => {
  const folder = createFolder();
  folder.write("old.csv", csv(old));
  folder.write("new.csv", csv(fresh));
  const metrics = await compare(folder, "old.csv", "new.csv");
  folder.remove();
  return metrics;
})();

const quoted = fresh.map(({ id, y, p }) => `"He said ""no"",\n| @org/team </details>",${id},${y},${p}`).join("\n");

/** `new.csv` of the folder as Parquet, its ids in a column of `type`. */
async function writeParquet(folder: string, type: string, name: string): Promise<void> {
  const engine = await openEngine();
  const rows = `read_csv(${quoteText(join(folder, "new.csv"))}, all_varchar = true)`;
  const columns = `CAST(id AS ${type}) AS id, CAST(y AS INTEGER) AS y, CAST(p AS DOUBLE) AS p`;
  await engine.run(`COPY (SELECT ${columns} FROM ${rows}) TO ${quoteText(join(folder, name))} (FORMAT parquet)`);
  await engine.close();
}

describe("the same answer from", () => {
  it.each<[string, string, string | Buffer]>([
    ["JSON Lines", "new.jsonl", jsonl(fresh, bare)],
    ["a JSON array", "new.json", `[${fresh.map(bare).join(",")}]`],
    ["numbers as strings", "new.jsonl", jsonl(fresh, ({ id, y, p }) => `{"id":"${id}","y":"${y}","p":"${p}"}`)],
    ["lines of Windows", "new.csv", csv(fresh, "\r\n")],
    ["JSON lines of Windows", "new.jsonl", jsonl(fresh, bare).replaceAll("\n", "\r\n")],
    ["a byte order mark", "new.csv", `\uFEFF${csv(fresh)}`],
    ["tabs", "new.tsv", csv(fresh, "\n", "\t")],
    ["semicolons", "new.csv", csv(fresh, "\n", ";")],
    ["quoted texts with line breaks and quotes", "new.csv", `answer,id,y,p\n${quoted}\n`],
    ["exponents", "new.csv", csv(fresh).replace(/(\d\.\d+)$/gm, (text) => Number(text).toExponential())],
  ])("%s", async (_, name, content) => {
    const folder = createFiles({ "old.csv": csv(old), [name]: content });
    expect(await compare(folder, "old.csv", name)).toEqual(answer);
  });

  it.each<[string, (row: number) => string]>([
    ["ids of thirty digits", (row) => `1234567890123456789012345${String(row).padStart(5, "0")}`],
    ["ids just above 2^53", (row) => String(2n ** 53n + 1n + BigInt(row))],
    ["ids at the end of 64 bits", (row) => String(2n ** 64n - 100n + BigInt(row))],
    ["ids that only become long later", (row) => (row < 38 ? String(row) : String(2n ** 53n + BigInt(row)))],
  ])("%s, in CSV, JSON and Parquet alike", async (_, id) => {
    const [before, after] = [withId(old, id), [...withId(fresh, id)].reverse()];
    const folder = createFiles({
      "old.csv": csv(before),
      "new.csv": csv(after),
      "new.jsonl": jsonl(after, bare),
      "text.jsonl": jsonl(after, ({ id: key, y, p }) => `{"id":"${key}","y":${y},"p":${p}}`),
    });
    const whole = id(0).length <= 20;
    await writeParquet(folder.path, "VARCHAR", "text.parquet");
    if (whole) await writeParquet(folder.path, "UBIGINT", "whole.parquet");
    for (const name of ["new.csv", "new.jsonl", "text.jsonl", "text.parquet", ...(whole ? ["whole.parquet"] : [])])
      expect(await compare(folder, "old.csv", name), name).toEqual(answer);
  });

  it("a model's place in validate, where ids are long and labels stand beside the predictions", async () => {
    const id = (row: number) => String(2n ** 53n + 1n + BigInt(row));
    const folder = createFiles({
      "judge.csv": csv(withId(old, id)).replace("id,y,p", "id,y,x"),
      "old.csv": csv(withId(old, id)).replace("id,y,p", "id,y,prediction"),
      "new.jsonl": jsonl([...withId(fresh, id)].reverse(), bare).replaceAll('"p"', '"prediction"'),
      ".github/modelgate.yml":
        "models:\n  m:\n    task: binary\n    label: y\n    data: { evaluation: judge.csv }\n    metrics: [roc_auc, accuracy]\n",
    });
    const { stdout, stderr } = await folder.run("validate m --candidate new.jsonl --baseline old.csv --json");
    const [auc] = JSON.parse(stdout).models?.[0]?.comparison?.metrics ?? [];
    expect(auc, stderr).toMatchObject({ metric: "roc_auc", candidate: answer[0].candidate });
    folder.write(
      "new.csv",
      csv([...withId(fresh, id)])
        .replace("id,y,p", "id,y,prediction")
        .replace(/,1,/, ",0,"),
    );
    await expectFailure(folder, "validate m --candidate new.csv --baseline old.csv", {
      status: 2,
      message: /labels of 1 of 40 rows are not those of the data[\s\S]*1 in row 1/,
    });
  });
});

describe("an error that says what to change from", () => {
  const replaceP = (text: string) => jsonl(fresh, (row) => (row.id === "5" ? `{"id":5,"y":0,"p":${text}}` : bare(row)));
  it.each<[string, string, string, RegExp]>([
    ["a null", "new.jsonl", replaceP("null"), /missing or not finite[\s\S]*row 6/],
    ["a bare NaN", "new.jsonl", replaceP("NaN"), /missing or not finite[\s\S]*row 6/],
    ["a bare Infinity", "new.jsonl", replaceP("Infinity"), /not finite[\s\S]*Infinity in row 6/],
    ["a text", "new.jsonl", replaceP('"abc"'), /a prediction is no number[\s\S]*"abc" in row 6/],
    ["a truth value", "new.jsonl", replaceP("true"), /a prediction is no number[\s\S]*"true" in row 6/],
    ["a list", "new.jsonl", replaceP("[0.5]"), /a prediction is no number[\s\S]*"\[0\.5\]" in row 6/],
    [
      "a text NaN",
      "new.jsonl",
      jsonl(fresh, ({ id, y, p }) => `{"id":${id},"y":${y},"p":"${id === "5" ? "NaN" : p}"}`),
      /missing or not finite[\s\S]*row 6/,
    ],
    ["decimal commas", "new.csv", csv(fresh, "\n", ";").replaceAll(".", ","), /no number[\s\S]*decimals with a point/],
    ["per cents", "new.csv", csv(fresh).replace(/(\d\.\d+)$/gm, "$1%"), /no number[\s\S]*shares between 0 and 1/],
    ["a file cut short", "new.jsonl", jsonl(fresh, bare).slice(0, -6), /JSON is broken in line 40/],
    ["a byte order mark before JSON", "new.jsonl", `\uFEFF${jsonl(fresh, bare)}`, /without a byte order mark/],
    ["two columns of one name", "new.csv", csv(fresh).replace("id,y,p", "id,p,p"), /both called "p"/],
    ["no rows", "new.json", "[]", /holds no rows/],
    ["no bytes", "new.jsonl", "", /the file is empty/],
    ["no Parquet", "new.parquet", "PAR1garbage", /Parquet file is cut short/],
  ])("%s", async (_, name, content, message) => {
    const folder = createFiles({ "old.csv": csv(old), [name]: content });
    await expectFailure(folder, words("old.csv", name), { status: 2, message });
  });
});
