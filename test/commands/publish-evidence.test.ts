// Only bytes that were gated are published, and only when the gates let them.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { publish } from "../../src/commands/publish.ts";
import { parseConfig } from "../../src/config/parse.ts";
import type { Evidence } from "../../src/evidence/evidence.ts";
import { sha256Hex } from "../../src/json/digest.ts";
import { makeEvidence, makeGate, makeModel } from "../evidence/sample.ts";
import { type LocalRegistry, startLocalRegistry } from "./local-registry.ts";

type Outcome = "pass" | "fail" | "inconclusive";
const config = parseConfig(
  'version: 1\nmodels: { rain: { gates: ["roc_auc >= 0.8"], label: y, task: binary } }\n',
  "modelgate.yml",
);
const settings = config.models.get("rain") ?? null;

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
    const gate = makeGate(outcome, accepted ? { accepted: { by: "ann", reason: "fine" } } : {});
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
    ["evidence about another model", ["x", makeEvidence([])], /holds no verdict on rain/],
  ])("refuses %s, and writes nothing", async (_name, given, message) => {
    await expect(run(...given)).rejects.toMatchObject({ exitCode: 1, message: expect.stringMatching(message) });
    expect(await registry.call("GET", `/repos/${registry.repository}/releases`)).toEqual([]);
  });

  it("publishes what passed, and what a maintainer accepted, with the documents beside the model", async () => {
    writeFileSync(join(registry.folder, "candidate/profile.json"), '{"kind":"profile"}');
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
