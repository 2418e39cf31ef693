// Conventions that a linter cannot see: sizes, names, and that the project speaks of itself alone.
import { describe, expect, test } from "vitest";
import { listFiles, readSource } from "./source-files.ts";

const code = listFiles(/^(src|app|actions|test|demo|bench|scripts)\/.*\.(ts|mjs)$/);

describe("conventions", () => {
  test("no file holds more than 400 lines", () => {
    const long = code.filter((path) => readSource(path).split("\n").length > 401);
    expect(long).toEqual([]);
  });

  test("no file or folder is named utils, helpers, common or misc", () => {
    const vague = listFiles(/./).filter((path) => /(^|\/)(utils?|helpers?|common|misc)(\.[a-z]+|\/|$)/.test(path));
    expect(vague).toEqual([]);
  });

  test("every source module says in its first line what it is about", () => {
    const silent = code.filter(
      (path) => /^(src|app|actions)\//.test(path) && !/^(\/\/|\/\*\*|#!)/.test(readSource(path)),
    );
    expect(silent).toEqual([]);
  });

  test("no test is skipped for good, focused or left to do", () => {
    const pattern = new RegExp(`\\.(${["only", "todo"].join("|")})\\(`);
    const left = code.filter((path) => path.startsWith("test/") && pattern.test(readSource(path)));
    expect(left).toEqual([]);
  });

  test("every decision record has a number of its own, said in its title", () => {
    const records = listFiles(/^docs\/adr\/\d{4}-.*\.md$/);
    const numbers = records.map((path) => Number(path.slice("docs/adr/".length, "docs/adr/0000".length)));
    expect(numbers).toEqual([...new Set(numbers)]);
    const titles = records.map(
      (path) =>
        readSource(path)
          .split("\n")[0]
          ?.match(/^# (\d+)\. \S/)?.[1],
    );
    expect(titles.map(Number)).toEqual(numbers);
  });
});
