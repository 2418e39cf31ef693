// Numbers of plain text: each the double nearest to what is spelled, as JavaScript reads it.
import { describe, expect, it } from "vitest";
import { createFieldReader, type Oddity } from "../../../src/data/plain/read-fields.ts";
import type { FieldKind } from "../../../src/data/plain/row-layout.ts";
import { createRandom, type Random } from "../../../src/statistics/rng.ts";

const lines = { kinds: ["numberOrNothing"], delimiter: ",", missing: ["", "NA"], mostTexts: 10 } as const;

/** The numbers of a text of one column, or what is odd. */
function readNumbers(spelled: readonly string[]): readonly number[] | Oddity {
  const found: number[] = [];
  const bytes = Buffer.from(`${spelled.join("\n")}\n`);
  const reader = createFieldReader(lines, bytes.length, (rows, memory) => {
    found.push(...memory.viewNumbers(0, rows));
  });
  reader.memory.bytes().set(bytes, reader.text);
  return reader.readLines(reader.text, reader.text + bytes.length) ?? found;
}

function spellDigits(random: Random, length: number): string {
  return Array.from({ length }, (_, i) => (i === 0 ? 1 + random.nextInteger(9) : random.nextInteger(10))).join("");
}

/** Decimals that lie exactly between two doubles, or next to that: where rounding shows. */
function spellHalves(random: Random): readonly string[] {
  const odd = (1n << 53n) + 2n * BigInt(random.nextInteger(2 ** 31)) * BigInt(random.nextInteger(2 ** 21)) + 1n;
  const places = random.nextInteger(4);
  const quotient = odd * 5n ** BigInt(places);
  const point = (digits: string): string =>
    places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
  return [quotient - 1n, quotient, quotient + 1n].map((digits) => point(String(digits)));
}

/** Numbers of all columns but the skipped ones, row by row. */
function readRows(kinds: readonly FieldKind[], rows: readonly (readonly string[])[]): readonly number[][] | Oddity {
  const found: number[][] = [];
  const bytes = Buffer.from(rows.map((row) => `${row.join(";")}\n`).join(""));
  const columns = { kinds, delimiter: ";", missing: ["", "NA"], mostTexts: 10 };
  const reader = createFieldReader(columns, bytes.length, (count, memory) => {
    const values = kinds.flatMap((kind, column) => (kind === "skipped" ? [] : [memory.viewNumbers(column, count)]));
    for (let row = 0; row < count; row++) found.push(values.map((column) => column[row] as number));
  });
  reader.memory.bytes().set(bytes, reader.text);
  return reader.readLines(reader.text, reader.text + bytes.length) ?? found;
}

describe("numbers of plain text", () => {
  it("are the nearest doubles, whatever the number of digits and the exponent", () => {
    const random = createRandom("decimals");
    const spelled = Array.from({ length: 30_000 }, () => {
      const sign = random.nextInteger(3) === 0 ? "-" : "";
      const digits = spellDigits(random, 1 + random.nextInteger(24));
      const at = 1 + random.nextInteger(digits.length);
      const number = at === digits.length ? digits : `${digits.slice(0, at)}.${digits.slice(at)}`;
      return `${sign}${number}${random.nextInteger(2) === 0 ? "" : `e${random.nextInteger(150) - 75}`}`;
    });
    expect(readNumbers(spelled)).toEqual(spelled.map(Number));
  });

  it("are the nearest doubles where the shortest digits of any double are spelled", () => {
    const random = createRandom("doubles");
    const bits = new DataView(new ArrayBuffer(8));
    const doubles = Array.from({ length: 30_000 }, () => {
      bits.setUint32(0, random.nextUint32());
      bits.setUint32(4, random.nextUint32());
      return bits.getFloat64(0);
    }).filter(Number.isFinite);
    expect(readNumbers(doubles.map(String))).toEqual(doubles);
  });

  it("go to the even one exactly between two, and to the nearer one beside that", () => {
    const random = createRandom("halves");
    const spelled = Array.from({ length: 5000 }, () => spellHalves(random)).flat();
    expect(readNumbers(spelled)).toEqual(spelled.map(Number));
  });

  it("keep the sign of a zero, and need no digit before the end of their zeros", () => {
    const spelled = ["0", "-0", "0.0", "-0.000", "0e5", "00", "007", `0.${"0".repeat(30)}1`, `${"0".repeat(30)}1.5`];
    expect(readNumbers(spelled)).toEqual(spelled.map(Number));
  });

  it("are missing, or infinite, where the engine reads that", () => {
    expect(readNumbers(["", "NA", "nan", "-NaN", "inf", "-Infinity"])).toEqual([
      ...[Number.NaN, Number.NaN, Number.NaN, Number.NaN],
      ...[Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
    ]);
  });

  it.each([
    "+1",
    "1.",
    ".5",
    "-",
    "1e",
    "1e+",
    "0x10",
    "1_000",
    " 1",
    "1 ",
    "1,2",
    '"1"',
    "1\r",
    "1\0",
    "１",
    "1e999",
    "--1",
    "\uFEFF1",
    "\uFEFFNA",
  ])("are left to the engine where it says %j", (spelled) => {
    expect(readNumbers(["1", spelled, "2"])).toMatchObject({ why: expect.any(String) });
  });

  it("are told from each other in rows of any number of columns, of which some are not looked at", () => {
    const random = createRandom("rows");
    for (const width of [1, 2, 3, 15, 64, 5000]) {
      const kinds = Array.from(
        { length: width },
        (_, column): FieldKind =>
          width > 100 ? (column % 977 === 0 ? "number" : "skipped") : column % 5 === 3 ? "skipped" : "number",
      );
      const rows = Array.from({ length: width > 100 ? 7 : 2500 }, () =>
        kinds.map((kind) =>
          kind === "skipped"
            ? "x".repeat(random.nextInteger(70))
            : `${random.nextInteger(2) === 0 ? "-" : ""}${random.nextInteger(1e6)}.${spellDigits(random, 1 + random.nextInteger(16))}`,
        ),
      );
      const wanted = rows.map((row) => row.filter((_, column) => kinds[column] !== "skipped").map(Number));
      expect(readRows(kinds, rows), `${width} columns`).toEqual(wanted);
    }
  });

  it("may be missing, odd or spelled at length anywhere in a row", () => {
    const random = createRandom("odd ones");
    const spellings = ["", "NA", "nan", "1e5", "-2.5E-7", "12345678901234567890123", "0.5", "-7", "inf"];
    const values = [
      ...new Array<number>(3).fill(Number.NaN),
      1e5,
      -2.5e-7,
      1.2345678901234568e22,
      0.5,
      -7,
      Number.POSITIVE_INFINITY,
    ];
    const picks = Array.from({ length: 3001 }, () => Array.from({ length: 4 }, () => random.nextInteger(9)));
    const rows = picks.map((row) => row.map((pick) => spellings[pick] as string));
    expect(readRows(new Array<FieldKind>(4).fill("numberOrNothing"), rows)).toEqual(
      picks.map((row) => row.map((pick) => values[pick])),
    );
  });

  it.each([
    [["1;2"], "too few fields"],
    [["1;2;3", "1;2;3;4"], "too many fields"],
    [["1;2;3", "1;2"], "too few fields in the last row"],
  ])("are left to the engine where a row has %j: %s", (rows) => {
    expect(
      readRows(
        ["number", "number", "number"],
        rows.map((row) => [row]),
      ),
    ).toMatchObject({ why: expect.any(String) });
  });
});
