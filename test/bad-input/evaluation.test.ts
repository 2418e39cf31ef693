// Rows, metrics and names that would trip an evaluation: each has a stated verdict, and none of them is a pass.
import { describe, expect, it, onTestFinished } from "vitest";
import { createRandom } from "../../src/statistics/rng.ts";
import { createFolder, type Folder } from "../cli/run-in-folder.ts";

const random = createRandom("people");
const people = Array.from({ length: 10_000 }, (_, id) => {
  const label = random.nextFloat() < 0.4 ? 1 : 0;
  const score = () => (1 / (1 + Math.exp(-(label + random.nextNormal())))).toFixed(6);
  return { id, label, shop: `shop${id % 10_000}`, old: score(), fresh: score() };
});

function createShops(config: string, rows = people): Folder {
  const folder = createFolder();
  onTestFinished(folder.remove);
  const write = (file: string, head: string, line: (person: (typeof people)[number]) => string) =>
    folder.write(file, `${head}\n${rows.map(line).join("\n")}\n`);
  write("judge.csv", "id,label,shop", ({ id, label, shop }) => `${id},${label},${shop}`);
  write("old.csv", "id,prediction", ({ id, old }) => `${id},${old}`);
  write("new.csv", "id,prediction", ({ id, fresh }) => `${id},${fresh}`);
  folder.write(
    ".github/modelgate.yml",
    `models:\n  m:\n    task: binary\n    label: label\n    data: { evaluation: judge.csv }\n${config}`,
  );
  return folder;
}

async function judge(folder: Folder) {
  const { status, stdout, stderr } = await folder.run("validate m --candidate new.csv --baseline old.csv --json");
  return { status, stderr, document: JSON.parse(stdout) };
}

describe("ten thousand slices", () => {
  it("spend no error budget: the gate on all of them is inconclusive and says why, the list is cut, fairness is refused", async () => {
    const folder = createShops(
      "    slices: [shop]\n    metrics: [accuracy]\n    fairness: { by: [shop] }\n    gates: [{ rule: 'accuracy[shop=*] drop <= 50pp', min-rows: 1 }]\n",
    );
    const { status, document } = await judge(folder);
    const [model] = document.models;
    expect(status).toBe(1);
    expect(model.verdict).toBe("inconclusive");
    expect(model.comparison.gates).toHaveLength(1);
    expect(model.comparison.gates[0].reason).toContain("10000 slices, at most 200 can be judged together");
    expect(model.comparison.metrics.length).toBeLessThan(200);
    expect(model.comparison.fairness[0]).toMatchObject({
      groups: [],
      reason: "shop has 10000 groups, at most 100 can be compared",
    });
    const report = await folder.run("report --evidence .modelgate/evidence --dry-run");
    expect(Buffer.byteLength(report.stdout)).toBeLessThan(60_000);
  });
});

describe("names that are words of the language, or markup", () => {
  const few = people.slice(0, 300);

  it.each(["constructor", "__proto__", "toString", "hasOwnProperty"])(
    "a reported metric called %s that nobody reports is inconclusive",
    async (name) => {
      const own = `{ id: ${name}, reported: ${name}, direction: higher }`;
      const folder = createShops(
        `    metrics: [accuracy, ${own}]\n    gates: ["${name} >= 0.5", "${name} drop <= 0.1"]\n`,
        few,
      );
      const { status, document } = await judge(folder);
      expect(status).toBe(1);
      const outcomes = document.models[0].comparison.gates.map(({ outcome }: { outcome: string }) => outcome);
      expect(outcomes).toEqual(["inconclusive", "inconclusive"]);
    },
  );

  it("a metric called as a mention and a closing tag is no metric, and a slice of that name is inert text", async () => {
    const hostile = "| @org/team </details>";
    const wrong = createShops(`    metrics: [{ id: "${hostile}", reported: x, direction: higher }]\n`, few);
    const refused = await wrong.run("validate m --candidate new.csv --baseline old.csv");
    expect(refused.status).toBe(2);
    expect(refused.stderr).toContain("a metric id of letters");
    const named = few.map((person) => ({ ...person, shop: person.id % 2 ? hostile : "b" }));
    const folder = createShops(
      "    slices: [shop]\n    fairness: { by: [shop] }\n    gates: [accuracy drop <= 1pp]\n",
      named,
    );
    await judge(folder);
    const { stdout } = await folder.run("report --evidence .modelgate/evidence --dry-run");
    expect(stdout).toContain("Fairness");
    expect(stdout.match(/<\/details>/g)?.length).toBe(stdout.match(/<details>/g)?.length);
    expect(stdout).not.toMatch(/@org/);
  });
});

describe("too little to judge", () => {
  it.each([
    ["one row", people.slice(0, 1)],
    ["one class", people.slice(0, 300).map((person) => ({ ...person, label: 0 }))],
  ])("%s: every gate is inconclusive, and fairness says that groups are insufficient", async (_, rows) => {
    const folder = createShops(
      '    fairness: { by: [shop] }\n    decision: { positive: "1" }\n    gates: [roc_auc drop <= 50pp, recall drop <= 50pp, "equal_opportunity_difference(by=shop) <= 0.9"]\n',
      rows.map((person) => ({ ...person, shop: person.id % 2 ? "a" : "b" })),
    );
    const { status, document } = await judge(folder);
    const { gates, fairness } = document.models[0].comparison;
    expect(status).toBe(1);
    expect(new Set(gates.map(({ outcome }: { outcome: string }) => outcome))).toEqual(new Set(["inconclusive"]));
    expect(fairness[0].groups.every(({ outcome }: { outcome: string }) => outcome === "insufficient")).toBe(true);
  });

  it("no rows at all is an error", async () => {
    const folder = createShops("", []);
    const { status, document } = await judge(folder);
    expect(status).toBe(2);
    expect(document.problems[0].message).toMatch(/no rows|no data/);
  });
});

describe("a threshold", () => {
  it("is the config's, for both models alike: a candidate's own decisions beside its probabilities change nothing", async () => {
    const folder = createShops("    metrics: [accuracy]\n    decision: { threshold: 0.6 }\n", people.slice(0, 300));
    const plain = (await judge(folder)).document.models[0].comparison.metrics[0];
    const lines = people.slice(0, 300).map(({ id, fresh, label }) => `${id},${fresh},${label},0.31`);
    folder.write("new.csv", `id,prediction,decision,threshold\n${lines.join("\n")}\n`);
    const tuned = (await judge(folder)).document.models[0].comparison.metrics[0];
    expect(tuned).toEqual(plain);
  });
});
