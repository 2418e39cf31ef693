// No known answer may lie in the file without a test that reads it by its id.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const read = (file: string) => readFileSync(new URL(file, import.meta.url), "utf8");
const tests = ["known-answers.test.ts", "paired-tests.test.ts"].map(read).join("\n");

/** An entry of the table of answers, a call of `vector`, or a test named by the id. */
function isRead(id: string): boolean {
  const quoted = id.replaceAll("-", "\\-");
  return new RegExp(`^  "?${quoted}"?: \\(|vector\\("${quoted}"\\)|it\\("${quoted}:`, "m").test(tests);
}

const { vectors } = JSON.parse(read("vectors/statistics.json")) as { readonly vectors: readonly { id: string }[] };

test.each(vectors.map(({ id }) => id))("%s is held against the code", (id) => expect(isRead(id)).toBe(true));

test("an id that no test reads is told", () => {
  expect(vectors.length).toBeGreaterThan(30);
  expect(isRead("an-answer-nobody-reads")).toBe(false);
});
