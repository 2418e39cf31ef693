// The App as `npm start` runs it, beside a local GitHub with one repository that gates a model.
import type { ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Octokit } from "@octokit/rest";
import { onTestFinished } from "vitest";
import type { LocalGitHub } from "../github/server.ts";
import { startAppProcess } from "../github/start-app.ts";
import { clientOf, startTestGitHub } from "../github/testing.ts";

const program = join(import.meta.dirname, "../../dist/app.mjs");

export interface RunningApp {
  readonly url: string;
  readonly child: ChildProcess;
  readonly log: () => string;
}

/** Starts the built App and points the webhook of the local GitHub's App at it; both end with the test. */
export async function startApp(github: LocalGitHub): Promise<RunningApp> {
  let log = "";
  const onLog = (text: string) => {
    log += text;
  };
  const running = await startAppProcess(program, github, onLog, (child) =>
    onTestFinished(() => {
      child.kill("SIGKILL");
    }),
  );
  return { ...running, log: () => log };
}

export const configText = `version: 1
models:
  rain:
    paths: [model/**]
    gates: [roc_auc drop <= 0.5pp]
`;

/** A workflow that trains nothing and reports what \`model/outcome\` says: self-reported evidence, made in one job. */
const workflowText = `name: gate
on: pull_request
jobs:
  gate:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0
      - run: node .github/evidence.mjs
      - uses: actions/upload-artifact@ea165f8d65b6e75b540449e92b4886f43607fa02 # v4.6.2
        with: { name: modelgate-evidence, path: evidence.json }
`;

/** What `model/patch.json` holds is laid over the evidence, its `rain` over what it says of the model. */
const evidenceProgram = `import { existsSync, readFileSync, writeFileSync } from "node:fs";
const { rain = {}, ...patch } = existsSync("model/patch.json") ? JSON.parse(readFileSync("model/patch.json", "utf8")) : {};
const workflowRun = { id: Number(process.env.GITHUB_RUN_ID), attempt: Number(process.env.GITHUB_RUN_ATTEMPT) };
const event = JSON.parse(readFileSync(process.env.GITHUB_EVENT_PATH, "utf8"));
const outcome = readFileSync("model/outcome", "utf8").trim();
const gate = { id: "roc_auc drop", rule: "roc_auc drop <= 0.5pp", resolved: "0.5 points", outcome, severity: "fail",
  reason: "the interval is wide", metric: "roc_auc", slice: null, rows: 90, value: 0.8, threshold: 0.005, baseline: null,
  difference: 0, interval: [-0.1, 0.1], confidence: 0.95, pValuePass: null, pValueFail: null, adjustedPValueFail: null,
  smallestDetectableEffect: null, passableMargin: null, rowsNeeded: 1900 };
const comparison = { kind: "comparison", schemaVersion: 1, rows: 90, verdict: outcome, unchanged: false, metrics: [], gates: [gate] };
writeFileSync("evidence.json", JSON.stringify({ kind: "evidence", schemaVersion: 1, createdAt: new Date().toISOString(),
  headSha: event.pull_request.head.sha, baseSha: null, baseConfigSha256: "CONFIG", workflowRun, isolation: "one-job",
  ranProposedCode: false, inconclusive: "block", models: [{ model: "rain", status: "judged", verdict: outcome, problem: null,
  candidate: null, baseline: null, firstVersion: true, evaluationData: null, comparison, secondComparison: null, evaluation: null,
  benchmark: null, runRecord: null, changes: [], history: [], historyMetric: null, notes: [], ...rain }], ...patch }));
`;

export interface World {
  readonly github: LocalGitHub;
  readonly app: RunningApp;
  readonly owner: Octokit;
  readonly at: { readonly owner: string; readonly repo: string };
  /** A pull request whose evidence will say this. */
  readonly propose: (branch: string, outcome: string, more?: Readonly<Record<string, string>>) => Promise<Proposal>;
  readonly addPerson: (login: string, role: string) => Promise<Octokit>;
}

export interface Proposal {
  readonly number: number;
  readonly headSha: string;
}

export async function startWorld(): Promise<World> {
  const github = await startTestGitHub();
  const app = await startApp(github);
  const owner = clientOf(github);
  await owner.rest.repos.createForAuthenticatedUser({ name: "rain", auto_init: true });
  const at = { owner: github.owner, repo: "rain" };
  const digest = createHash("sha256").update(configText).digest("hex");
  await commit(owner, at, "main", {
    ".github/modelgate.yml": configText,
    ".github/workflows/gate.yml": workflowText,
    ".github/evidence.mjs": evidenceProgram.replace("CONFIG", digest),
    "model/outcome": "pass\n",
  });
  await github.idle();
  const propose = async (branch: string, outcome: string, more: Readonly<Record<string, string>> = {}) => {
    const { data } = await owner.rest.git.getRef({ ...at, ref: "heads/main" });
    await owner.rest.git.createRef({ ...at, ref: `refs/heads/${branch}`, sha: data.object.sha });
    const headSha = await commit(owner, at, branch, {
      "model/outcome": `${outcome}\n`,
      "model/change": branch,
      ...more,
    });
    const pull = await owner.rest.pulls.create({ ...at, title: branch, head: branch, base: "main" });
    await github.idle();
    return { number: pull.data.number, headSha };
  };
  const addPerson = async (login: string, role: string) => {
    const answer = await fetch(`${github.url}/_local/users`, {
      method: "POST",
      headers: { authorization: `Bearer ${github.token}`, "content-type": "application/json" },
      body: JSON.stringify({ login, repo: `${at.owner}/${at.repo}`, role }),
    });
    const { token } = (await answer.json()) as { token: string };
    return clientOf(github, token);
  };
  return { github, app, owner, at, propose, addPerson };
}

/** One commit with these files on a branch; its SHA. */
export async function commit(
  client: Octokit,
  at: { readonly owner: string; readonly repo: string },
  branch: string,
  files: Readonly<Record<string, string>>,
): Promise<string> {
  const { data: ref } = await client.rest.git.getRef({ ...at, ref: `heads/${branch}` });
  const tree = await client.rest.git.createTree({
    ...at,
    base_tree: ref.object.sha,
    tree: Object.entries(files).map(([path, content]) => ({ path, content, mode: "100644", type: "blob" })),
  });
  const made = await client.rest.git.createCommit({
    ...at,
    message: `Change ${Object.keys(files).join(", ")}`,
    tree: tree.data.sha,
    parents: [ref.object.sha],
  });
  await client.rest.git.updateRef({ ...at, ref: `heads/${branch}`, sha: made.data.sha });
  return made.data.sha;
}

/** The App's checks on a commit, newest first. */
export async function listChecks({ owner, at }: World, headSha: string) {
  const { data } = await owner.rest.checks.listForRef({ ...at, ref: headSha, check_name: "modelgate", filter: "all" });
  return data.check_runs;
}

export async function listComments({ owner, at }: World, number: number) {
  const { data } = await owner.rest.issues.listComments({ ...at, issue_number: number, per_page: 100 });
  return data;
}
