// Rows where the engine has them: on this thread, and on their way to the one that counts.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { profileData } from "../../src/data/choose-engine.ts";
import { countBeside, startCounting } from "../../src/data/count-beside.ts";
import { type Engine, openEngine } from "../../src/data/engine.ts";
import { quoteText } from "../../src/data/sql.ts";
import { type NumberTerm, takeHere } from "../../src/data/visit-numbers.ts";
import { writeProfileDocument } from "../../src/evidence/profile-document.ts";

const folder = mkdtempSync(join(tmpdir(), "modelgate-visit-"));
let engine: Engine;
beforeAll(async () => {
  engine = await openEngine();
});
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

const numbers: NumberTerm = { sql: "CASE WHEN i % 7 = 0 THEN NULL ELSE i / 3 END", integers: false };
const integers: NumberTerm = { sql: "CASE WHEN i % 5 = 0 THEN NULL ELSE i * 1000000007 END", integers: true };
const many = "range(100000) t(i)";
const ask = { isSketched: true, related: 0 };

describe("rows that are handed over", () => {
  it("are all of them, with what stands for missing", async () => {
    const seen: [number, bigint][] = [];
    const taker = takeHere([numbers, integers], ({ rowCount, columns: [first, second] }) => {
      for (let row = 0; row < rowCount; row++) seen.push([Number(first?.[row]), BigInt(second?.[row] ?? 0n)]);
    });
    expect(await engine.visitNumbers([numbers, integers], `${many} WHERE i % 2 = 1`, taker)).toBe(50_000);
    const expected = Array.from({ length: 50_000 }, (_, half) => {
      const i = 2 * half + 1;
      return [i % 7 === 0 ? Number.NaN : i / 3, i % 5 === 0 ? -(2n ** 63n) : BigInt(i) * 1000000007n];
    });
    expect(seen.toSorted((a, b) => Number(a[1] - b[1]) || a[0] - b[0])).toEqual(
      expected.toSorted((a, b) => Number(BigInt(a[1] ?? 0) - BigInt(b[1] ?? 0)) || Number(a[0]) - Number(b[0])),
    );
  });

  it("are none of a constant that is missing, and none of no rows", async () => {
    const missing: unknown[] = [];
    const terms = [{ sql: "NULL::DOUBLE", integers: false }];
    const taker = takeHere(terms, ({ rowCount, columns }) =>
      missing.push(...(columns[0]?.subarray(0, rowCount) ?? [])),
    );
    expect(await engine.visitNumbers(terms, "range(3)", taker)).toBe(3);
    expect(missing).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    expect(await engine.visitNumbers(terms, "range(0)", taker)).toBe(0);
  });

  it("end with what whoever takes them throws, and the engine goes on", async () => {
    const taker = takeHere([numbers], () => {
      throw new RangeError("enough");
    });
    await expect(engine.visitNumbers([numbers], many, taker)).rejects.toThrow(new RangeError("enough"));
    expect(await engine.query("SELECT 1 AS one")).toEqual([{ one: 1 }]);
  });

  it("end with the reason when they are called off", async () => {
    const stop = new AbortController();
    const other = await openEngine(stop.signal);
    try {
      const taker = takeHere([numbers], () => stop.abort(new Error("called off")));
      await expect(other.visitNumbers([numbers], "range(50000000) t(i)", taker)).rejects.toThrow("called off");
    } finally {
      await other.close();
    }
  });
});

describe("rows that a second thread counts", () => {
  const failing: NumberTerm = { sql: "CASE WHEN i = 90000 THEN error('half way') ELSE i END", integers: false };

  it("end with what the query or the thread says", async () => {
    await expect(countBeside(engine, [failing], many, ask)).rejects.toThrow("half way");
    // Rows of integers are never sampled: a mistake that the thread finds out.
    await expect(countBeside(engine, [integers, integers], many, { ...ask, related: 2 })).rejects.toMatchObject({
      problems: [{ message: "the thread that counts the rows failed", received: expect.stringMatching(/BigInt/) }],
    });
    expect((await countBeside(engine, [numbers], many, ask))?.rows).toBe(100_000);
  });

  it("end with the reason when they are called off", async () => {
    const stop = new AbortController();
    const other = await openEngine(stop.signal);
    try {
      const counting = countBeside(other, [numbers], "range(2000000000) t(i)", ask);
      setTimeout(() => stop.abort(new Error("called off")), 100);
      await expect(counting).rejects.toThrow("called off");
    } finally {
      await other.close();
    }
  });

  it("end when the thread does", async () => {
    const thread = startCounting([false], ask);
    if (thread === null) throw new Error("the thread's program is not built: npm run build");
    await thread.end();
    const ended = "the thread that counts the rows ended before it was done";
    await expect(engine.visitNumbers([numbers], many, thread.taker)).rejects.toThrow(ended);
    await expect(thread.finish()).rejects.toThrow(ended);
  });

  it("give the profile that this thread gives, to the byte", async () => {
    const path = join(folder, "many.parquet");
    const odd =
      "CASE i % 97 WHEN 1 THEN 'inf' WHEN 2 THEN '-inf' WHEN 3 THEN 'nan' WHEN 4 THEN '-0' WHEN 5 THEN '0' END";
    await engine.run(
      `COPY (SELECT CASE WHEN i % 97 = 0 THEN NULL ELSE coalesce(CAST(${odd} AS DOUBLE), sin(i) * 1000) END AS odd, i AS whole, i % 11 AS few, sqrt(i) AS root, TIMESTAMP '2024-01-01' + INTERVAL (i) SECOND AS at, i % 3 = 0 AS flag, 'k' || (i % 13) AS name FROM range(60000) t(i)) TO ${quoteText(path)} (FORMAT parquet)`,
    );
    const context = {
      folder,
      environment: {},
      now: () => new Date(),
      progress: () => {},
      signal: new AbortController().signal,
    };
    const [beside, here] = [
      await profileData("many.parquet", { relations: true, rowsBeside: 1 }, context),
      await profileData("many.parquet", { relations: true }, context),
    ];
    expect(beside.columns.map(({ present }) => present)).toContain(60_000);
    expect(writeProfileDocument(beside).sha256).toBe(writeProfileDocument(here).sha256);
  });
});
