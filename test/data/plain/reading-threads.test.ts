// Threads that are started before it is known what they read: none is left, whatever becomes of the file.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { PlainOrder } from "../../../src/data/plain/order.ts";
import { profilePlain } from "../../../src/data/plain/profile-plain.ts";
import { countReaders, startReadingThreads } from "../../../src/data/plain/reading-threads.ts";
import { startAhead } from "../../../src/data/plain/start-ahead.ts";
import type { Context } from "../../../src/host/context.ts";
import { findProgram } from "../../../src/host/find-program.ts";

let folder = "";
let context: Context;
const rows = "1.5,2.25,some text that is long\n".repeat(150_000);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "modelgate-test-"));
  context = {
    folder,
    environment: {},
    now: () => new Date(0),
    progress: () => {},
    signal: new AbortController().signal,
  };
  await writeFile(join(folder, "plain.csv"), `x,y,z\n${rows}`);
  await writeFile(join(folder, "quoted.csv"), `x,y,z\n1,2,"a"\n${rows}`);
  await writeFile(join(folder, "small.csv"), "x,y\n1,2\n");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function profile(file: string, threads: ReturnType<typeof startAhead>) {
  return profilePlain(file, threads ? { threads } : {}, context, () => false);
}

it("are started for large delimited files of this machine only", async () => {
  expect(startAhead(["small.csv", "none.csv", "plain.parquet", "https://a.example/plain.csv"], context)).toBeNull();
  const threads = startAhead(["plain.csv", "small.csv"], context);
  expect(threads).not.toBeNull();
  await threads?.end();
});

it("read the file when its order comes, and as many more as there are orders", async () => {
  const expected = await profile("plain.csv", null);
  expect(expected?.profile.rows).toBe(150_000);
  for (const count of [0, 1, countReaders()]) {
    const threads = startReadingThreads(findProgram("reading") ?? "", count);
    expect(await profile("plain.csv", threads)).toEqual(expected);
    await threads.end();
  }
});

it("end when the file turns out not to be plain, at any moment, and twice", async () => {
  for (let round = 0; round < 5; round++) {
    const threads = startAhead(["quoted.csv"], context);
    expect(await profile("quoted.csv", threads)).toBeNull();
    await Promise.all([threads?.end(), threads?.end()]);
  }
  for (const milliseconds of [0, 1, 5, 20, 60]) {
    const threads = startAhead(["plain.csv"], context);
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    await threads?.end();
  }
});

it("that ended before they were taken are replaced", async () => {
  const threads = startReadingThreads(findProgram("reading") ?? "", 2);
  await threads.end();
  expect((await profile("plain.csv", threads))?.profile.rows).toBe(150_000);
  await threads.end();
});

it("starts as many as the system gives, and says so when one more is wanted", async () => {
  // A path that is not absolute is refused at once, as a thread too many is.
  const threads = startReadingThreads("reading.cjs", 2);
  expect(() => threads.take({} as PlainOrder)).toThrow();
  await threads.end();
});
