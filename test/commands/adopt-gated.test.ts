// After a merge: the gated bytes are taken over only where nothing whatever differs. Every doubt means training again, and says why.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { adoptGated } from "../../src/commands/adopt-gated.ts";
import type { Evidence } from "../../src/evidence/evidence.ts";
import { sha256Hex } from "../../src/json/digest.ts";
import { type Answers, openRecordedSession } from "../app/recorded-github.ts";
import { makeEvidence, makeModel } from "../evidence/sample.ts";
import { makeZip } from "../evidence/zip.ts";

const [head, before, after] = ["a".repeat(40), "b".repeat(40), "c".repeat(40)] as const;
const at = "/repos/octo/rain";
const config = "version: 1\nmodels: { rain: { paths: [model/**], label: y, task: binary } }\n";
const workflow =
  "on: pull_request\njobs:\n  gate:\n    uses: modelgate/modelgate/.github/workflows/pull-request.yml@v1.0.0\n";
const bytes = "the model";
const candidate = {
  sha256: sha256Hex(bytes),
  bytes: bytes.length,
  files: [{ path: "rain.onnx", sha256: sha256Hex(bytes), bytes: bytes.length }],
};

function judged(more: Partial<Evidence> = {}, outcome: "pass" | "fail" = "pass"): Evidence {
  const first = { baseline: null, firstVersion: true };
  return makeEvidence([makeModel(outcome, { candidate, ...first })], {
    headSha: head,
    baseConfigSha256: sha256Hex(config),
    isolation: "separate-jobs",
    workflowRun: { id: 7, attempt: 1 },
    ...more,
  });
}

const file = (text: string) => ({
  type: "file",
  encoding: "base64",
  size: text.length,
  content: Buffer.from(text).toString("base64"),
});
const tree = (entries: Readonly<Record<string, string>>) => ({
  sha: "d".repeat(40),
  truncated: false,
  tree: Object.entries(entries).map(([path, sha]) => ({ path, sha, mode: "100644", type: "blob", size: 1 })),
});
const files = { ".github/modelgate.yml": "1".repeat(40), "model/train.py": "2".repeat(40) };
const job = (name: string, from: string, to: string) => ({
  id: from.charCodeAt(4),
  name: `gate / ${name}`,
  conclusion: "success",
  started_at: `2026-01-01T00:0${from}:00Z`,
  completed_at: `2026-01-01T00:0${to}:00Z`,
  html_url: "https://github.com/octo/rain/actions/runs/7",
});
const artifact = (id: number, name: string, more: object = {}) => ({
  id,
  name,
  size_in_bytes: 900,
  created_at: "2026-01-01T00:03:00Z",
  expired: false,
  digest: null,
  ...more,
});
const artifactsOf = (name: string) => `GET ${at}/actions/runs/7/artifacts?name=${name}&per_page=100`;
const list = (...artifacts: readonly object[]) => ({ total_count: artifacts.length, artifacts });

/** A merge of which nothing speaks against taking its bytes over. */
function answersFor(evidence: Evidence): Answers {
  const zip = makeZip([{ name: "evidence.json", content: JSON.stringify(evidence) }]);
  return {
    [`GET ${at}/commits/${after}/pulls`]: [
      {
        number: 12,
        state: "closed",
        merged_at: "2026-01-01T01:00:00Z",
        html_url: "https://github.com/octo/rain/pull/12",
        title: "Better",
        user: { login: "ann" },
        head: { sha: head, ref: "better", repo: { id: 9 } },
        base: { sha: before, ref: "main", repo: { id: 9 } },
      },
    ],
    [`GET ${at}/actions/runs`]: {
      total_count: 1,
      workflow_runs: [
        {
          id: 7,
          run_attempt: 1,
          html_url: "https://github.com/octo/rain/actions/runs/7",
          event: "pull_request",
          status: "completed",
          conclusion: "success",
          head_sha: head,
          head_branch: "better",
          head_repository: { id: 9 },
          path: ".github/workflows/gate.yml",
          created_at: "2026-01-01T00:00:00Z",
        },
      ],
    },
    [artifactsOf("modelgate-evidence")]: list(artifact(1, "modelgate-evidence")),
    [artifactsOf("modelgate-candidates")]: list(artifact(2, "modelgate-candidates")),
    [`GET ${at}/actions/artifacts/1/zip`]: new Uint8Array(zip),
    [`GET ${at}/contents/.github/modelgate.yml`]: file(config),
    [`GET ${at}/contents/.github/workflows/gate.yml`]: file(workflow),
    [`GET ${at}/pulls/12/files`]: [{ filename: "model/train.py" }],
    [`GET ${at}/actions/runs/7/jobs`]: {
      total_count: 2,
      jobs: [job("train", "1", "2"), job("validate", "2", "4")],
    },
    [`GET ${at}/collaborators/ann/permission`]: { permission: "write", role_name: "write" },
    [`GET ${at}`]: { full_name: "octo/rain" },
    [`GET ${at}/compare/${before}...${after}`]: { status: "ahead", files: [{ filename: "model/train.py" }] },
    [`GET ${at}/git/trees/${head}`]: tree(files),
    [`GET ${at}/git/trees/${after}`]: tree(files),
  };
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "modelgate-adopt-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Change {
  readonly evidence?: Evidence;
  readonly answers?: Answers;
  /** What the artifact with the candidates holds, by path; null = it is gone. */
  readonly candidates?: Readonly<Record<string, string>> | null;
  readonly downloaded?: Evidence;
  readonly event?: object;
}

async function adopt({ evidence = judged(), answers = {}, event = {}, ...change }: Change = {}) {
  const { session, asked } = openRecordedSession({ ...answersFor(evidence), ...answers });
  const { candidates = { "rain/model/rain.onnx": bytes } } = change;
  const fetchFolder = async (_run: number, name: string, out: string) => {
    const held =
      name === "modelgate-candidates" ? candidates : { "evidence.json": JSON.stringify(change.downloaded ?? evidence) };
    for (const [path, content] of Object.entries(held ?? {})) {
      mkdirSync(dirname(join(out, path)), { recursive: true });
      writeFileSync(join(out, path), content);
    }
    return held !== null;
  };
  const push = { before, after, ref: "refs/heads/main", ...event };
  const common = { publisher: "modelgate/modelgate", candidatesName: "modelgate-candidates", folder };
  const ports = { session, fetchFolder };
  const outcome = await adoptGated({ event: push, ...common }, ports, session.context);
  // Publishing is another job's work, and it has nothing to publish unless a run is named.
  expect(asked.filter(({ route }) => !/^(GET|POST \/graphql)/.test(route))).toEqual([]);
  expect(outcome.exitCode).toBe(0);
  return outcome;
}

describe("after a merge", () => {
  it("takes over the gated bytes where nothing differs", async () => {
    const { document } = await adopt();
    expect(document).toMatchObject({ reason: null, run: 7, models: ["rain"] });
    expect(readdirSync(join(folder, "candidates/rain/model"))).toEqual(["rain.onnx"]);
  });

  const changedConfig = `${config}# other\n`;
  it.each<[string, Change, RegExp]>([
    [
      "the models have expired",
      {
        answers: {
          [artifactsOf("modelgate-candidates")]: list(artifact(2, "modelgate-candidates", { expired: true })),
        },
      },
      /^the models of workflow run 7 have expired or were deleted$/,
    ],
    ["the models were deleted while they were fetched", { candidates: null }, /have expired or were deleted$/],
    [
      "the evidence has expired",
      { answers: { [artifactsOf("modelgate-evidence")]: list(artifact(1, "modelgate-evidence", { expired: true })) } },
      /^the evidence of #12 is self-reported: there is none$/,
    ],
    [
      "the evidence is self-reported: one job trained and judged",
      { evidence: judged({ isolation: "one-job" }) },
      /^the evidence of #12 is self-reported: Training and judging ran in one job/,
    ],
    [
      "the evidence is self-reported: a program of the repository predicted",
      { evidence: judged({ ranProposedCode: true }) },
      /is self-reported: A program of the repository made the predictions/,
    ],
    [
      "the pull request changed workflow files",
      {
        answers: {
          [`GET ${at}/pulls/12/files`]: [{ filename: "model/train.py" }, { filename: ".github/workflows/gate.yml" }],
        },
      },
      /is self-reported: This pull request changes what runs in the workflow: \.github\/workflows\/gate\.yml/,
    ],
    [
      "the workflow on base is not a release's",
      { answers: { [`GET ${at}/contents/.github/workflows/gate.yml`]: file(workflow.replace("v1.0.0", "main")) } },
      /is self-reported: The workflow on the base branch calls modelgate\/modelgate at main, which is not a release/,
    ],
    [
      "the training job was still at work when the evidence was made",
      {
        answers: {
          [`GET ${at}/actions/runs/7/jobs`]: {
            total_count: 2,
            jobs: [job("train", "1", "5"), job("validate", "2", "4")],
          },
        },
      },
      /is self-reported: Another job of the workflow was at work/,
    ],
    [
      "the merged config is another one",
      { answers: { [`GET ${at}/contents/.github/modelgate.yml?ref=${after}`]: file(changedConfig) } },
      /^the config is another one than that by which the pull request was judged$/,
    ],
    [
      "the config on base changed since it was judged",
      { answers: { [`GET ${at}/contents/.github/modelgate.yml`]: file(changedConfig) } },
      /^#12 does not pass its gates now: .*config/,
    ],
    [
      "the lock is another one",
      { answers: { [`GET ${at}/git/trees/${after}`]: tree({ ...files, "modelgate.lock": "3".repeat(40) }) } },
      /^modelgate\.lock is not what was gated for rain: the branch moved under the pull request$/,
    ],
    [
      "a file of the model is another one",
      { answers: { [`GET ${at}/git/trees/${after}`]: tree({ ...files, "model/train.py": "3".repeat(40) }) } },
      /^model\/train\.py is not what was gated for rain/,
    ],
    [
      "GitHub does not list the whole tree",
      { answers: { [`GET ${at}/git/trees/${after}`]: { ...tree(files), truncated: true } } },
      /^the repository holds more files than GitHub lists at once$/,
    ],
    [
      "the bytes are others",
      { candidates: { "rain/model/rain.onnx": "poison!!!" } },
      /^rain\.onnx of rain is not what was gated$/,
    ],
    [
      "there is a file too many",
      { candidates: { "rain/model/rain.onnx": bytes, "rain/model/more.onnx": bytes } },
      /^the files of rain are not those that were gated$/,
    ],
    [
      "the evidence became another one while it was read",
      { downloaded: judged({ createdAt: "2026-01-02T00:00:00Z" }) },
      /^the evidence changed while it was read$/,
    ],
    ["its gates failed", { evidence: judged({}, "fail") }, /^#12 does not pass its gates now: /],
    [
      "the evidence is of another head",
      { evidence: judged({ headSha: "e".repeat(40) }) },
      /^#12 does not pass its gates now: /,
    ],
    [
      "nobody merged a pull request with it",
      { answers: { [`GET ${at}/commits/${after}/pulls`]: [] } },
      /^no pull request was merged with it$/,
    ],
    ["the branch is new", { event: { before: "0".repeat(40) } }, /^this is not a push to a branch that was there$/],
    ["GitHub fails", { answers: { [`GET ${at}/commits/${after}/pulls`]: 500 } }, /^it could not be found out: /],
  ])("trains again where %s", async (_, change, reason) => {
    const { document, text } = await adopt(change);
    expect(document).toMatchObject({ run: null, evidenceSha256: null, models: [] });
    expect(document.reason).toMatch(reason);
    expect(text).toBe(`training again: ${document.reason}`);
  });
});
