// Hostile and broken YAML: one clear problem, quickly, and nothing reaches the prototype of objects.
import { describe, expect, it } from "vitest";
import { decodeConfig, parseConfig } from "../../src/config/parse.ts";
import { InputError, type Problem } from "../../src/errors.ts";

function findProblems(text: string): readonly Problem[] {
  try {
    parseConfig(text, "modelgate.yml");
    return [];
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.problems;
  }
}

describe("a config that cannot be read", () => {
  const bomb = [
    "a: &a [x, x, x, x, x, x, x, x, x]",
    ..."bcdefghi".split("").map((name, index) => {
      const before = "abcdefgh"[index];
      return `${name}: &${name} [${Array.from({ length: 9 }, () => `*${before}`).join(", ")}]`;
    }),
    "models: { m: {} }",
  ].join("\n");

  it.each<[string, string, RegExp, number | undefined]>([
    ["empty", "", /is empty/, 1],
    ["only a comment", "# nothing\n", /is empty/, 1],
    ["64 KiB and one byte", `models: { m: {} }\n#${"x".repeat(65_536 - 18)}`, /too large/, undefined],
    ["an alias bomb", bomb, /alias/, undefined],
    ["an alias of itself", "models: &m\n  m: *m\n", /alias that stands inside/, undefined],
    ["2,000 levels of lists", `models: ${"[".repeat(2000)}${"]".repeat(2000)}`, /nested too deeply/, undefined],
    ["2,000 levels of maps", `models: ${"{a: ".repeat(2000)}1${"}".repeat(2000)}`, /nested too deeply/, undefined],
    ["50 levels", `models: ${"[".repeat(50)}${"]".repeat(50)}`, /nested too deeply/, 1],
    ["two documents", "models: { m: {} }\n---\nmodels: { n: {} }\n", /more than one document/, 2],
    ["a tab as indent", "models:\n\tm: {}\n", /indented with a tab/, 2],
    ["a tag of another language", "models: { m: !!js/function 'function () {}' }\n", /tag/, 1],
    ["unclosed", "models: { m: {\n", /not valid YAML/, undefined],
    ["a list", "- models\n", /has a value that is not allowed/, 1],
    ["a word", "models\n", /has a value that is not allowed/, 1],
  ])("%s", (_, text, message, line) => {
    const problems = findProblems(text);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems[0]?.message).toMatch(message);
    expect(problems[0]?.file).toBe("modelgate.yml");
    if (line !== undefined) expect(problems[0]?.line).toBe(line);
  });

  it("names both places of a duplicate key", () => {
    const [problem] = findProblems("models:\n  m: { label: a, label: b }\n");
    expect(problem).toMatchObject({ line: 2, column: 18, key: "models.m.label" });
    expect(problem?.message).toContain("first in line 2");
  });

  it.each(["__proto__", "constructor", "prototype"])("refuses the key %s", (key) => {
    const problems = findProblems(`models: { m: { train: { command: [x], params: { ${key}: { polluted: 1 } } } } }`);
    expect(problems[0]).toMatchObject({ line: 1, key: `models.m.train.params.${key}` });
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  });

  it("is refused when it is not UTF-8", () => {
    expect(() => decodeConfig(new Uint8Array([0x6d, 0xff, 0xfe, 0x3a]), "modelgate.yml")).toThrow(/not UTF-8/);
  });

  it("may begin with a byte order mark and end its lines as Windows does", () => {
    const text = decodeConfig(Buffer.from("\ufeffmodels:\r\n  m:\r\n    label: y\r\n"), "modelgate.yml");
    expect(parseConfig(text, "modelgate.yml").models.get("m")?.label).toBe("y");
  });

  it("lists the first two hundred problems and counts the rest", () => {
    const problems = findProblems(`models:\n${" m:\n".repeat(1000)}`);
    expect(problems.length).toBe(201);
    expect(problems.at(-1)?.message).toBe("has 799 more problems, which are not listed");
  });

  it("reads thousands of keys without a quadratic walk", () => {
    const text = `models:\n${Array.from({ length: 7000 }, (_, index) => ` m${index}:`).join("\n")}\n`;
    expect(findProblems(text)[0]?.message).toMatch(/too many models/);
  });
});
