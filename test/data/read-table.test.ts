// Reading data: every format to the same table, missing values, windows, and errors that name file and line.
import { copyFile, mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { describeData } from "../../src/data/describe-data.ts";
import { openEngine } from "../../src/data/engine.ts";
import { readTable } from "../../src/data/read-table.ts";
import { quoteText } from "../../src/data/sql.ts";
import { writeTable } from "../../src/data/write-table.ts";
import { InputError, ProviderError } from "../../src/errors.ts";
import type { Context } from "../../src/host/context.ts";
import type { Table } from "../../src/tables/table.ts";

let folder = "";
let context: Context;
let server: Server;

const rows =
  'id,when,plan,ok,note\n1,2015-12-30,basic,true,"a, ""b"""\n2.5,2015-12-31T12:00:00Z,NA,False,\n,,basic,,x\n';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "modelgate-test-"));
  context = {
    folder,
    environment: {},
    now: () => new Date(0),
    progress: () => {},
    signal: new AbortController().signal,
  };
  server = createServer((request, response) => {
    const elsewhere = new Map([
      ["/moved.csv", "/rows.csv"],
      ["/away.csv", "http://169.254.169.254/latest/meta-data"],
      ["/round.csv", "/round.csv"],
    ]).get(request.url ?? "");
    if (elsewhere !== undefined) response.writeHead(302, { location: elsewhere }).end();
    else if (request.url === "/rows.csv") response.end(rows);
    else if (request.url === "/short.csv") {
      response.writeHead(200, { "content-length": String(rows.length) });
      response.write(rows.slice(0, 20));
      response.destroy();
    } else response.writeHead(404).end();
  }).listen(0, "127.0.0.1");
});
afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true, force: true });
});

async function put(name: string, content: string | Uint8Array): Promise<string> {
  await writeFile(join(folder, name), content);
  return name;
}

function show(table: Table): Record<string, unknown[]> {
  return Object.fromEntries([...table.columns].map(([name, column]) => [`${name}:${column.type}`, [...column.values]]));
}

const expected = {
  "id:numeric": [1, 2.5, Number.NaN],
  "when:datetime": [Date.UTC(2015, 11, 30), Date.UTC(2015, 11, 31, 12), Number.NaN],
  "plan:categorical": ["basic", null, "basic"],
  "ok:boolean": ["true", "false", null],
  "note:categorical": ['a, "b"', null, "x"],
};

describe("formats", () => {
  it("CSV, TSV, gzip, Parquet, JSON and JSON Lines give the same table and the same digest", async () => {
    const table = await readTable(await put("rows.csv", rows), {}, context);
    expect(show(table)).toEqual(expected);
    await writeTable(table, join(folder, "rows.parquet"));
    const records = [
      { id: 1, when: "2015-12-30T00:00:00", plan: "basic", ok: true, note: 'a, "b"' },
      { id: 2.5, when: "2015-12-31T12:00:00", plan: "NA", ok: false, note: "" },
      { id: null, when: null, plan: "basic", ok: null, note: "x" },
    ];
    const sources = [
      "rows.csv",
      await put("rows.tsv", rows.replace('"a, ""b"""', "Q").replaceAll(",", "\t").replace("Q", '"a, ""b"""')),
      await put("zipped.csv.gz", gzipSync(rows)),
      "rows.parquet",
      await put("rows.json", JSON.stringify(records)),
      await put("rows.jsonl", records.map((record) => JSON.stringify(record)).join("\n")),
    ];
    const digests = new Set<string>();
    for (const source of sources) {
      expect(show(await readTable(source, {}, context)), source).toEqual(expected);
      const { sha256, columns } = await describeData(source, {}, context);
      expect(columns).toEqual(["id", "when", "plan", "ok", "note"]);
      digests.add(sha256);
    }
    expect(digests.size).toBe(1);
  });

  it("the last digits of long integers change the digest, in any format; what doubles hold has the digest it always had", async () => {
    const digestOf = async (source: string): Promise<string> => (await describeData(source, {}, context)).sha256;
    const ids = (last: string) => ["1", "9007199254740992", last, "-123456789012345678901234567890"];
    const seen = new Set<string>();
    for (const last of ["9007199254740993", "9007199254740994", "9007199254740995"]) {
      const csv = await put("ids.csv", `id\n${ids(last).join("\n")}\n`);
      const jsonl = await put(
        "ids.jsonl",
        `${ids(last)
          .map((id) => `{"id":${id}}`)
          .join("\n")}\n`,
      );
      const engine = await openEngine();
      const path = join(folder, "ids.parquet");
      await engine.run(
        `COPY (SELECT CAST(unnest([${ids(last).map(quoteText).join(", ")}]) AS DECIMAL(38,0)) AS id) TO ${quoteText(path)} (FORMAT parquet)`,
      );
      await engine.close();
      const digests = new Set([await digestOf(csv), await digestOf(jsonl), await digestOf("ids.parquet")]);
      expect(digests.size, last).toBe(1);
      for (const digest of digests) seen.add(digest);
    }
    expect(seen.size).toBe(3);
    // Deep in the file, beyond the rows that types are guessed from.
    const deep = (last: number) => put("deep.csv", `id\n${"1\n".repeat(3000)}900719925474099${last}\n`);
    expect(await digestOf(await deep(3))).not.toBe(await digestOf(await deep(2)));
    // Python's hashlib over '%.17g' of each number, as describeData specifies.
    const plain = await put("plain.csv", "a,b\n0.1,18014398509481984\n-3,1e300\n0.30000000000000004,inf\n,007\n");
    expect(await digestOf(plain)).toBe("701ba4f5523e355994cbe24dfd32af937fc6aa35be4d417c4d7b3625b3f41f4a");
  });

  it("globs are read in the order of their paths", async () => {
    await put("part-2.csv", "x\n3\n");
    await put("part-1.csv", "x\n1\n2\n");
    expect(show(await readTable("part-*.csv", {}, context))).toEqual({ "x:numeric": [1, 2, 3] });
    expect(show(await readTable("part-*", {}, context))).toEqual({ "x:numeric": [1, 2, 3] });
    await put("part-3.csv.gz", gzipSync("x\n4\n"));
    await expect(readTable("part-*", {}, context)).rejects.toThrow(/not of one format/);
    await rm(join(folder, "part-3.csv.gz"));
  });

  it("a gzip file that ends early is not taken for a shorter table, nor one with another checksum", async () => {
    const zip = gzipSync(
      Array.from({ length: 20_000 }, (_, i) => (i === 0 ? "x\n" : `${(i * 7919) % 10_007}\n`)).join(""),
    );
    const damaged = Buffer.from(zip);
    damaged.writeUInt8((damaged[zip.length - 6] ?? 0) ^ 255, zip.length - 6);
    await expect(readTable(await put("cut.csv.gz", zip.subarray(0, -20)), {}, context)).rejects.toThrow(/cut short/);
    await expect(readTable(await put("sum.csv.gz", damaged), {}, context)).rejects.toThrow(/gzip file is damaged/);
    expect((await readTable(await put("two.csv.gz", Buffer.concat([zip, gzipSync("1\n")])), {}, context)).rows).toBe(
      20_000,
    );
  });

  it("fetches from this machine over http, and fails when the body is cut short or missing", async () => {
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    expect((await readTable(`${base}/rows.csv`, {}, context)).rows).toBe(3);
    await expect(readTable(`${base}/none.csv`, {}, context)).rejects.toThrow(/answered 404/);
    await expect(readTable(`${base}/short.csv`, {}, context)).rejects.toBeInstanceOf(ProviderError);
    await expect(readTable("http://example.org/rows.csv", {}, context)).rejects.toThrow(/not encrypted/);
    expect((await readTable(`${base}/moved.csv`, {}, context)).rows).toBe(3);
    await expect(readTable(`${base}/away.csv`, {}, context)).rejects.toThrow(/sends on to an address that is not read/);
    await expect(readTable(`${base}/round.csv`, {}, context)).rejects.toThrow(/sends on more than 10 times/);
  });

  it("a column's name is only a name, and the type comes from every row", async () => {
    const late = `"""; DROP TABLE x; --",__proto__,age,Age,\n${"1,true,2020-01-01,7,9\n".repeat(3000)}x,maybe,later,8,9\n`;
    const table = await readTable(await put("late.csv", late), {}, context);
    expect([...table.columns.values()].map(({ name, type }) => [name, type])).toEqual([
      ['"; DROP TABLE x; --', "categorical"],
      ["__proto__", "categorical"],
      ["age", "categorical"],
      ["Age", "numeric"],
      ["", "numeric"],
    ]);
  });

  it("reads a cell of three megabytes, and says so when a line is longer than sixteen", async () => {
    const lines = (length: number): string =>
      `a,b\n${Array.from({ length: 50 }, (_, i) => `${i},${"x".repeat(i === 25 ? length : 3)}\n`).join("")}`;
    await writeFile(join(folder, "long.csv"), lines(3_000_000));
    const table = await readTable("long.csv", {}, context);
    expect(table.rows).toBe(50);
    expect(String(table.columns.get("b")?.values[25])).toHaveLength(3_000_000);
    await writeFile(join(folder, "longer.csv"), lines(20_000_000));
    await expect(readTable("longer.csv", {}, context)).rejects.toThrow(/longer.csv has a line that is too long/);
  });

  it("types every one of many columns", async () => {
    const names = Array.from({ length: 150 }, (_, i) => `c${i}`);
    const row = (i: number): string =>
      names.map((_, c) => (c % 3 === 0 ? `t${i}` : c % 3 === 1 ? i : "true")).join(",");
    await writeFile(join(folder, "many.csv"), [names.join(","), row(1), row(2), ""].join("\n"));
    const { columns } = await readTable("many.csv", {}, context);
    const types = ["categorical", "numeric", "boolean"];
    expect([...columns.values()].map(({ type }) => type)).toEqual(names.map((_, c) => types[c % 3]));
  });

  it("reads infinities, 30-digit integers, dates before 1970 and emoji", async () => {
    const source = await put(
      "odd.csv",
      "x,t,s\n1e400,1969-07-20T20:17:00+02:00,🎉\n123456789012345678901234567890,1900-01-01,é\n-inf,,\n",
    );
    expect(show(await readTable(source, {}, context))).toEqual({
      "x:numeric": [Number.POSITIVE_INFINITY, 1.2345678901234568e29, Number.NEGATIVE_INFINITY],
      "t:datetime": [Date.UTC(1969, 6, 20, 18, 17), Date.UTC(1900, 0, 1), Number.NaN],
      "s:categorical": ["🎉", "é", null],
    });
  });
});

describe("windows", () => {
  it("take both ends, a last day as a whole, and no row without a time", async () => {
    const source = await put("days.csv", "at,x\n2015-12-30,1\n2015-12-31T23:59:00,2\n,3\n2016-01-01,4\n");
    const read = async (from?: string, to?: string) => [
      ...((await readTable(source, { window: { time: "at", from, to }, columns: ["x"] }, context)).columns.get("x")
        ?.values ?? []),
    ];
    expect(await read("2015-12-31", "2015-12-31")).toEqual([2]);
    expect(await read(undefined, "2015-12-31")).toEqual([1, 2]);
    expect(await read("2015-12-31T23:59:00Z")).toEqual([2, 4]);
    await expect(read("2017-01-01")).rejects.toThrow(/no rows with at from 2017-01-01/);
    await expect(read("soon")).rejects.toThrow(/"soon" is no date/);
  });

  it("do not change the digest when later rows are added", async () => {
    const window = { time: "at", to: "2015-12-31" };
    await put("grow.csv", "at,x\n2015-12-30,1\n2015-12-31,2\n");
    const before = await describeData("grow.csv", { window }, context);
    await put("grow.csv", "at,x\n2015-12-30,1\n2015-12-31,2\n2016-01-01,3\n");
    expect(await describeData("grow.csv", { window }, context)).toEqual(before);
    await put("grow.csv", "at,x\n2015-12-31,2\n2015-12-30,1\n");
    expect((await describeData("grow.csv", { window }, context)).sha256).not.toBe(before.sha256);
  });
});

describe("errors name what and where", () => {
  const cases: readonly [string, string | Uint8Array, RegExp, number?][] = [
    ["ragged.csv", "a,b\n1,2\n3\n", /line 3: the row has 1 cells, the header has 2/, 3],
    ["long.csv", "a,b\n1,2\n3,4,5\n", /line 3: the row has 3 cells/, 3],
    ["open.csv", 'a,b\n1,"x\n2,y\n', /line 2: .*quote/, 2],
    ["latin.csv", Buffer.from("a,b\n1,\xe9\xe9\n", "latin1"), /line 2: not UTF-8/, 2],
    ["empty.csv", "", /the file is empty/],
    ["header.csv", "a,b\n", /has a header and no rows/],
    ["twice.csv", "a,b,a\n1,2,3\n", /columns 1 and 3 are both called "a"/, 1],
    ["csv.parquet", "a,b\n1,2\n", /not Parquet/],
    ["cut.parquet", "PAR1 and then nothing more", /cut short/],
    ["plain.csv.gz", "a\n1\n", /the name says gzip/],
    ["pointer.csv", "version https://git-lfs.github.com/spec/v1\noid sha256:0\n", /Git LFS pointer/],
    ["page.json", "<!doctype html><p>Sign in", /web page|not JSON/],
    ["broken.jsonl", '{"a":1}\n{"a":\n{"a":3}\n', /broken in line 2/, 2],
    ["cut.json", '[{"a":1},{"a":2}', /cut short/],
    ["book.xlsx", "PK", /does not end like a data file/],
  ];
  for (const [name, content, message, line] of cases) {
    it(name, async () => {
      await put(name, content);
      const error = await readTable(name, {}, context).catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(InputError);
      expect((error as InputError).message).toMatch(message);
      expect((error as InputError).problems[0].file).toBe(name);
      if (line !== undefined) expect((error as InputError).problems[0].line).toBe(line);
    });
  }

  it("a truncated Parquet file, a missing file, a folder, an unknown column", async () => {
    await put("few.csv", "x\n1\n");
    await writeTable(await readTable("few.csv", {}, context), join(folder, "few.parquet"));
    await copyFile(join(folder, "few.parquet"), join(folder, "half.parquet"));
    await truncate(join(folder, "half.parquet"), Math.floor((await readFile(join(folder, "few.parquet"))).length / 2));
    await expect(readTable("half.parquet", {}, context)).rejects.toThrow(/cut short/);
    await expect(readTable("none.csv", {}, context)).rejects.toThrow(/there is no such file/);
    await expect(readTable("no-*.csv", {}, context)).rejects.toThrow(/no file matches/);
    await expect(readTable(".", {}, context)).rejects.toThrow(/is a folder/);
    const error = await readTable("few.csv", { columns: ["X"] }, context).catch((caught: unknown) => caught);
    expect((error as InputError).problems[0]).toMatchObject({
      key: "X",
      expected: "one of: x",
      hint: 'did you mean "x"?',
    });
  });
});
