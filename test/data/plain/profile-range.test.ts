// Plain text read here: what the engine makes of the same file, to the byte, or a word that it is not plain.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { defaultMissingValues } from "../../../src/config/missing-values.ts";
import { profileData } from "../../../src/data/choose-engine.ts";
import type { PlainAnswer, PlainColumn } from "../../../src/data/plain/order.ts";
import { profileRange } from "../../../src/data/plain/profile-range.ts";
import { writeProfileDocument } from "../../../src/evidence/profile-document.ts";
import type { Context } from "../../../src/host/context.ts";
import type { Profile } from "../../../src/monitoring/profile.ts";
import { createRandom, type Random } from "../../../src/statistics/rng.ts";

let folder = "";
let context: Context;
const render = (profile: Profile): string => JSON.stringify(writeProfileDocument(profile));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "modelgate-test-"));
  const signal = new AbortController().signal;
  context = { folder, environment: {}, now: () => new Date(0), progress: () => {}, signal };
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What is answered of a text whose columns have the types that the engine found. */
async function readPlain(
  file: string,
  profile: Profile,
  { missing = defaultMissingValues, delimiter = "," }: { missing?: readonly string[]; delimiter?: string } = {},
): Promise<PlainAnswer> {
  const columns = profile.columns.map(({ name, type }) => ({ name, type, isKept: false }) as PlainColumn);
  const path = join(folder, file);
  const bytes = await readFile(path);
  const range = { from: bytes.indexOf("\n") + 1, to: bytes.length };
  return profileRange({ path, range, delimiter, columns, missing, isSketched: true, mostRelatedRows: 1000 });
}

const pick = <T>(random: Random, values: readonly T[]): T => values[random.nextInteger(values.length)] as T;

/** Numbers as programs write them: shortest digits, too many digits, exponents, halves between two doubles, zeros. */
function spellNumber(random: Random): string {
  const digits = (most: number): string =>
    Array.from({ length: 1 + random.nextInteger(most) }, () => random.nextInteger(10)).join("");
  const bits = new DataView(new ArrayBuffer(8));
  bits.setUint32(0, random.nextUint32());
  bits.setUint32(4, random.nextUint32());
  const any = bits.getFloat64(0);
  const sign = pick(random, ["", "", "-"]);
  return pick(random, [
    () => String(random.nextNormal()),
    () => String(Number.isFinite(any) ? any : 0),
    () => `${sign}${digits(3)}.${digits(22)}`,
    () => `${sign}${digits(25)}`,
    () => `${sign}0.${"0".repeat(random.nextInteger(12))}${digits(18)}`,
    () => `${sign}${digits(4)}.${digits(6)}${pick(random, ["e", "E"])}${pick(random, ["", "+", "-"])}${digits(2)}`,
    () => String(2 ** 53 + 2 * random.nextInteger(1000) + 1),
    () => `${random.nextInteger(2 ** 20)}.5`,
    () => `${9_007_199_254_740_993n + 2n * BigInt(random.nextInteger(2 ** 30))}.0`,
    () =>
      pick(random, [
        "0",
        "-0",
        "0.0",
        "-0.000",
        "1e22",
        "1e23",
        "9007199254740993",
        "0.1e-5",
        "007",
        "NA",
        "",
        "inf",
        "-nan",
      ]),
  ])();
}

/** Times as programs write them, and a few that only look like one. */
function spellTime(random: Random): string {
  const at = new Date(Math.floor((random.nextFloat() - 0.4) * 4e12));
  const iso = at.toISOString();
  const [day, seconds] = [iso.slice(0, 10), iso.slice(0, 19)];
  return pick(random, [
    () => day,
    () => seconds,
    () => iso,
    () => seconds.replace("T", " "),
    () => `${seconds}.${random.nextInteger(1_000_000)}`,
    () => `${seconds}+00:00`,
    () =>
      pick(random, ["", "NA", "1600-02-29", "1900-02-28", "2000-02-29", "9999-12-31T23:59:59.999999Z", "0001-01-01"]),
    () =>
      random.nextInteger(3000) > 0
        ? day
        : pick(random, [
            "2026-02-29",
            "1900-02-29",
            "2026-04-31",
            "2026-13-01",
            "2026-01-01T24:00:00",
            `${seconds}+01:00`,
            "2026-1-1",
            "0000-01-01",
          ]),
  ])();
}

const texts = [
  "red",
  "blue",
  "",
  "NA",
  "null",
  " red",
  "red ",
  "é",
  "日本",
  "🎉",
  "x".repeat(40),
  "a'b",
  "NaN",
  "12",
  "\t",
];

describe("plain text", () => {
  it("gives the engine's profile of numbers of any spelling that it takes, and of texts", async () => {
    const random = createRandom("plain");
    let plain = 0;
    for (let round = 0; round < 40; round++) {
      const rows = 1 + random.nextInteger(400);
      const lines = Array.from(
        { length: rows },
        () =>
          `${spellNumber(random)},${pick(random, texts)},${pick(random, ["true", "FALSE", "", "True"])},${spellNumber(random)},${spellTime(random)}`,
      );
      const end = random.nextInteger(2) === 0 ? "\n" : "";
      await writeFile(join(folder, `round-${round}.csv`), `x,word,flag,y,at\n${lines.join("\n")}${end}`);
      const engine = await profileData(`round-${round}.csv`, { relations: true }, context);
      const here = await readPlain(`round-${round}.csv`, engine);
      if (here.kind === "odd") continue;
      plain++;
      expect(render(here.shard.profile), `round-${round}.csv`).toBe(render(engine));
    }
    expect(plain).toBeGreaterThan(30);
  });
});
