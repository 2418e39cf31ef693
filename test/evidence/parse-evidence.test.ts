// Evidence as a stranger may write it: refused with a reason, quickly, and without a trace in the process.
import { describe, expect, test } from "vitest";
import { InputError } from "../../src/errors.ts";
import { parseEvidence } from "../../src/evidence/parse-evidence.ts";
import { makeEvidence, makeGate, makeModel } from "./sample.ts";

const parse = (text: string) => parseEvidence(Buffer.from(text));
const parseValue = (value: unknown) => parse(JSON.stringify(value));

describe("parseEvidence", () => {
  test("gives evidence back as it was written", () => {
    const evidence = makeEvidence([makeModel("pass")]);
    expect(parseValue(evidence)).toEqual(evidence);
  });

  test.each([
    ["an empty file", ""],
    ["a page of HTML", "<!doctype html>"],
    ["NaN as Python writes it", JSON.stringify(makeEvidence([])).replace('"schemaVersion":1', '"schemaVersion":NaN')],
    ["another kind", JSON.stringify({ ...makeEvidence([]), kind: "comparison" })],
    ["an array", "[]"],
    ["null", "null"],
    ["a number that is too large", JSON.stringify(makeEvidence([makeModel("pass")])).replace("0.81", "1e999")],
    ["200,000 nested arrays", `{"models":${"[".repeat(200_000)}${"]".repeat(200_000)}}`],
    ["a model name that is a path", JSON.stringify(makeEvidence([makeModel("pass", { model: "../x" })]))],
    ["a head that is no SHA", JSON.stringify(makeEvidence([], { headSha: "main" }))],
  ])("refuses %s", (_, text) => {
    expect(() => parse(text)).toThrow(InputError);
  });

  test("refuses 17 MB before it parses", () => {
    expect(() => parse(" ".repeat(17 * 2 ** 20))).toThrow(/too large/);
  });

  test("refuses what is not UTF-8", () => {
    expect(() => parseEvidence(Buffer.from([0x7b, 0xff, 0x7d]))).toThrow(/UTF-8/);
  });

  test("takes no property from a prototype key", () => {
    const text = JSON.stringify(makeEvidence([])).replace("{", '{"__proto__":{"polluted":true},"constructor":1,');
    expect(parse(text)).toEqual(makeEvidence([]));
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  test.each([
    [
      "a verdict milder than its gates",
      makeModel("pass", { comparison: { ...makeModel("fail").comparison!, verdict: "pass" } }),
    ],
    ["a model's verdict milder than its comparison", { ...makeModel("fail"), verdict: "pass" as const }],
    ["a verdict without judgement", makeModel("pass", { status: "training-failed" })],
    ["judged without a verdict", makeModel("pass", { verdict: null })],
    ["judged without a comparison", makeModel("pass", { comparison: null })],
  ])("refuses %s", (_, model) => {
    expect(() => parseValue(makeEvidence([model]))).toThrow(InputError);
  });

  test("a gate of severity warn does not count against the verdict", () => {
    const comparison = { ...makeModel("pass").comparison!, gates: [makeGate("fail", { severity: "warn" })] };
    expect(parseValue(makeEvidence([makeModel("pass", { comparison })])).models[0]?.verdict).toBe("pass");
  });

  test("refuses a model that occurs twice", () => {
    expect(() => parseValue(makeEvidence([makeModel("pass"), makeModel("pass")]))).toThrow(/more than once/);
  });
});
