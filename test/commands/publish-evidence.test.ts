// Only bytes that were gated are published, and only when the gates let them.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { publish } from "../../src/commands/publish.ts";
import { publishModels } from "../../src/commands/publish-models.ts";
import { parseConfig } from "../../src/config/parse.ts";
import type { Evidence } from "../../src/evidence/evidence.ts";
import { writeProfileDocument } from "../../src/evidence/profile-document.ts";
import { sha256Hex } from "../../src/json/digest.ts";
import { profileColumn } from "../../src/monitoring/profile-table.ts";
import { makeEvidence, makeGate, makeModel } from "../evidence/sample.ts";
import { type LocalRegistry, startLocalRegistry } from "./local-registry.ts";

type Outcome = "pass" | "fail" | "inconclusive";
const configText = 'version: 1\nmodels: { rain: { gates: ["roc_auc >= 0.8"], label: y, task: binary } }\n';
const config = parseConfig(configText, "modelgate.yml");
const settings = config.models.get("rain") ?? null;

it("takes the evidence of the judging job only, about this commit and this config, and writes nothing otherwise", async () => {
  const registry = await startLocalRegistry();
  try {
    const folder = join(registry.folder, "main");
    mkdirSync(join(folder, ".github"), { recursive: true });
    writeFileSync(join(folder, ".github/modelgate.yml"), configText);
    const evidence = makeEvidence([makeModel("pass")], { baseConfigSha256: sha256Hex(configText) });
    const publishing = async (of: Evidence, known: string | null, sha = of.headSha) => {
      writeFileSync(join(folder, "evidence.json"), JSON.stringify(of));
      const settings = {
        candidates: folder,
        evidence: folder,
        evidenceSha256: known,
        configFile: undefined,
        adoptedRun: null,
      };
      const environment = { ...registry.context.environment, GITHUB_ACTIONS: "true", GITHUB_SHA: sha };
      const context = { ...registry.context, folder, environment };
      const rest = { authors: [], runUrl: "https://github.test/run", dryRun: false };
      return publishModels({ ...settings, ...rest }, await registry.session(), context);
    };
    const refused = (message: string) => ({ exitCode: 1, message: expect.stringContaining(message) });
    await expect(publishing(evidence, "0".repeat(64))).rejects.toMatchObject(
      refused("not the evidence that the validating"),
    );
    await expect(publishing(evidence, null, "b".repeat(40))).rejects.toMatchObject(refused("another commit"));
    await expect(publishing(makeEvidence([makeModel("pass")]), null)).rejects.toMatchObject(refused("another config"));
    const answer = await publishing(makeEvidence([], { baseConfigSha256: sha256Hex(configText) }), null);
    expect(answer.document).toMatchObject({ publications: [], refused: [] });
    expect(await registry.call("GET", `/repos/${registry.repository}/releases`)).toEqual([]);
  } finally {
    await registry.stop();
  }
});

describe("publishing with evidence", () => {
  let registry: LocalRegistry;
  beforeAll(async () => {
    registry = await startLocalRegistry();
  });
  afterAll(() => registry.stop());

  async function run(bytes: string, evidence: Evidence | null, environment: Record<string, string> = {}) {
    const candidate = join(registry.folder, "candidate");
    mkdirSync(join(candidate, "model"), { recursive: true });
    writeFileSync(join(candidate, "model/rain.onnx"), bytes);
    writeFileSync(join(registry.folder, "evidence.json"), JSON.stringify(evidence));
    const rest = { version: null, card: null, profile: null, reason: null, actor: null, root: null };
    return publish(
      { model: "rain", config: settings, files: [], candidate, evidence: evidence && registry.folder, ...rest },
      await registry.session(),
      { ...registry.context, environment: { ...registry.context.environment, ...environment } },
    );
  }

  function judge(bytes: string, outcome: Outcome, accepted = false): Evidence {
    const sha256 = sha256Hex(bytes);
    const files = [{ path: "rain.onnx", sha256, bytes: bytes.length }];
    const model = makeModel(outcome, { candidate: { sha256, bytes: bytes.length, files } });
    const told = { id: "roc_auc", rule: "roc_auc >= 0.8" };
    const gate = makeGate(outcome, accepted ? { ...told, accepted: { by: "ann", reason: "fine" } } : told);
    const comparison = model.comparison && { ...model.comparison, gates: [gate] };
    return makeEvidence([{ ...model, comparison }]);
  }

  it.each<[string, Parameters<typeof run>, RegExp]>([
    ["without evidence, where gates exist", ["x", null], /has gates, and no evidence/],
    ["a failed gate", ["x", judge("x", "fail")], /the gate is fail/],
    ["an inconclusive gate", ["x", judge("x", "inconclusive")], /the gate is inconclusive/],
    ["other bytes than those that were judged", ["x", judge("y", "pass")], /not the bytes that were gated/],
    [
      "evidence of another workflow run",
      ["x", judge("x", "pass"), { GITHUB_ACTIONS: "true", GITHUB_ACTOR: "ann", GITHUB_RUN_ID: "2" }],
      /another workflow run/,
    ],
    [
      "evidence that is silent about a gate of the config",
      ["x", makeEvidence([{ ...judge("x", "pass").models[0]!, comparison: makeModel("pass").comparison }])],
      /does not say how these gates fared/,
    ],
    ["evidence about another model", ["x", makeEvidence([])], /holds no verdict on rain/],
  ])("refuses %s, and writes nothing", async (_name, given, message) => {
    await expect(run(...given)).rejects.toMatchObject({ exitCode: 1, message: expect.stringMatching(message) });
    expect(await registry.call("GET", `/repos/${registry.repository}/releases`)).toEqual([]);
  });

  it("publishes what passed, and what a maintainer accepted, with the documents beside the model", async () => {
    const counted = profileColumn({
      name: "x",
      type: "numeric",
      values: Float64Array.from({ length: 50 }, (_, i) => i),
    });
    const exact = writeProfileDocument({ rows: 50, columns: [counted] });
    writeFileSync(join(registry.folder, "candidate/profile.json"), JSON.stringify(exact));
    const passed = await run("x", judge("x", "pass"));
    expect(passed.document).toMatchObject({ version: "1.0.0", state: "published" });
    expect(passed.document.assets.map((asset) => asset.name)).toEqual([
      "rain.onnx",
      "evaluation.json",
      "card.md",
      "profile.json",
    ]);
    expect((await run("y", judge("y", "inconclusive", true))).document).toMatchObject({ version: "1.1.0" });
  });
});
