#!/usr/bin/env node
// @ts-check
// Copies what a release tag of the actions carries into a folder: metadata, stubs and the bundle, reusable workflows, licence.
// Usage: node scripts/slim-tree.mjs --out DIR   (after `npm run build`)
import { cpSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const reusableWorkflows = ["pull-request.yml", "main.yml", "monitor.yml"];

/**
 * Copies the slim tree from the clone at `root` into `folder` (made when missing) and returns the paths copied, in order.
 * Throws when a built file is missing.
 * @param {string} root
 * @param {string} folder
 * @returns {string[]}
 */
export function writeSlimTree(root, folder) {
  const actions = readdirSync(join(root, "actions")).filter((name) =>
    existsSync(join(root, "actions", name, "action.yml")),
  );
  const stubs = readdirSync(join(root, "dist")).filter((name) => name.endsWith(".cjs"));
  const paths = [
    "action.yml",
    "LICENSE",
    ...actions.map((name) => `actions/${name}/action.yml`),
    ...stubs.map((name) => `dist/${name}`),
    ...reusableWorkflows.map((name) => `.github/workflows/${name}`),
  ].filter((path) => path !== "actions/run/action.yml");
  for (const path of paths) {
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    cpSync(join(root, path), target);
  }
  return paths;
}

if (process.argv[1]?.endsWith("slim-tree.mjs")) {
  const at = process.argv.indexOf("--out");
  const folder = process.argv[at + 1];
  if (at < 0 || !folder) {
    process.stderr.write("usage: node scripts/slim-tree.mjs --out DIR\n");
    process.exit(2);
  }
  const paths = writeSlimTree(join(dirname(fileURLToPath(import.meta.url)), ".."), folder);
  process.stdout.write(`${paths.length} files in ${folder}\n`);
}
