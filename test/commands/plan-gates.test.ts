import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runProgram } from "../../src/cli/program.ts";
import type { PlannedGate } from "../../src/evaluation/plan-gates.ts";
import { createRandom } from "../../src/statistics/rng.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "modelgate-plan-"));
  mkdirSync(join(folder, ".github"));
  const random = createRandom("plan");
  const line = (_: unknown, id: number) =>
    `${id},${random.nextFloat() < 0.4 ? "yes" : "no"},${id % 2 === 0 ? "basic" : "pro"}`;
  writeFileSync(join(folder, "data.csv"), `id,churned,plan\n${Array.from({ length: 600 }, line).join("\n")}\n`);
  writeFileSync(
    join(folder, ".github/modelgate.yml"),
    `version: 1
models:
  churn:
    task: binary
    label: churned
    data: { source: data.csv, evaluation: { source: data.csv } }
    gates: [roc_auc >= 0.8, roc_auc drop <= 1pp, "recall[plan=basic] drop <= 2pp", f1 drop <= 20% of baseline, latency_p50 rise <= 5%]
  bare: {}
`,
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function plan(...words: readonly string[]) {
  let out = "";
  const status = await runProgram(
    ["gates", "plan", ...words, "--json"],
    { folder, environment: {}, now: () => new Date(0), progress: () => {}, signal: new AbortController().signal },
    {
      stdout: (text) => {
        out += text;
      },
      stderr: () => {},
    },
    "0",
  );
  return { status, document: JSON.parse(out) };
}

test("a plan says what margin equal models pass, and how many rows the margin that was written would take", async () => {
  const { status, document } = await plan("churn");
  expect(document.problems).toBeUndefined();
  expect(status).toBe(0);
  expect(document).toMatchObject({ kind: "gate-plan", model: "churn", rows: 600, assumed: "labels" });
  const [small, anew] = document.cases as { gates: PlannedGate[] }[];
  const [absolute, auc, recall, f1, latency] = anew!.gates as [
    PlannedGate,
    PlannedGate,
    PlannedGate,
    PlannedGate,
    PlannedGate,
  ];
  expect(auc).toMatchObject({ id: "roc_auc drop", margin: 0.01, rows: 600 });
  expect(auc.passableMargin).toBeGreaterThan(small!.gates[1]!.passableMargin!);
  expect(auc.rowsNeeded).toBe(Math.ceil(600 * (auc.passableMargin! / 0.01) ** 2));
  expect(auc.passChance).toBeLessThan(0.3);
  expect(recall.rows).toBe(300);
  expect(f1.passChance).toBeGreaterThan(0.95);
  expect(absolute.note).toContain("nothing is tested");
  expect(latency.note).toContain("elsewhere");
  expect(await plan("churn")).toEqual({ status, document });
});

test("a model without data or a name that is not there is an input error", async () => {
  expect((await plan("bare")).status).toBe(2);
  expect((await plan("chrun")).document.problems[0].hint).toContain("churn");
});
