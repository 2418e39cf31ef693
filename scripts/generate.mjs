#!/usr/bin/env node
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
// @ts-check
// Writes every generated file (JSON Schemas, reference pages, tables of inputs); the list is scripts/generators/generated-files.ts.
import { build } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const bundle = join(root, "dist", "generated-files.mjs");

await build({
  absWorkingDir: root,
  entryPoints: ["scripts/generators/generated-files.ts"],
  outfile: bundle,
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20",
  packages: "external",
  logLevel: "warning",
});
const { listGeneratedFiles } = await import(pathToFileURL(bundle).href);
rmSync(bundle);

let changed = 0;
for (const { path, text } of await listGeneratedFiles()) {
  const file = join(root, path);
  if (readOrEmpty(file) === text) continue;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  changed += 1;
  process.stdout.write(`wrote ${path}\n`);
}
if (changed === 0) process.stdout.write("everything generated is as it should be\n");

/** @param {string} file */
function readOrEmpty(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
