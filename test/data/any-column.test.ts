// Any column survives: whatever it holds, it has a defined result, and the column beside it has the result it has alone.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { drift } from "../../src/commands/drift.ts";
import { profileData } from "../../src/data/choose-engine.ts";
import { InputError } from "../../src/errors.ts";
import { writeProfileDocument } from "../../src/evidence/profile-document.ts";
import type { Context } from "../../src/host/context.ts";
import { countDistinct } from "../../src/monitoring/column-summary.ts";
import type { Profile } from "../../src/monitoring/profile.ts";
import { publishProfile } from "../../src/monitoring/published-profile.ts";
import { describeWithClickHouse } from "./local-clickhouse.ts";

const rows = 1200;
/** Per column, the cell of a row as CSV, and the same as ClickHouse computes it from `number`. */
const odd: Readonly<Record<string, readonly [csv: (i: number) => string, sql: string]>> = {
  sane: [(i) => String((i * 7919) % 1009), "toFloat64(number * 7919 % 1009)"],
  empty: [() => "", "CAST(NULL AS Nullable(Float64))"],
  nothing: [() => "NaN", "toFloat64(nan)"],
  constant: [() => "7", "toFloat64(7)"],
  infinite: [(i) => (i % 2 === 0 ? "inf" : "-inf"), "if(number % 2 = 0, toFloat64(inf), toFloat64(-inf))"],
  partly: [(i) => (i % 3 === 0 ? "inf" : String(i % 5)), "if(number % 3 = 0, toFloat64(inf), toFloat64(number % 5))"],
  mixed: [
    (i) => (i % 4 === 0 ? `n${i % 8}` : String(i % 6)),
    "if(number % 4 = 0, concat('n', toString(number % 8)), toString(number % 6))",
  ],
  emoji: [
    (i) => ["👩‍🚀", "🏳️‍🌈", "é", "\u202e"][i % 4] as string,
    "['👩‍🚀', '🏳️‍🌈', 'é', '\u202e'][toUInt8(number % 4 + 1)]",
  ],
  zeros: [(i) => (i % 2 === 0 ? "-0" : "0"), "if(number % 2 = 0, toFloat64(-0.), toFloat64(0))"],
  tiny: [
    (i) => (i % 2 === 0 ? "5e-324" : "1.7976931348623157e308"),
    "if(number % 2 = 0, reinterpretAsFloat64(unhex('01')), reinterpretAsFloat64(unhex('ffffffffffffef7f')))",
  ],
};
const names = Object.keys(odd);
const digest = (profile: Profile): string => writeProfileDocument(profile).sha256;
const only = (profile: Profile, name: string): Profile => ({
  rows: profile.rows,
  columns: profile.columns.filter((column) => column.name === name),
});

let folder = "";
let context: Context;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "modelgate-test-"));
  const signal = new AbortController().signal;
  context = { folder, environment: {}, now: () => new Date(0), progress: () => {}, signal };
  const line = (i: number): string => names.map((name) => odd[name]?.[0](i)).join(",");
  const lines = Array.from({ length: rows }, (_, i) => line(i));
  await writeFile(join(folder, "odd.csv"), `${names.join(",")}\n${lines.join("\n")}\n`);
  await writeFile(join(folder, "alone.csv"), `sane\n${lines.map((text) => text.split(",")[0]).join("\n")}\n`);
  await writeFile(join(folder, "few.csv"), `${names.join(",")}\n${lines.slice(0, 49).join("\n")}\n`);
  const old = lines.map((_, i) => `19${String(10 + (i % 60))}-01-02,${10n ** 29n + BigInt(i)}`);
  await writeFile(join(folder, "old.csv"), `day,big\n${old.join("\n")}\n`);
  const many = Array.from({ length: 100_000 }, (_, i) => `c${i}`);
  await writeFile(join(folder, "many.csv"), `key,sane\n${many.map((key, i) => `${key},${i % 9}`).join("\n")}\n`);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** No NaN and no undefined in anything that is shown. */
function expectDefined(document: unknown): void {
  const walk = (value: unknown, at: string): void => {
    expect(value, at).not.toBe(undefined);
    if (typeof value === "number") expect(Number.isNaN(value), at).toBe(false);
    if (Array.isArray(value)) for (const [i, each] of value.entries()) walk(each, `${at}[${i}]`);
    else if (value !== null && typeof value === "object") {
      for (const [key, each] of Object.entries(value)) walk(each, `${at}.${key}`);
    }
  };
  walk(document, "report");
}

describe("with DuckDB", () => {
  it("every odd column has a result, and does not drift from itself", async () => {
    const side = { source: "odd.csv" };
    const { document, text, exitCode } = await drift({ reference: side, current: side, measures: "all" }, context);
    expect(exitCode).toBe(0);
    expectDefined(document);
    expect(text).not.toMatch(/NaN|undefined/);
    expect(document.columns.map(({ name }) => name)).toEqual(names);
    for (const column of document.columns) expect(column.effect, column.name).toBe(0);
  });

  it("the sane column is what it is alone, and infinities and rare values do not spoil what is published", async () => {
    const whole = await profileData("odd.csv", {}, context);
    expect(digest(only(whole, "sane"))).toBe(digest(await profileData("alone.csv", {}, context)));
    expect(whole.columns.find(({ name }) => name === "infinite")?.infinite).toBe(rows);
    expect([...(whole.columns.find(({ name }) => name === "zeros")?.values.keys ?? [])]).toEqual([0n]);
    const published = publishProfile(whole, 10);
    for (const { values, name } of published.columns)
      expect(
        values.counts.every((n) => n >= 10),
        name,
      ).toBe(true);
  });

  it("dates before 1970 and integers of 30 digits keep their order", async () => {
    const { columns } = await profileData("old.csv", {}, context);
    expect(columns.map(({ type }) => type)).toEqual(["datetime", "numeric"]);
    expect(columns[0]?.values.keys).toHaveLength(60);
    expect(Number(columns[0]?.values.keys[0])).toBe(Date.UTC(1910, 0, 2) * 1000);
    expect(columns[1]?.present).toBe(rows);
  });

  it("49 rows are too few for a verdict, and none are an error", async () => {
    const { document } = await drift({ reference: { source: "odd.csv" }, current: { source: "few.csv" } }, context);
    expect(document.verdict).not.toBe("stable");
    expect(document.columns.find(({ name }) => name === "sane")?.outcome).toBe("insufficient");
    await writeFile(join(folder, "none.csv"), `${names.join(",")}\n`);
    const none = drift({ reference: { source: "odd.csv" }, current: { source: "none.csv" } }, context);
    await expect(none).rejects.toThrow(InputError);
  });
});

describeWithClickHouse("with ClickHouse", 1, (servers) => {
  const ask = (sql: string): string => `clickhouse://${servers()[0]?.host}/default?query=${encodeURIComponent(sql)}`;
  const all = names.map((name) => `${odd[name]?.[1]} AS ${name}`).join(", ");

  it("every odd column has the profile that DuckDB gives, to the byte", async () => {
    const here = await profileData("odd.csv", {}, context);
    const there = await profileData(ask(`SELECT ${all} FROM numbers(${rows})`), {}, context);
    for (const name of names) expect(digest(only(there, name)), name).toBe(digest(only(here, name)));
  });

  it("a hundred thousand categories and other types are all defined", async () => {
    const here = await profileData("many.csv", {}, context);
    const sql = "SELECT concat('c', toString(number)) AS key, toFloat64(number % 9) AS sane FROM numbers(100000)";
    const there = await profileData(ask(sql), {}, context);
    expect(digest(there)).toBe(digest(here));
    expect(countDistinct(there.columns[0] as Profile["columns"][number])).toBeGreaterThan(90_000);
    const types =
      "toDecimal128('123456789012345678901234567890', 0) AS big, [1, 2] AS list, toFixedString('ab', 4) AS fixed, CAST('x' AS Enum8('x' = 1)) AS kind, toDate('1971-01-01') AS day";
    const odder = await profileData(ask(`SELECT ${types} FROM numbers(60)`), {}, context);
    expect(odder.columns.map(({ type, present }) => [type, present])).toEqual([
      ["numeric", 60],
      ["categorical", 60],
      ["categorical", 60],
      ["categorical", 60],
      ["datetime", 60],
    ]);
  });

  it("other columns, flipped types and no rows are refused; 49 rows are too few", async () => {
    const reference = { source: "odd.csv" };
    const against = (sql: string) => drift({ reference, current: { source: ask(sql) } }, context);
    await expect(against("SELECT number AS other FROM numbers(60)")).rejects.toThrow("no column in common");
    await expect(against("SELECT toString(number) AS sane FROM numbers(60)")).rejects.toThrow(
      /sane.*numeric.*categorical/,
    );
    await expect(against("SELECT toFloat64(number) AS sane FROM numbers(5) WHERE number > 9")).rejects.toThrow(
      "no rows",
    );
    const few = await against("SELECT toFloat64(number) AS sane FROM numbers(49)");
    expect(few.document.columns[0]?.outcome).toBe("insufficient");
    await expect(profileData(ask("SELECT 1 AS x, nope FROM numbers(3)"), {}, context)).rejects.toThrow(InputError);
  });
});
