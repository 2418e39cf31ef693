// Large delimited files: the profile is the engine's, to the byte, whether they are plain all through or not.
import { appendFile, mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ProfileOptions } from "../../../src/data/aggregate-engine.ts";
import { withData } from "../../../src/data/open-data.ts";
import { cutFile } from "../../../src/data/plain/cut-file.ts";
import type { PlainOrder } from "../../../src/data/plain/order.ts";
import { planReading } from "../../../src/data/plain/plan-reading.ts";
import { profilePlain } from "../../../src/data/plain/profile-plain.ts";
import { readParts } from "../../../src/data/plain/read-parts.ts";
import { startReadingThreads } from "../../../src/data/plain/reading-threads.ts";
import { type ProfiledRows, profileScan } from "../../../src/data/profile-data.ts";
import { profileFiles } from "../../../src/data/profile-files.ts";
import { writeProfileDocument } from "../../../src/evidence/profile-document.ts";
import type { Context } from "../../../src/host/context.ts";
import { findProgram } from "../../../src/host/find-program.ts";
import type { Profile } from "../../../src/monitoring/profile.ts";
import { createRandom } from "../../../src/statistics/rng.ts";

let folder = "";
let context: Context;
let lines: readonly string[] = [];
const render = (profile: Profile): string => JSON.stringify(writeProfileDocument(profile));
const header = "x,count,plan,flag,key,empty";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "modelgate-test-"));
  const signal = new AbortController().signal;
  context = { folder, environment: {}, now: () => new Date(0), progress: () => {}, signal };
  const random = createRandom("large");
  lines = Array.from({ length: 42_000 }, (_, i) => {
    const x = i % 40 === 0 ? "NA" : String(random.nextNormal() * 1000);
    const plan = `plan of type ${random.nextInteger(30)}${"-".repeat(random.nextInteger(120))}`;
    return `${x},${random.nextInteger(500)},${plan},${i % 3 === 0},key ${i % 3000}é,`;
  });
  await write("plain.csv", lines);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function write(file: string, rows: readonly string[], first = header, end = "\n"): Promise<void> {
  return writeFile(join(folder, file), `${[first, ...rows].join(end)}${end}`);
}

function profileInEngine(file: string, options: ProfileOptions, keep = (_: string) => false): Promise<ProfiledRows> {
  return withData(file, options, context, (scan) => profileScan(scan, options, file, keep));
}

function isReadHere(file: string, options: ProfileOptions = {}): Promise<boolean> {
  return profilePlain(file, options, context, () => false).then((shard) => shard !== null);
}

describe("a large plain file", () => {
  it.each<ProfileOptions>([
    {},
    { relations: true },
    { relations: "few-rows", atOnce: 2 },
    { differentNumbers: false },
    { columns: ["plan", "x"] },
    { missingValues: ["", "plan of type 3-"] },
    { missingValues: ["NA"], columns: ["x", "flag"] },
  ])("has the engine's profile with %j", async (options) => {
    expect(await isReadHere("plain.csv", options)).toBe(true);
    const here = await profileFiles("plain.csv", options, context);
    expect(render(here.profile)).toBe(render((await profileInEngine("plain.csv", options)).profile));
  });

  it("has the engine's profile where every part has few different numbers, and all together many", async () => {
    const half = lines.length / 2;
    await write(
      "parts.csv",
      lines.map((line, i) => `${line}${(i < half ? 0 : 3000) + (i % 3000)}`),
    );
    for (const differentNumbers of [true, false]) {
      const here = await profileFiles("parts.csv", { differentNumbers }, context);
      const { profile } = await profileInEngine("parts.csv", { differentNumbers });
      expect(render(here.profile)).toBe(render(profile));
    }
  });

  it("ends every time, also where more threads read than there are processors", { timeout: 120_000 }, async () => {
    const path = join(folder, "plain.csv");
    const file = await open(path, "r");
    const [order] = (await planReading(file, path, { atOnce: 1000 }, () => false)) ?? [];
    const ranges = await cutFile(file, order?.range.from ?? 0, 4);
    await file.close();
    for (let round = 0; round < 40; round++) {
      const orders = ranges.map((range) => ({ ...(order as PlainOrder), range }));
      const threads = startReadingThreads(findProgram("reading") ?? "", 0);
      const shards = await readParts(threads, orders, context.signal);
      await threads.end();
      expect(shards?.reduce((rows, { profile }) => rows + profile.rows, 0)).toBe(lines.length);
    }
  });

  it("gives the numbers of the columns to keep, without missing ones", async () => {
    const keep = (name: string): boolean => name === "x" || name === "plan";
    const sort = ({ numbers }: ProfiledRows): readonly unknown[] =>
      [...numbers].map(([name, values]) => [name, values.toSorted()]);
    const here = await profileFiles("plain.csv", {}, context, keep);
    expect(sort(here)).toEqual(sort(await profileInEngine("plain.csv", {}, keep)));
  });

  it("leaves a column of too many texts to the engine, and no other", async () => {
    const rows = lines.map((line, i) => `${line}user-${i}`);
    await write("users.csv", rows);
    const shard = await profilePlain("users.csv", {}, context, () => false);
    expect(shard?.givenUp).toEqual(["empty"]);
    const { profile } = await profileFiles("users.csv", { relations: true }, context);
    expect(render(profile)).toBe(render((await profileInEngine("users.csv", { relations: true })).profile));
  });

  it("has the engine's profile of times, some of them missing", async () => {
    const start = Date.UTC(1969, 0, 1);
    await write(
      "times.csv",
      lines.map((line, i) => `${line}${i % 9 === 0 ? "NA" : new Date(start + i * 61_234).toISOString()}`),
    );
    expect(await isReadHere("times.csv")).toBe(true);
    const { profile } = await profileFiles("times.csv", { relations: true }, context);
    expect(profile.columns.at(-1)?.type).toBe("datetime");
    expect(render(profile)).toBe(render((await profileInEngine("times.csv", { relations: true })).profile));
  });

  it("may be split by semicolons or tabs, and lack the end of its last line", async () => {
    for (const [file, delimiter] of [
      ["points.csv", ";"],
      ["tabs.tsv", "\t"],
    ] as const) {
      await writeFile(join(folder, file), [header, ...lines].join("\n").replaceAll(",", delimiter));
      expect(await isReadHere(file)).toBe(true);
      const { profile } = await profileFiles(file, {}, context);
      expect(render(profile)).toBe(render((await profileInEngine(file, {})).profile));
    }
  });
});

describe("a large file that is not plain", () => {
  it.each([
    ["a quoted text", '1,2,"plan, new",true,k,'],
    ["a number of another spelling", "+1,2,plan,true,k,"],
    ["a text among numbers", "1,many,plan,true,k,"],
    ["a text among truths", "1,2,plan,maybe,k,"],
    ["a carriage return", "1,2,plan,true,k,\r"],
    ["a number behind the mark of a file", "\uFEFF1,2,plan,true,k,"],
    ["a text behind the mark of a file", "1,2,\uFEFFplan,true,k,"],
  ])("is the engine's to read: %s in its last row", async (_, row) => {
    await write("odd.csv", [...lines, row]);
    expect(await isReadHere("odd.csv")).toBe(false);
    const { profile } = await profileFiles("odd.csv", {}, context);
    expect(render(profile)).toBe(render((await profileInEngine("odd.csv", {})).profile));
  });

  it.each([
    ["a row of too few cells", "1,2,plan"],
    ["a row of too many cells", "1,2,plan,true,k,,more"],
  ])("fails as the engine fails, with the line: %s", async (_, row) => {
    await write("broken.csv", [...lines, row]);
    await expect(profileFiles("broken.csv", {}, context)).rejects.toMatchObject({
      problems: [{ file: "broken.csv", line: lines.length + 2 }],
    });
  });

  it("fails as the engine fails where a text is not UTF-8", async () => {
    await write("latin.csv", lines);
    await appendFile(join(folder, "latin.csv"), Buffer.from("1,2,caf\xe9,true,k,\n", "latin1"));
    const rejected = await profileInEngine("latin.csv", {}).catch((error: Error) => error.message);
    await expect(profileFiles("latin.csv", {}, context)).rejects.toThrow(rejected as string);
  });

  it("is the engine's to read where a number means missing, and where it has one column", async () => {
    const missingValues = ["", "250"];
    expect(await isReadHere("plain.csv", { missingValues })).toBe(false);
    expect(await isReadHere("plain.csv", { missingValues: ["a,b"] })).toBe(false);
    // What the engine takes for the end of a line, or for no text at all.
    for (const odd of ["N\rA", "N\nA", "N\0A", "N\uFFFDA"])
      expect(await isReadHere("plain.csv", { missingValues: [odd] }), JSON.stringify(odd)).toBe(false);
    const { profile } = await profileFiles("plain.csv", { missingValues, columns: ["count"] }, context);
    expect(profile.columns[0]?.missing).toBeGreaterThan(0);
    await write(
      "one.csv",
      Array.from({ length: 1_000_000 }, (_, i) => String(i)),
      "x",
    );
    expect(await isReadHere("one.csv")).toBe(false);
  });

  it("is the engine's to read where its times have a zone, its lines end in two bytes, or they are few", async () => {
    await write(
      "zones.csv",
      lines.map((line, i) => `${line}2026-01-${10 + (i % 9)}T00:00:00+01:00`),
    );
    await write("windows.csv", lines, header, "\r\n");
    await write("small.csv", lines.slice(0, 1000));
    for (const file of ["zones.csv", "windows.csv", "small.csv"]) {
      expect(await isReadHere(file), file).toBe(false);
      expect((await profileFiles(file, {}, context)).profile.columns).toHaveLength(6);
    }
  });

  it("is the engine's to complain about where it is none", async () => {
    await expect(profileFiles("none.csv", {}, context)).rejects.toThrow(/no such file/);
    await expect(profileFiles("plain.csv", { columns: ["y"] }, context)).rejects.toThrow(/"y"/);
  });

  it("stops when it is told to, and leaves no thread", async () => {
    const stop = new AbortController();
    const reading = profileFiles("plain.csv", {}, { ...context, signal: stop.signal });
    setTimeout(() => stop.abort(new Error("enough")), 30);
    await expect(reading).rejects.toThrow("enough");
  });
});
