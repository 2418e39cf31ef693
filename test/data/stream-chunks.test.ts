// What goes wrong after the first chunks of a stream is heard: rows are never fewer without a word.
import { appendFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { profileData } from "../../src/data/choose-engine.ts";
import { openEngine } from "../../src/data/engine.ts";
import { readTable } from "../../src/data/read-table.ts";
import type { Context } from "../../src/host/context.ts";

let folder = "";
let context: Context;
const rows = 60_000;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "modelgate-test-"));
  const signal = new AbortController().signal;
  context = { folder, environment: {}, now: () => new Date(0), progress: () => {}, signal };
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Many good rows, then `last`. */
async function write(file: string, last: string): Promise<void> {
  const lines = Array.from({ length: rows }, (_, i) => `${i},"${i % 7 === 0 ? "a, b" : "c"}"`);
  const text = `x,word\n${lines.join("\n")}\n${last}\n`;
  await writeFile(join(folder, file), file.endsWith(".gz") ? gzipSync(text) : text);
}

describe("rows behind the first chunks", () => {
  it.each(["late.csv", "late.csv.gz"])("of %s that are broken are named, whoever reads", async (file) => {
    await write(file, "1");
    const broken = { problems: [expect.objectContaining({ file, line: rows + 2 })] };
    await expect(profileData(file, {}, context)).rejects.toMatchObject(broken);
    await expect(readTable(file, {}, context)).rejects.toMatchObject(broken);
  });

  it("that prove the first guess of a type wrong are counted as all others", async () => {
    await write("words.csv", "many,c");
    const { columns, rows: found } = await profileData("words.csv", {}, context);
    expect(columns[0]).toMatchObject({ type: "categorical", present: rows + 1 });
    expect(found).toBe(rows + 1);
    const table = await readTable("words.csv", {}, context);
    expect([table.rows, table.columns.get("x")?.values.at(-1)]).toEqual([rows + 1, "many"]);
  });

  it.each(["latin.csv", "latin.csv.gz"])(
    "of %s that are not UTF-8 are named, whichever columns are read",
    async (file) => {
      const plain = Buffer.concat([
        Buffer.from(`y,x,word\n${"1,2,c\n".repeat(rows)}`),
        Buffer.from("1,2,caf\xe9\n", "latin1"),
      ]);
      await writeFile(join(folder, file), file.endsWith(".gz") ? gzipSync(plain) : plain);
      for (const columns of [undefined, ["x", "word"], ["word"]])
        await expect(profileData(file, { columns }, context)).rejects.toMatchObject({
          problems: [{ file, line: rows + 2 }],
        });
    },
  );

  it("of JSON Lines that are cut short are named", async () => {
    const lines = Array.from({ length: rows }, (_, i) => JSON.stringify({ x: i }));
    await writeFile(join(folder, "cut.jsonl"), `${lines.join("\n")}\n`);
    await appendFile(join(folder, "cut.jsonl"), '{"x": 1');
    await expect(readTable("cut.jsonl", {}, context)).rejects.toMatchObject({ problems: [{ file: "cut.jsonl" }] });
  });
});

describe("a stream", () => {
  it("gives the query's error and leaves the engine in order", async () => {
    const engine = await openEngine();
    const drain = async (sql: string): Promise<number> => {
      let count = 0;
      for await (const chunk of engine.stream(sql)) count += chunk.rowCount;
      return count;
    };
    const late = `SELECT CASE WHEN i < ${rows} THEN i ELSE error('too late') END AS x FROM range(${2 * rows}) AS t(i)`;
    await expect(drain(late)).rejects.toThrow("too late");
    expect(await drain(`SELECT i FROM range(${rows}) AS t(i)`)).toBe(rows);
    await engine.close();
  });

  it("may be left early, and what was made before it stays", async () => {
    const engine = await openEngine();
    await engine.run("CREATE TEMP TABLE kept AS SELECT 1 AS x");
    for await (const _ of engine.stream(`SELECT i FROM range(${rows}) AS t(i)`)) break;
    expect(await engine.query("SELECT x FROM kept")).toEqual([{ x: 1 }]);
    await engine.close();
  });
});
