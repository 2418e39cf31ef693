// What is generated is committed as the generators write it, and the JSON Schema says the same as the parser.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { listGeneratedFiles } from "../../scripts/generators/generated-files.ts";
import { createConfigSchema, createLockSchema } from "../../src/config/json-schema.ts";
import { emptyLock, renderLock } from "../../src/config/parse-lock.ts";

const root = join(import.meta.dirname, "../..");

describe("generated files", () => {
  it.each(listGeneratedFiles().map(({ path, text }) => [path, text]))(
    "%s is up to date (npm run generate)",
    (path, text) => {
      expect(readFileSync(join(root, path), "utf8")).toBe(text);
    },
  );
});

it("knows every action", () => {
  const folders = readdirSync(join(root, "actions"), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const known = listGeneratedFiles().map(({ path }) => path);
  for (const { name } of folders) expect(known).toContain(`actions/${name}/README.md`);
});

describe("the JSON Schema of the config", () => {
  const validate = new Ajv({ strict: false }).compile(createConfigSchema());

  it.each([
    "models: { m: {} }",
    "models: { m: }",
    "{ version: 1, models: { m: { gates: [roc_auc >= 0.8, { rule: roc_auc drop <= 1pp, severity: warn }] } } }",
    "models: { m: { data: { source: a.csv, evaluation: { share: 0.2 } }, train: { trainer: tfjs } } }",
  ])("accepts %s", (text) => {
    expect(validate(parse(text))).toBe(true);
  });

  it.each([
    "{}",
    "version: 2\nmodels: { m: {} }",
    "models: { m: { lable: y } }",
    "models: { Bad Name: {} }",
    "models: { m: { confidence: 1 } }",
    "models: { m: { train: { timeout: soon } } }",
  ])("refuses %s", (text) => {
    expect(validate(parse(text))).toBe(false);
  });

  it("accepts what the lock is written as", () => {
    const validateLock = new Ajv({ strict: false }).compile(createLockSchema());
    const data = { source: "a.csv", window: { from: "2012-01-01" }, sha256: "a".repeat(64), rows: 3, columns: ["x"] };
    const text = renderLock({ ...emptyLock, models: new Map([["m", { train: data, evaluation: null }]]) });
    expect(validateLock(JSON.parse(text))).toBe(true);
  });
});
