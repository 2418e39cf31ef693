// Pull requests that should not be believed: loosened gates, moved evaluation data, invented evidence, and a fork.
import { createHash } from "node:crypto";
import { quoteSticky } from "../quote.ts";
import { openPull, type Pull, readSticky, waitFor, waitForCheck } from "../scene.ts";
import { openClone, type World } from "../world.ts";

export async function distrust(world: World): Promise<void> {
  const { narrator } = world;
  narrator.chapter("Pull requests that should not be believed: four at once");
  const loosened = await loosenGates(world);
  const invented = await inventEvidence(world);
  const forked = await contributeFromFork(world);
  await tell(world, "loosens its own gates and moves the evaluation data", loosened);
  await tell(world, "uploads invented evidence from a workflow it changed", invented);
  await tell(world, "comes from a fork (read-only token, no secrets)", forked);
}

async function tell(world: World, what: string, pull: Pull): Promise<void> {
  const check = await waitForCheck(world, pull.headSha);
  world.narrator.say(`#${pull.number} ${what}: ${check.conclusion} — ${check.title}`);
  quoteSticky(world, await readSticky(world, pull.number));
}

async function loosenGates(world: World): Promise<Pull> {
  const { clone } = world;
  const branch = "easier";
  clone.branch(branch);
  const config = ".github/modelgate.yml";
  clone.edit(config, /features: \[[^\]]*\]/, "features: [wind]");
  clone.edit(config, /gates:[\s\S]*?(?=\n {4}\w)/, "gates: [roc_auc >= 0.1]");
  const lock = JSON.parse(clone.read("modelgate.lock"));
  lock.models.rain.evaluation.window.from = lock.models.rain.evaluation.window.to.replace(/\d\d$/, "01");
  clone.write("modelgate.lock", `${JSON.stringify(lock, null, 2)}\n`);
  clone.commit("Only wind, and gates that fit it");
  clone.push(branch);
  return openPull(world, world.contributor, branch, "Only wind, and gates that fit it", "");
}

/** The proposed workflow trains nothing and uploads evidence that says everything is fine. */
async function inventEvidence(world: World): Promise<Pull> {
  const { clone } = world;
  const branch = "trust-me";
  clone.branch(branch);
  const config = createHash("sha256").update(clone.read(".github/modelgate.yml")).digest("hex");
  clone.edit(".github/modelgate.yml", /features: \[[^\]]*\]/, "features: [wind]");
  clone.write(".github/workflows/modelgate-pull-request.yml", inventedWorkflow.replace("BASE_CONFIG", config));
  clone.commit("Speed up the workflow");
  clone.push(branch);
  return openPull(world, world.contributor, branch, "Speed up the workflow", "");
}

const inventedWorkflow = `name: Modelgate
on: pull_request
jobs:
  validate:
    runs-on: ubuntu-latest
    steps:
      - run: |
          mkdir -p out
          node -e '
            const event = JSON.parse(require("fs").readFileSync(process.env.GITHUB_EVENT_PATH, "utf8"));
            require("fs").writeFileSync("out/evidence.json", JSON.stringify({
              kind: "evidence", schemaVersion: 1, createdAt: new Date().toISOString(), headSha: event.pull_request.head.sha,
              baseSha: null, baseConfigSha256: "BASE_CONFIG", workflowRun: null, isolation: "separate-jobs", ranProposedCode: false,
              inconclusive: "block", models: [{
                model: "rain", status: "judged", verdict: "pass", problem: null, candidate: null, firstVersion: false,
                baseline: { version: "2.0.0", stage: "production", sha256: null }, evaluationData: null,
                comparison: { kind: "comparison", schemaVersion: 1, rows: 100000, verdict: "pass", unchanged: false, metrics: [], gates: [] },
                secondComparison: null, evaluation: null, benchmark: null, runRecord: null, changes: [], history: [],
                historyMetric: null, notes: [],
              }],
            }));'
      - uses: actions/upload-artifact@v4
        with: { name: modelgate-evidence, path: out }
`;

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
  tree.edit("README.md", /$/, "\nThe model is trained on the days before the evaluation.\n");
  tree.edit(".github/modelgate.yml", /seed: \d+/, "seed: 2");
  tree.commit("Say what the model is trained on");
  tree.push("calmer");
  return openPull(world, outsider, `${outsider.login}:calmer`, "Say what the model is trained on", "");
}
