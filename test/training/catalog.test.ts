import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { runtimeCatalog } from "../../src/runtimes/catalog.ts";
import { trainerCatalog } from "../../src/training/catalog.ts";

const page = readFileSync("docs/reference/trainers-and-runtimes.md", "utf8");

/** Ids of the members on disk: every file that defines one. */
function listMembers(folder: string, define: string): string[] {
  const sources = readdirSync(folder).map((name) => readFileSync(`${folder}/${name}`, "utf8"));
  return sources.flatMap((source) =>
    [...source.matchAll(new RegExp(`= ${define}[^(]*\\(\\{\\s*id: "([^"]+)"`, "g"))].map(([, id]) => id!),
  );
}

it.each([
  ["trainers", "src/training", "defineTrainer", trainerCatalog],
  ["runtimes", "src/runtimes", "defineRuntime", runtimeCatalog],
] as const)("disk, catalog and reference page know the same %s", (_, folder, define, catalog) => {
  const ids = catalog.map(({ id }) => id);
  expect([...ids].sort()).toEqual(listMembers(folder, define).sort());
  for (const id of ids) expect(page).toContain(`\`${id}\``);
});
