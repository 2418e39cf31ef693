// The holdout from a terminal: what it refuses, what it records, what it keeps to itself, and that nobody gets a second look.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runProgram } from "../../src/cli/program.ts";
import { promote } from "../../src/commands/promote.ts";
import { parseConfig } from "../../src/config/parse.ts";
import { describeData } from "../../src/data/describe-data.ts";
import { type LocalRegistry, startLocalRegistry } from "../commands/local-registry.ts";

const config = `version: 1
models:
  rain:
    model: predictions.csv
    task: binary
    label: wet
    id: id
    data: { source: days.csv, evaluation: { share: 0.5 }, holdout: secret/holdout.csv }
    metrics: [accuracy]
    gates: [accuracy >= 0.8, "accuracy[place=*] drop <= 20pp", latency_p50 rise <= 10%]
`;

/** 200 days in two places, one of which nobody may hear of; a model that is right on all but the first `wrong` of them. */
const days = Array.from({ length: 200 }, (_, id) => ({ id, wet: id % 2, place: id % 4 < 2 ? "Atlantis" : "Avalon" }));
const holdout = `id,wet,place\n${days.map(({ id, wet, place }) => `${id},${wet},${place}`).join("\n")}\n`;
const predict = (wrong: number) =>
  `id,prediction\n${days.map(({ id, wet }) => `${id},${(id < wrong ? 1 - wet : wet) * 0.8 + 0.1}`).join("\n")}\n`;

describe("modelgate promote with a holdout", () => {
  let registry: LocalRegistry;
  beforeAll(async () => {
    registry = await startLocalRegistry();
    mkdirSync(join(registry.folder, ".github"));
    mkdirSync(join(registry.folder, "secret"));
    writeFileSync(join(registry.folder, ".github/modelgate.yml"), config);
    writeFileSync(join(registry.folder, "secret/holdout.csv"), holdout);
    const file = join(registry.folder, "predictions.csv");
    for (const wrong of [10, 12, 90]) {
      writeFileSync(file, predict(wrong));
      await registry.publish("", { files: [file] });
    }
  });
  afterAll(() => registry.stop());

  async function run(command: string) {
    const out = { stdout: "", stderr: "" };
    const context = {
      ...registry.context,
      environment: { ...registry.context.environment, GITHUB_REPOSITORY: registry.repository },
      progress: (line: string) => {
        out.stderr += `${line}\n`;
      },
    };
    const terminal = {
      stdout: (text: string) => {
        out.stdout += text;
      },
      stderr: (text: string) => {
        out.stderr += text;
      },
    };
    const status = await runProgram([...command.split(" "), "--json"], context, terminal, "0.0.0");
    return { status, ...out, document: JSON.parse(out.stdout) };
  }
  const readHistory = async () => {
    const { document } = await run("registry history rain");
    return document.events as { event: string; version: string; stage: string }[];
  };

  it("asks it for the last stage only, judges the first version by its absolute gates, and counts the look", async () => {
    expect((await run("promote rain 1.0.0 staging")).document).toMatchObject({ state: "moved", holdout: null });
    const first = await run("promote rain 1.0.0 production");
    expect(first.status).toBe(0);
    expect(first.document).toMatchObject({ state: "moved", holdout: { verdict: "pass", rows: 200, uses: 1 } });
    expect((await readHistory()).map(({ event }) => event).slice(-3)).toEqual([
      "stage-set",
      "evaluation-use",
      "stage-set",
    ]);
  });

  it("says what it would do without a look", async () => {
    const before = await readHistory();
    const plan = await run("promote rain 1.1.0 production --dry-run");
    expect(plan.document).toMatchObject({ state: "planned", holdout: null });
    expect(await readHistory()).toEqual(before);
  });

  it("compares with what the stage holds, and lets a version through that keeps up", async () => {
    const next = await run("promote rain 1.1.0 production");
    const { holdout: said } = next.document;
    expect(said).toMatchObject({ verdict: "pass", uses: 2 });
    expect(said.gates.map(({ rule }: { rule: string }) => rule)).toContain("accuracy >= 0.8");
    expect(JSON.stringify(said)).not.toContain("latency");
  });

  it("refuses with exit 1, keeps the stage, and gives the same answer again without another look", async () => {
    const refused = await run("promote rain 1.2.0 production");
    expect(refused.status).toBe(1);
    expect(refused.document.problems[0]).toMatchObject({
      message: "1.2.0 has the verdict fail on the holdout, against 1.1.0",
      received: expect.stringMatching(/accuracy >= 0\.8: fail \(0\.55/),
    });
    const after = await readHistory();
    expect(after.at(-1)).toMatchObject({ event: "evaluation-use", version: "1.2.0", stage: "production" });
    const again = await run("promote rain 1.2.0 production");
    expect(again.status).toBe(1);
    expect(again.stderr).not.toContain("judging");
    expect(await readHistory()).toEqual(after);
    expect((await run("registry verify")).document).toMatchObject({ holds: true });
  });

  it("lets nothing of the rows out: no place, no id, neither in the ledger nor in what is printed", async () => {
    const printed = JSON.stringify(await run("promote rain 1.2.0 production"));
    const events = await registry.call("GET", `/repos/${registry.repository}/git/trees/modelgate%2Fledger?recursive=1`);
    const files = (events as { tree: { type: string; url: string }[] }).tree.filter(({ type }) => type === "blob");
    const texts = await Promise.all(
      files.map(async ({ url }) => {
        const blob = (await registry.call("GET", url.slice(registry.github.url.length))) as { content: string };
        return Buffer.from(blob.content, "base64").toString("utf8");
      }),
    );
    expect(texts.some((text) => text.includes('"purpose":"holdout"'))).toBe(true);
    for (const text of [printed, ...texts]) expect(text).not.toMatch(/Atlantis|Avalon/);
  });

  it("is answered from the ledger where the rows cannot be had, and refused where it never looked", async () => {
    const settings = parseConfig(config, "modelgate.yml").models.get("rain");
    if (!settings) throw new Error("no model");
    const ask = async (version: string) =>
      promote(
        {
          model: "rain",
          version,
          stage: "production",
          reason: null,
          actor: null,
          stages: settings.stages,
          holdout: { settings, judge: null },
        },
        await registry.session(),
        registry.context,
      );
    await expect(ask("1.2.0")).rejects.toMatchObject({ exitCode: 1, message: expect.stringMatching(/verdict fail/) });
    await expect(ask("1.0.0")).rejects.toMatchObject({
      exitCode: 1,
      message: expect.stringMatching(/there is none on 1\.0\.0/),
    });
  });

  it("refuses a version that was trained on rows of it", async () => {
    const candidate = join(registry.folder, "candidate");
    mkdirSync(join(candidate, "model"), { recursive: true });
    writeFileSync(join(candidate, "model/predictions.csv"), predict(3));
    const train = "id,wet,place\n3,1,Atlantis\n900,0,Avalon\n4,0,Atlantis\n";
    writeFileSync(join(registry.folder, "trained.csv"), train);
    const described = await describeData("trained.csv", {}, registry.context);
    const record = {
      kind: "run-record",
      schemaVersion: 1,
      model: "rain",
      trainer: "command",
      params: {},
      seed: 1,
      code: { sha: null, dirty: false },
      data: [{ name: "train", source: "trained.csv", window: null, ...described }],
      features: [],
      environment: {},
      startedAt: "2026-01-01T00:00:00Z",
      durationSeconds: 1,
      peakMemoryBytes: null,
      exitCode: 0,
      cost: null,
      outputs: [],
      metrics: {},
    };
    writeFileSync(join(candidate, "run-record.json"), JSON.stringify(record));
    await registry.publish("", { files: [], candidate });
    const refused = await run("promote rain 1.3.0 production");
    expect(refused.status).toBe(1);
    expect(refused.document.problems[0].message).toMatch(
      /^2 of the 200 rows of the holdout are among the rows it was made from/,
    );
  });

  it("does not move anything when the rows cannot be read", async () => {
    writeFileSync(join(registry.folder, "secret/holdout.csv"), "id,wet,place\n");
    const empty = await run("promote rain 1.0.0 production");
    expect(empty.status).toBe(2);
    expect((await run("registry resolve rain@production")).document).toMatchObject({ version: "1.1.0" });
    writeFileSync(join(registry.folder, "secret/holdout.csv"), holdout.replace("0,0,Atlantis", "0,1,Atlantis"));
    expect((await run("promote rain 1.2.0 production")).stderr).toContain("judging rain@1.2.0 on the holdout");
  });
});
