// Columns of more categories than a profile tells apart: new ones are found in the rows, and never taken for stable without them.
import { afterAll, beforeAll, expect, it } from "vitest";
import type { DriftReport } from "../../src/monitoring/drift-report.ts";
import { createRandom } from "../../src/statistics/rng.ts";
import { createFolder, type Folder } from "./run-in-folder.ts";

let folder: Folder;
const rows = 30_000;
beforeAll(() => {
  folder = createFolder();
  const random = createRandom("many categories");
  const write = (name: string, label: (category: number) => string): void =>
    folder.write(
      name,
      `user\n${Array.from({ length: rows }, () => `${label(random.nextInteger(30_000))}\n`).join("")}`,
    );
  write("reference.csv", (category) => `u${category}`);
  write("same.csv", (category) => `u${category}`);
  write("others.csv", (category) => `new${category}`);
});
afterAll(() => folder.remove());

async function compare(reference: string, current: string) {
  const run = await folder.run(`drift --reference ${reference} --current ${current} --json`);
  const [column] = (JSON.parse(run.stdout) as DriftReport).columns;
  return { status: run.status, column };
}

it("the share of new ones is what the reference's singletons predict: 1/e of the rows", async () => {
  const { status, column } = await compare("reference.csv", "same.csv");
  expect(status).toBe(0);
  expect(column).toMatchObject({ type: "categorical", outcome: "stable", unlisted: { outcome: "stable", share: 0.5 } });
  expect(column?.unlisted?.referenceRate).toBeCloseTo(Math.exp(-1), 1);
  expect(column?.unlisted?.currentRate).toBeCloseTo(Math.exp(-1), 1);
});

it("all of them other ones is drift, named", async () => {
  const { status, column } = await compare("reference.csv", "others.csv");
  expect(status).toBe(1);
  expect(column).toMatchObject({ outcome: "drift", unlisted: { outcome: "drift", currentRate: 1 } });
  expect(column?.unlisted?.values).toHaveLength(10);
  expect(column?.unlisted?.values[0]?.value).toMatch(/^new\d+$/);
  expect(column?.reason).toMatch(/100\.0 % of the rows have a category that the reference does not have/);
});

it("profiles cannot tell, and say so instead of `stable`", async () => {
  await folder.run("profile reference.csv --out reference.json");
  const { status, column } = await compare("reference.json", "others.csv");
  expect(status).toBe(0);
  expect(column).toMatchObject({ outcome: "inconclusive", unlisted: null });
  expect(column?.reason).toContain("compare the data itself");
});
