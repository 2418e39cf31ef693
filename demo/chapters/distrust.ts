// Pull requests that should not be believed: loosened gates, moved evaluation data, invented evidence, and a fork.
import { runModelgate } from "../modelgate.ts";
import { quoteSticky } from "../quote.ts";
import { openPull, type Pull, readSticky, waitFor, waitForCheck } from "../scene.ts";
import { openClone, type World } from "../world.ts";

/** Pull requests under way, each with what is wrong with it. */
export type Doubtful = readonly { readonly what: string; readonly pull: Pull }[];

/** Opens all three, so that their workflows run while the story goes on. */
export async function openDoubtful(world: World): Promise<Doubtful> {
  return [
    { what: "loosens its own gates and moves the evaluation data", pull: await loosenGates(world) },
    { what: "uploads invented evidence from a workflow it changed", pull: await inventEvidence(world) },
    { what: "comes from a fork (read-only token, no secrets)", pull: await contributeFromFork(world) },
  ];
}

export async function distrust(world: World, doubtful: Doubtful): Promise<void> {
  world.narrator.chapter("Pull requests that should not be believed, and one from a fork");
  for (const { what, pull } of doubtful) await tell(world, what, pull);
}

async function tell(world: World, what: string, pull: Pull): Promise<void> {
  const check = await waitForCheck(world, pull.headSha);
  world.narrator.say(`#${pull.number} ${what}: ${check.conclusion} — ${check.title}`);
  quoteSticky(world, await readSticky(world, pull.number));
}

async function loosenGates(world: World): Promise<Pull> {
  const { clone } = world;
  const branch = "easier";
  const config = ".github/modelgate.yml";
  clone.branch(branch);
  clone.edit(config, /features: \[[^\]]*\]/, "features: [wind]");
  clone.edit(config, "roc_auc drop <= 2pp", "roc_auc drop <= 50pp");
  clone.edit(config, "log_loss rise <= 0.02", "log_loss rise <= 2");
  clone.edit(config, "from: 2014-01-01, to: 2014-11-30", "from: 2014-07-01, to: 2014-08-31");
  await runModelgate(world, world.contributor, "lock", "rain");
  clone.commit("Only wind, and gates that fit it");
  clone.push(branch);
  return openPull(world, world.contributor, branch, "Only wind, and gates that fit it", "");
}

/** The proposed workflow trains nothing and uploads evidence that says everything is fine. */
async function inventEvidence(world: World): Promise<Pull> {
  const { clone } = world;
  const branch = "trust-me";
  clone.branch(branch);
  clone.edit(".github/modelgate.yml", /features: \[[^\]]*\]/, "features: [wind]");
  clone.write(".github/workflows/modelgate-pull-request.yml", inventedWorkflow);
  clone.commit("Speed up the workflow");
  clone.push(branch);
  return openPull(world, world.contributor, branch, "Speed up the workflow", "");
}

/** Reads the base's config, so that the invention fits it in everything that can be checked by itself. */
const inventedWorkflow = `name: Modelgate pull request
on: pull_request
jobs:
  validate:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
        with: { ref: "\${{ github.base_ref }}" }
      - run: node invent.mjs
        env:
          HEAD_SHA: \${{ github.event.pull_request.head.sha }}
          SCRIPT: |
            import { createHash } from "node:crypto";
            import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
            const sha256 = (text) => createHash("sha256").update(text).digest("hex");
            const gate = (rule, metric, value) => ({ id: rule, rule, resolved: rule, outcome: "pass", severity: "fail",
              reason: "wonderful", metric, slice: null, rows: 334, value, threshold: 0.6, baseline: 0.85, difference: 0.1,
              interval: [0.09, 0.11], confidence: 0.95, pValuePass: 0, pValueFail: 1, adjustedPValueFail: 1,
              smallestDetectableEffect: null, passableMargin: null, rowsNeeded: null });
            const comparison = { kind: "comparison", schemaVersion: 1, rows: 334, verdict: "pass", unchanged: false, metrics: [],
              gates: [gate("roc_auc >= 0.60", "roc_auc", 0.99)] };
            const model = { model: "rain", status: "judged", verdict: "pass", problem: null, candidate: null,
              baseline: { version: "3.0.0", stage: "production", sha256: null }, firstVersion: false, evaluationData: null,
              comparison, secondComparison: null, evaluation: null, benchmark: null, runRecord: null, changes: [], history: [],
              historyMetric: null, notes: [] };
            mkdirSync("out");
            writeFileSync("out/evidence.json", JSON.stringify({ kind: "evidence", schemaVersion: 1,
              createdAt: new Date().toISOString(), headSha: process.env.HEAD_SHA, baseSha: null,
              baseConfigSha256: sha256(readFileSync(".github/modelgate.yml")), workflowRun: null, isolation: "separate-jobs",
              ranProposedCode: false, inconclusive: "block", models: [model] }));
        shell: bash
      - uses: actions/upload-artifact@v4
        with: { name: modelgate-evidence, path: out }
`.replace("- run: node invent.mjs", '- run: printf "%s" "$SCRIPT" > invent.mjs && node invent.mjs');

async function contributeFromFork(world: World): Promise<Pull> {
  const { outsider, repository, github, folder } = world;
  const { owner, name } = repository;
  const { data: fork } = await outsider.octokit.repos.createFork({ owner, repo: name });
  const tree = openClone(github, folder, outsider, { owner: outsider.login, name: fork.name }, world.date);
  await waitFor("the fork", async () => {
    try {
      tree.git("fetch", "--quiet", "origin", "main");
      return true;
    } catch {
      return undefined;
    }
  });
  tree.git("checkout", "--quiet", "-B", "calmer", "origin/main");
  tree.edit(".github/modelgate.yml", "seed: 1", "seed: 1\n      params: { l2: 5 }");
  tree.commit("Regularise a little more");
  tree.push("calmer");
  return openPull(world, outsider, `${outsider.login}:calmer`, "Regularise a little more", "");
}
