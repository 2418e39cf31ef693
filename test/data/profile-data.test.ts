// Profiles computed in the engine: those of the rows in memory, and the same from shards.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { profileData } from "../../src/data/choose-engine.ts";
import { openEngine } from "../../src/data/engine.ts";
import { readTable } from "../../src/data/read-table.ts";
import { writeTable } from "../../src/data/write-table.ts";
import { writeProfileDocument } from "../../src/evidence/profile-document.ts";
import type { Context } from "../../src/host/context.ts";
import { mergeProfiles, type Profile } from "../../src/monitoring/profile.ts";
import { profileTable } from "../../src/monitoring/profile-table.ts";
import { createRandom } from "../../src/statistics/rng.ts";

let folder = "";
let context: Context;
const render = (profile: Profile): string => JSON.stringify(writeProfileDocument(profile));
const shards = 8;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "modelgate-test-"));
  const signal = new AbortController().signal;
  context = { folder, environment: {}, now: () => new Date(0), progress: () => {}, signal };
  const random = createRandom("rows");
  const lines = Array.from({ length: 24_000 }, (_, i) => {
    const x = random.nextNormal() * 1000;
    const odd = i === 100 ? "inf" : i === 101 ? "-0" : i % 50 === 0 ? "" : String(x);
    const day = new Date(Date.UTC(1965, 0, 1) + i * 3_600_000).toISOString();
    return `${odd},${Math.round(x / 300)},${day},k${random.nextInteger(30)},customer-${i}é,${i % 3 === 0}`;
  });
  const header = "x,small,at,plan,key,flag";
  await writeFile(join(folder, "whole.csv"), `${header}\n${lines.join("\n")}\n`);
  for (let shard = 0; shard < shards; shard++) {
    const mine = lines.filter((_, i) => (shard === 7 ? i % 100 === 7 : i % 100 !== 7 && i % 7 === shard));
    await writeFile(join(folder, `shard-${shard}.csv`), `${header}\n${mine.reverse().join("\n")}\n`);
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("a profile computed in the engine", () => {
  it("is that of the rows read into memory, from CSV and from Parquet", async () => {
    const table = await readTable("whole.csv", {}, context);
    await writeTable(table, join(folder, "whole.parquet"));
    const inMemory = render(profileTable(table));
    expect(render(await profileData("whole.csv", { relations: true }, context))).toBe(inMemory);
    expect(render(await profileData("whole.parquet", { relations: true }, context))).toBe(inMemory);
  });

  it("of eight shards in another order merges to that of one pass, to the byte", async () => {
    const parts: Profile[] = [];
    for (let shard = 0; shard < shards; shard++)
      parts.push(await profileData(`shard-${shard}.csv`, { relations: true }, context));
    const whole = render(await profileData("whole.csv", { relations: true }, context));
    expect(render(parts.reduce(mergeProfiles))).toBe(whole);
    expect(render(await profileData("shard-*.csv", { relations: true }, context))).toBe(whole);
  });

  it("is the same whether a missing number is written as NaN, of either sign, or left out", async () => {
    const write = async (file: string, missing: readonly string[]): Promise<string> => {
      const rows = Array.from({ length: 3000 }, (_, i) => {
        const gap = missing[i % missing.length] as string;
        return `${i % 4 === 0 ? gap : Math.sin(i)},${i % 6 === 0 ? gap : i % 11},${gap}`;
      });
      await writeFile(join(folder, file), `x,y,none\n${rows.join("\n")}\n`);
      return render(await profileData(file, { relations: true }, context));
    };
    const left = await write("left-out.csv", ["", "NA"]);
    expect(await write("nan.csv", ["nan", "-nan", "NAN", ""])).toBe(left);
    const typed = "CAST(x AS DOUBLE) AS x, CAST(y AS DOUBLE) AS y, CAST(none AS DOUBLE) AS none";
    const engine = await openEngine();
    await engine.run(
      `COPY (SELECT ${typed} FROM read_csv('${folder}/nan.csv', all_varchar = true, header = true)) TO '${folder}/nan.parquet'`,
    );
    await engine.close();
    expect(render(await profileData("nan.parquet", { relations: true }, context))).toBe(left);
  });

  it("of a window without rows has no rows, and survives", async () => {
    const empty = await profileData("whole.csv", { window: { time: "at", from: "2030-01-01" } }, context);
    expect(empty.rows).toBe(0);
    expect(empty.columns.every((column) => column.present === 0)).toBe(true);
  });
});
