// ClickHouse beside DuckDB: the same rows give the same profile, to the byte, and nothing that fails looks like an answer.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readerPassword } from "../../scripts/start-clickhouse.mjs";
import { drift } from "../../src/commands/drift.ts";
import type { ExpectationSettings } from "../../src/config/settings.ts";
import { checkExpectations } from "../../src/data/check-expectations.ts";
import { profileData } from "../../src/data/choose-engine.ts";
import { askNodes } from "../../src/data/clickhouse/ask-nodes.ts";
import { addColumn } from "../../src/data/clickhouse/exact-total.ts";
import { addRows, addTotals, readTotal } from "../../src/data/exact-total.ts";
import { withData } from "../../src/data/open-data.ts";
import { readTable } from "../../src/data/read-table.ts";
import { findSeasonalReference } from "../../src/data/seasonal-reference.ts";
import { InputError, ProviderError } from "../../src/errors.ts";
import { writeProfileDocument } from "../../src/evidence/profile-document.ts";
import type { Context } from "../../src/host/context.ts";
import type { Profile } from "../../src/monitoring/profile.ts";
import { createRandom } from "../../src/statistics/rng.ts";
import { describeWithClickHouse } from "./local-clickhouse.ts";

const digest = (profile: Profile): string => writeProfileDocument(profile).sha256;
const rows = 6_000;
const hostile = '"; DROP TABLE x; --';
const odd = "it's \\ a `name`";

interface Row {
  readonly [column: string]: string | number | boolean | null;
}

/** Rows of every kind of column that both engines know. */
function makeRows(seed: string): readonly Row[] {
  const random = createRandom(seed);
  return Array.from({ length: rows }, (_, i) => ({
    // Whole sixty-fourths: the old server reads longer decimals with an error in the last bit.
    amount: i % 50 === 0 ? null : Math.round(random.nextNormal() * 64_000) / 64,
    count: random.nextInteger(40) - 20,
    big: String(9_000_000_000_000_000_000n + BigInt(i % 7)),
    plan: i % 97 === 0 ? "NA" : (["basic", "plus", "größer", "🙂"][random.nextInteger(4)] as string),
    key: `customer-${seed}-${i}`,
    at: `2024-0${1 + (i % 9)}-11 10:00:0${i % 10}`,
    constant: 7,
    empty: null,
    [hostile]: i % 3,
    [odd]: `quote ' " \\ ${i % 5}`,
  }));
}

const table = `CREATE TABLE watched (amount Nullable(Float64), count Int32, big Int64, plan String, key String,
  at DateTime, constant UInt8, empty Nullable(Float64), \`"; DROP TABLE x; --\` Int8, \`it's \\\\ a \\\`name\\\`\` String)
  ENGINE = MergeTree ORDER BY key`;
// JSON Lines for DuckDB; a column of nothing is numeric on both.
const toLine = (row: Row): string => JSON.stringify({ ...row, big: 0 }).replace('"big":0', `"big":${row["big"]}`);

describeWithClickHouse("ClickHouse", 2, (servers) => {
  let folder = "";
  let context: Context;
  let both = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "modelgate-test-"));
    const signal = new AbortController().signal;
    context = { folder, environment: {}, now: () => new Date(0), progress: () => {}, signal };
    const [first, second] = servers();
    both = `clickhouse://${first?.host},${second?.host}/default/watched`;
    const data = makeRows("a");
    await writeFile(join(folder, "whole.jsonl"), `${data.map(toLine).join("\n")}\n`);
    const parts = [data.filter((_, i) => i % 7 < 3), data.filter((_, i) => i % 7 >= 3)];
    for (const [index, server] of servers().entries()) {
      await server.run(table);
      await server.run(
        "INSERT INTO watched FORMAT JSONEachRow",
        (parts[index] ?? []).map((row) => JSON.stringify(row)).join("\n"),
      );
      await server.run("CREATE TABLE moved AS watched");
      await server.run(
        "INSERT INTO moved SELECT amount + 500, count, big, if(key LIKE '%7', 'new', plan), key, at, constant, empty, `\"; DROP TABLE x; --`, `it's \\\\ a \\`name\\`` FROM watched",
      );
    }
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("over two nodes gives DuckDB's profile of the same rows, to the byte", async () => {
    const here = await profileData("whole.jsonl", { relations: true }, context);
    const there = await profileData(both, { relations: true }, context);
    expect(there.rows).toBe(rows);
    for (const column of here.columns) {
      const other = there.columns.find(({ name }) => name === column.name);
      expect(digest({ rows, columns: other ? [other] : [] }), column.name).toBe(digest({ rows, columns: [column] }));
    }
    expect(there.relations?.columns).toEqual(["amount", "count", "big", "constant", "empty", hostile]);
    expect(there.relations?.hashes.length).toBeGreaterThan(1000);
    expect(digest(there)).toBe(digest(here));
    expect(there.columns.map(({ name }) => name)).toEqual(here.columns.map(({ name }) => name));
    expect(there.columns.find(({ name }) => name === "key")?.distinct).not.toBeNull();
  });

  it("takes names and texts for nothing but names and texts", async () => {
    const there = await profileData(both, { columns: [hostile, odd], missingValues: ["quote ' \" \\ 3"] }, context);
    expect(there.columns.map(({ name, missing }) => [name, missing])).toEqual([
      [hostile, 0],
      [odd, rows / 5],
    ]);
    const [first] = servers();
    await first?.run('CREATE TABLE "a""b" (x UInt8) ENGINE = Memory').catch(() => {});
    await expect(
      profileData(`clickhouse://${first?.host}/default/${encodeURIComponent(hostile)}`, {}, context),
    ).rejects.toThrow(InputError);
    expect((await first?.run("SELECT count() > 0 FROM watched"))?.trim()).toBe("1");
  });

  it("reads a window and a query, as DuckDB reads the same window", async () => {
    const window = { time: "at", from: "2024-02-01", to: "2024-03-11" };
    const here = await profileData("whole.jsonl", { window, columns: ["amount", "plan"] }, context);
    const there = await profileData(both, { window, columns: ["amount", "plan"] }, context);
    expect(digest(there)).toBe(digest(here));
    const query = encodeURIComponent("SELECT amount, plan FROM watched WHERE toMonth(at) IN (2, 3) ;");
    const asked = await profileData(`${both.replace("/watched", "")}?query=${query}`, {}, context);
    expect(digest(asked)).toBe(digest(here));
  });

  it("finds drift between two tables, names new categories, and reads rows for --exact", async () => {
    const settings = {
      reference: { source: both },
      current: { source: both.replace("watched", "moved") },
      columns: ["amount", "plan"],
    };
    const { document, exitCode } = await drift(settings, context);
    expect(exitCode).toBe(1);
    expect(document.columns.filter(({ outcome }) => outcome === "drift").map(({ name }) => name)).toContain("amount");
    const plan = document.columns.find(({ name }) => name === "plan");
    expect(plan?.unlisted?.values).toEqual([{ value: "new", rows: rows / 10 }]);
    const exact = await drift({ ...settings, exact: true, columns: ["amount"] }, context);
    const file = await drift(
      { ...settings, reference: { source: "whole.jsonl" }, exact: true, columns: ["amount"] },
      context,
    );
    expect(exact.document.columns).toEqual(file.document.columns);
    expect((await drift({ ...settings, columns: ["plan"], current: { source: both } }, context)).exitCode).toBe(0);
  });

  it("samples the same categories as DuckDB where there are more than a profile tells apart", async () => {
    // Cubes modulo a prime: 30,011 categories, a third of them twice.
    const [first, second] = servers();
    const ask = (from: number, host = `${first?.host}`) =>
      `clickhouse://${host}/default?query=${encodeURIComponent(`SELECT concat('c', toString((number * number * number) % 30011 + ${from})) AS c FROM numbers(40000)`)}`;
    const write = (name: string, from: number) =>
      writeFile(
        join(folder, name),
        `c\n${Array.from({ length: 40_000 }, (_, i) => `c${((i * i * i) % 30_011) + from}\n`).join("")}`,
      );
    await write("many.csv", 0);
    await write("others.csv", 29_000);
    const compare = async (reference: string, current: string) =>
      (await drift({ reference: { source: reference }, current: { source: current } }, context)).document.columns[0];
    const here = await compare("many.csv", "others.csv");
    expect(here).toMatchObject({ type: "categorical", outcome: "drift", unlisted: { outcome: "drift", share: 0.5 } });
    const there = await compare(ask(0), ask(29_000));
    expect(there?.unlisted).toEqual(here?.unlisted);
    const apart = await compare("many.csv", ask(29_000, `${first?.host},${second?.host}`));
    expect(apart?.unlisted?.currentRate).toBe(here?.unlisted?.currentRate);
    expect(apart?.unlisted?.values[0]?.rows).toBe(2 * (here?.unlisted?.values[0]?.rows ?? 0));
  });

  it("checks expectations where the rows are, with DuckDB's counts", async () => {
    const any: ExpectationSettings = {
      ...{ column: "amount", between: null, oneOf: null, type: null, matches: null, length: null, monotonic: null },
      ...{ pair: null, rowSum: null, sum: null, mean: null, shares: null, smallestShare: null, like: null },
      ...{ newestWithinSeconds: null, rows: null, unique: false, required: false, mostly: 1 },
    };
    const expectations: readonly ExpectationSettings[] = [
      { ...any, rows: [rows, rows], column: null },
      {
        ...any,
        required: true,
        mostly: 0.9,
        between: [-1000.1, 2000],
        type: "numeric",
        mean: [-100, 100],
        sum: [0, 1],
      },
      { ...any, column: "count", oneOf: [-20, 0, 3.5], pair: { relation: "<=", column: "amount" } },
      { ...any, column: "count", rowSum: { with: ["constant"], equals: 7, tolerance: 0.5 }, mostly: 0.01 },
      { ...any, column: "plan", oneOf: ["basic", "it's", "größer"], matches: "[a-z]+", length: [2, 5], mostly: 0.5 },
      { ...any, column: "plan", shares: { basic: [0.2, 0.3], "🙂": [0.9, 1] }, smallestShare: 0.2, type: "text" },
      { ...any, column: "key", unique: true },
      { ...any, column: hostile, unique: true, smallestShare: 0.4 },
      { ...any, column: odd, unique: true, oneOf: ["quote ' \" \\ 3"] },
      { ...any, column: "at", newestWithinSeconds: 86_400, pair: { relation: ">=", column: "at" } },
      { ...any, column: "empty", required: true, mean: [0, 1], like: { profile: "whole.jsonl", effect: 0.1 } },
      { ...any, column: "amount", like: { profile: "whole.jsonl", effect: 0.1 } },
      { ...any, column: "gone", required: true },
    ];
    const now = { ...context, now: () => new Date("2024-09-12T00:00:00Z") };
    const here = await checkExpectations("whole.jsonl", expectations, {}, now);
    const there = await checkExpectations(both, expectations, {}, now);
    const count = ({ results }: typeof here) =>
      results.map(({ column, check, passed, checked, failing, expected }) =>
        [column, check, passed, checked, failing, expected].join(" | "),
      );
    expect(count(there)).toEqual(count(here));
    expect(new Set(there.results.map(({ passed }) => passed)).size).toBe(2);
    const shown = await checkExpectations(both, [{ ...any, between: [0, 1] }], { showsValues: true }, now);
    expect(shown.results[0]?.exampleValues).toHaveLength(5);
    const ordered = await checkExpectations(both, [{ ...any, monotonic: "increasing" }], {}, now);
    expect(ordered.results[0]).toMatchObject({ passed: false, reason: expect.stringContaining("no order") });
  });

  it("adds columns exactly: terms that cancel, and any order, node or engine", async () => {
    const [first] = servers();
    const numbers = [1e300, 1, -1e300, 0.1, 0.2, 5e-324, -0, 2 ** 53, 1, -12345.678, ...Array<number>(500).fill(0.1)];
    await writeFile(join(folder, "terms.jsonl"), numbers.map((x) => JSON.stringify({ x, part: 1 })).join("\n"));
    for (const [index, server] of servers().entries()) {
      await server.run("CREATE TABLE terms (x Nullable(Float64), part UInt8) ENGINE = Memory");
      const own = [...numbers].reverse().filter((_, i) => i % 2 === index);
      for (const [x] of own.map((value) => [value]))
        if (x === 5e-324)
          await server.run("INSERT INTO terms VALUES (reinterpretAsFloat64(reinterpretAsString(toUInt64(1))), 1)");
      const lines = own.filter((value) => value !== 5e-324).map((x) => JSON.stringify({ x, part: 1 }));
      await server.run("INSERT INTO terms FORMAT JSONEachRow", lines.join("\n"));
    }
    const table = `clickhouse://${servers()
      .map(({ host }) => host)
      .join()}/default/terms`;
    const there = addTotals(
      await askNodes(table, {}, context, (place) =>
        addColumn(place, place.columns.find(({ name }) => name === "x") ?? place.columns[0]!),
      ),
    );
    const here = await withData("terms.jsonl", {}, context, (scan) => {
      const column = scan.columns.find(({ name }) => name === "x");
      return addRows(scan, `(SELECT ${column?.expression} AS v FROM ${scan.relation})`);
    });
    expect(there).toEqual(here);
    // Python: fractions.Fraction of each, summed, as a float.
    expect(readTotal(there)).toBe(9007199254728699.0);
    await first?.run("INSERT INTO terms VALUES (1 / 0, 1)");
    const infinite = await askNodes(table, {}, context, (place) => addColumn(place, place.columns[0]!));
    expect(readTotal(addTotals(infinite))).toBe(Number.POSITIVE_INFINITY);
  });

  it("gives rows to what needs rows, and seasons to monitoring", async () => {
    const window = { time: "at", from: "2024-03-11", to: "2024-03-11" };
    const there = await readTable(both, { columns: ["key", "amount", "at", "plan"], window }, context);
    const here = await readTable("whole.jsonl", { columns: ["key", "amount", "at", "plan"], window }, context);
    expect(there.rows).toBe(here.rows);
    const sorted = (name: string, from: typeof here) => [...(from.columns.get(name)?.values ?? [])].map(String).sort();
    for (const name of ["key", "amount", "at", "plan"]) expect(sorted(name, there), name).toEqual(sorted(name, here));
    const season = { time: "at", window: { from: "2025-03-11", to: "2025-03-11" }, fewestRows: 100 };
    expect(await findSeasonalReference(both, season, context)).toEqual(
      await findSeasonalReference("whole.jsonl", season, context),
    );
  });

  it("serves an account that may only read, and says what is wrong with a password without showing it", async () => {
    const source = `${both}?user-env=WHO&password-env=HOW`;
    const environment = { WHO: "reader", HOW: readerPassword };
    expect((await profileData(source, { columns: ["plan"] }, { ...context, environment })).rows).toBe(rows);
    const wrong = profileData(source, {}, { ...context, environment: { WHO: "reader", HOW: "hunter2" } });
    await expect(wrong).rejects.toThrow(InputError);
    await expect(wrong).rejects.not.toThrow(/hunter2/);
    await expect(profileData(source, {}, context)).rejects.toThrow("the environment variable WHO is not set");
  });

  it("never takes a server that is down, slow or cut off for one without drift", async () => {
    const [first] = servers();
    const down = drift(
      {
        reference: { source: "whole.jsonl" },
        current: { source: `clickhouse://${first?.host},127.0.0.1:1/default/watched` },
      },
      context,
    );
    await expect(down).rejects.toThrow(ProviderError);
    await expect(down).rejects.toThrow("ClickHouse at 127.0.0.1:1 cannot be reached");
    const slow = `clickhouse://${first?.host}/default?timeout=1&query=${encodeURIComponent("SELECT sleep(3) AS x FROM watched")}`;
    await expect(profileData(slow, {}, context)).rejects.toThrow(/did not answer within 1 s/);
    const answers = [
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n{"meta":[{"name"\r\n',
      'HTTP/1.1 200 OK\r\nContent-Length: 30\r\n\r\n{"meta":[],"data":[],"rows":12}',
      'HTTP/1.1 200 OK\r\nContent-Length: 61\r\n\r\n{"meta":[\nCode: 241, e.displayText() = DB::Exception: Memory l',
      "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 41\r\n\r\nCode: 241, e.displayText() = Memory limit",
    ];
    for (const answer of answers) {
      const broken = await listen(answer);
      const half = profileData(`clickhouse://127.0.0.1:${portOf(broken)}/default/watched?timeout=5`, {}, context);
      await expect(half, answer).rejects.toThrow(ProviderError);
      broken.close();
    }
  });
});

/** A server that says the same to everybody and hangs up. */
function listen(answer: string): Promise<Server> {
  return new Promise((resolve) => {
    const server = createServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", () => socket.end(answer));
    });
    server.listen(0, "127.0.0.1", () => resolve(server));
  });
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address ? address.port : 0;
}
