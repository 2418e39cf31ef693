// Configs and locks that are wrong, through commands that need them; what the parser alone can show is in test/config.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { config, createRepository } from "./example.ts";
import { expectFailure } from "./expect-failure.ts";

const bomb = `a: &a [x, x, x, x, x, x, x, x, x]\n${Array.from({ length: 12 }, (_, level) => `b${level}: &b${level} [${Array.from({ length: 9 }, () => (level === 0 ? "*a" : `*b${level - 1}`)).join(", ")}]`).join("\n")}\nmodels: { m: {} }\n`;

interface Case {
  readonly name: string;
  readonly files: Readonly<Record<string, string | Uint8Array | null>>;
  readonly message: RegExp;
  readonly line?: number;
}

const cases: readonly Case[] = [
  { name: "missing", files: { ".github/modelgate.yml": null }, message: /no \.github\/modelgate\.yml.*\n.*expected/ },
  { name: "only white space", files: { ".github/modelgate.yml": " \n\n" }, message: /is empty/ },
  { name: "an alias bomb", files: { ".github/modelgate.yml": bomb }, message: /alias/ },
  {
    name: "2,000 levels deep",
    files: { ".github/modelgate.yml": `models: ${"{ m: ".repeat(2000)}{}${" }".repeat(2000)}` },
    message: /nested too deeply/,
  },
  {
    name: "duplicate keys",
    files: { ".github/modelgate.yml": `${config}    label: z\n` },
    message: /models\.m\.label: the key is there twice; first in line 6/,
    line: 14,
  },
  {
    name: "a prototype key below a model",
    files: { ".github/modelgate.yml": config.replace("{ trainer: tfjs }", "{ trainer: tfjs, __proto__: { a: 1 } }") },
    message: /`__proto__` cannot be used as a key/,
    line: 10,
  },
  {
    name: "another version of the format",
    files: { ".github/modelgate.yml": config.replace("version: 1", "version: 1.10") },
    message: /version: has a value that is not allowed\n {2}expected: 1\n {2}received: 1\.10/,
    line: 1,
  },
  {
    name: "a number where a name belongs",
    files: { ".github/modelgate.yml": config.replace("label: y", "label: 7") },
    message: /models\.m\.label/,
    line: 6,
  },
  {
    name: "bytes of another encoding",
    files: { ".github/modelgate.yml": Buffer.from(config, "utf16le") },
    message: /./,
  },
  {
    name: "a lock that is cut off",
    files: { "modelgate.lock": '{ "version": 1, "models"' },
    message: /modelgate\.lock/,
  },
  { name: "a lock of other shape", files: { "modelgate.lock": "[]" }, message: /modelgate\.lock/ },
  { name: "a lock that is not UTF-8", files: { "modelgate.lock": new Uint8Array([0xff, 0xfe, 0]) }, message: /UTF-8/ },
];

it.each(cases)("$name", async ({ files, message, line }) => {
  const folder = createRepository(files);
  onTestFinished(folder.remove);
  const [problem] = await expectFailure(folder, "train m --out run", { status: 2, message });
  if (line !== undefined) expect(problem).toMatchObject({ file: ".github/modelgate.yml", line });
});

it.each([
  ["a folder", "elsewhere", /is a folder, not a file/],
  ["below a file", "train.csv/modelgate.yml", /cannot be read/],
  ["not there", "nothing.yml", /there is no such file/],
  ["a device that never ends", "/dev/zero", /too large/],
  ["another format", "train.csv", /not allowed[\s\S]*a map of keys/],
])("a config named by --config that is %s", async (_, file, message) => {
  const folder = createRepository();
  onTestFinished(folder.remove);
  mkdirSync(join(folder.path, "elsewhere"));
  await expectFailure(folder, `card m --config ${file}`, { status: 2, message });
});

it.each(["train NAME --out run", "validate NAME --candidate train.csv", "expect NAME", "gates plan NAME", "card NAME"])(
  "`%s` with names that no model has",
  async (command) => {
    const folder = createRepository();
    onTestFinished(folder.remove);
    for (const name of ["n", "constructor", "__proto__", "../m", "m/m", "m m", "männlich", "", "x".repeat(5000)]) {
      const words = command.split(" ").map((word) => (word === "NAME" ? name : word));
      const [problem] = await expectFailure(folder, words, { status: 2, message: /does not name this model/ });
      expect(problem).toMatchObject({ expected: "one of m", received: name });
    }
  },
);
