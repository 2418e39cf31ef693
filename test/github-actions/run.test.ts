import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunAnswer, type Story, startStory } from "./story.ts";

let story: Story;
let owner: string;
beforeAll(async () => {
  story = await startStory();
  owner = story.github.owner;
});
afterAll(async () => {
  expect(story.github.failures).toEqual([]);
  expect(story.github.contract.violations()).toEqual([]);
  await story.end();
});

const train = `
name: Train
on: { pull_request: {}, push: { branches: [main] }, workflow_dispatch: { inputs: { depth: { type: number, default: 2 } } } }
permissions: { contents: read, checks: write }
jobs:
  train:
    runs-on: ubuntu-latest
    outputs: { rows: "\${{ steps.count.outputs.rows }}" }
    steps:
      - uses: actions/checkout@v4
      - uses: actions/checkout@v4
        with: { path: all, fetch-depth: 0, persist-credentials: false }
      - run: echo "history $(git -C all log --format=%s | tr '\\n' ',') credentials $(grep -c extraheader .git/config all/.git/config | tr '\\n' ' ')"
      - id: count
        run: |
          echo "rows=$(wc -l < data.csv)" >> "$GITHUB_OUTPUT"
          mkdir -p out && tr a-z A-Z < data.csv > out/model.txt
          git log --format=%s -1
      - uses: actions/upload-artifact@v4
        with: { name: model, path: out }
  gate:
    needs: train
    runs-on: ubuntu-latest
    steps:
      - uses: actions/download-artifact@v4
        with: { name: model, path: got }
      - run: |
          echo "rows=\${{ needs.train.outputs.rows }} $(cat got/model.txt | tr '\\n' ' ')"
          echo "### \${{ needs.train.outputs.rows }} rows" >> "$GITHUB_STEP_SUMMARY"
          test "$(wc -l < got/model.txt)" -ge 2
`;

async function newRepository(name: string, files: Readonly<Record<string, string>>): Promise<string> {
  const created = await story.api("POST /user/repos", { name });
  expect(created.status).toBe(201);
  story.commit(`${owner}/${name}`, "main", files, { message: "First" });
  await story.github.idle();
  return `${owner}/${name}`;
}

/** The newest run that the query finds; throws when there is none. */
async function latestRun(repository: string, query = ""): Promise<RunAnswer> {
  const { body } = await story.api(`GET /repos/${repository}/actions/runs?${query}`);
  return first(body.workflow_runs);
}

function first<T>(list: readonly T[]): T {
  const [one] = list;
  if (one === undefined) throw new Error("the list is empty");
  return one;
}

async function logOf(repository: string, runId: number): Promise<string> {
  const { body } = await story.api(`GET /repos/${repository}/actions/runs/${runId}/jobs`);
  const texts = await Promise.all(
    body.jobs.map(async (job) => {
      const response = await fetch(`${story.github.url}/repos/${repository}/actions/jobs/${job.id}/logs`, {
        headers: { authorization: `token ${story.github.token}` },
      });
      return response.text();
    }),
  );
  return texts.join("\n");
}

describe("a push", () => {
  it("runs its jobs in order, hands outputs and artifacts from one to the next, and shows them over REST", async () => {
    const repository = await newRepository("push", { ".github/workflows/train.yml": train, "data.csv": "a\nb\n" });
    const found = await latestRun(repository);
    expect(found).toMatchObject({
      name: "Train",
      event: "push",
      status: "completed",
      conclusion: "success",
      run_number: 1,
    });
    const log = await logOf(repository, found.id);
    expect(log).toContain("rows=2 A B");
    expect(log).toContain("history First, credentials .git/config:1 all/.git/config:0");
    const { body: artifacts } = await story.api(`GET /repos/${repository}/actions/runs/${found.id}/artifacts`);
    expect(artifacts.artifacts.map((artifact) => artifact.name)).toEqual(["model"]);
    const { body: checks } = await story.api(`GET /repos/${repository}/commits/${found.head_sha}/check-runs`);
    expect(checks.check_runs.map((check) => [check.name, check.conclusion, check.app.slug]).sort()).toEqual([
      ["gate", "success", "github-actions"],
      ["train", "success", "github-actions"],
    ]);
    const zip = await fetch(first(artifacts.artifacts).archive_download_url, {
      headers: { authorization: `token ${story.github.token}` },
    });
    expect(zip.status).toBe(200);
    expect(
      Buffer.from(await zip.arrayBuffer())
        .subarray(0, 2)
        .toString(),
    ).toBe("PK");
  });
});

describe("a pull request", () => {
  it("shows its jobs as checks on its head, the failing one with its message, and blocks the merge", async () => {
    const repository = await newRepository("pull", { ".github/workflows/train.yml": train, "data.csv": "a\nb\n" });
    await story.api(`PUT /repos/${repository}/branches/main/protection`, {
      required_status_checks: { strict: false, contexts: ["gate"] },
      enforce_admins: true,
      required_pull_request_reviews: null,
      restrictions: null,
    });
    const head = story.commit(repository, "worse", { "data.csv": "a\n" }, { from: "main" });
    const { body: pull } = await story.api(`POST /repos/${repository}/pulls`, {
      title: "Worse",
      head: "worse",
      base: "main",
    });
    await story.github.idle();
    const found = await latestRun(repository, `event=pull_request&head_sha=${head}`);
    expect(found).toMatchObject({ conclusion: "failure", head_branch: "worse", display_title: "Worse" });
    expect(found.pull_requests.map((one) => one.number)).toEqual([pull.number]);
    expect(await logOf(repository, found.id)).toContain("Merge ");
    const { body: checks } = await story.api(`GET /repos/${repository}/commits/${head}/check-runs?check_name=gate`);
    expect(checks.check_runs[0]).toMatchObject({
      conclusion: "failure",
      output: { annotations_count: 1, summary: "### 1 rows\n" },
    });
    const merge = await story.api(`PUT /repos/${repository}/pulls/${pull.number}/merge`, {});
    expect(merge.status).toBe(405);

    story.commit(repository, "worse", { "data.csv": "a\nb\nc\n" });
    await story.github.idle();
    expect(await latestRun(repository, "event=pull_request")).toMatchObject({ conclusion: "success", run_number: 3 });
    expect((await story.api(`PUT /repos/${repository}/pulls/${pull.number}/merge`, {})).status).toBe(200);
  });

  it("from a fork gets a token that only reads, and no secrets, whatever its workflow asks for", async () => {
    const probe = `
name: Probe
on: pull_request
permissions: { contents: write, issues: write }
jobs:
  probe:
    runs-on: x
    steps:
      - env: { TOKEN: "\${{ github.token }}", SECRET: "\${{ secrets.KEY }}" }
        run: |
          echo "secret=[$SECRET]"
          call() { curl -s -o /dev/null -w "$1 %{http_code}\\n" -X "$1" -H "authorization: token $TOKEN" "$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/issues" -d '{"title":"from a job"}'; }
          call GET; call POST
`;
    const repository = await newRepository("open", { ".github/workflows/probe.yml": probe, "data.csv": "a\n" });
    await story.api("POST /_local/secrets", { owner, repo: "open", name: "KEY", value: "hidden" });
    const { body: ada } = await story.api("POST /_local/users", { login: "ada", repo: "open", role: "read" });
    const { body: fork } = await story.api(`POST /repos/${repository}/forks`, {}, ada.token);
    await story.github.idle();
    story.commit(fork.full_name, "mine", { "data.csv": "b\n" }, { from: "main", token: ada.token });
    const wish = { title: "From outside", head: "ada:mine", base: "main" };
    expect((await story.api(`POST /repos/${repository}/pulls`, wish, ada.token)).status).toBe(201);
    story.commit(repository, "inside", { "data.csv": "c\n" }, { from: "main" });
    await story.api(`POST /repos/${repository}/pulls`, { title: "From inside", head: "inside", base: "main" });
    await story.github.idle();
    const { body } = await story.api(`GET /repos/${repository}/actions/runs?event=pull_request`);
    const inside = first(body.workflow_runs);
    const outside = first(body.workflow_runs.slice(1));
    expect([outside.display_title, outside.conclusion]).toEqual(["From outside", "success"]);
    expect(outside.head_repository.full_name).toBe("ada/open");
    expect(outside.pull_requests).toEqual([]);
    expect(await logOf(repository, outside.id)).toMatch(/secret=\[\]\n.*GET 200\n.*POST 403/);
    expect(await logOf(repository, inside.id)).toMatch(/secret=\[\*\*\*\]\n.*GET 200\n.*POST 201/);
  });
});

describe("a reusable workflow of another repository", () => {
  const called = `
on:
  workflow_call:
    inputs: { depth: { type: number, default: 1 }, loud: { type: boolean, default: false } }
    secrets: { key: { required: false } }
    outputs: { word: { value: "\${{ jobs.work.outputs.word }}" } }
jobs:
  work:
    runs-on: x
    strategy: { matrix: { side: [left, right] } }
    outputs: { word: "\${{ steps.shout.outputs.word }}" }
    steps:
      - id: shout
        uses: modelgate/modelgate/actions/shout@v1
        with: { word: "\${{ inputs.depth }}-\${{ inputs.loud }}-\${{ secrets.key }}-\${{ matrix.side }}" }
`;
  beforeAll(async () => {
    await story.api("POST /_local/users", { login: "modelgate", repo: "none", role: "none" });
  });

  it("runs actions of its repository, gets inputs and secrets, and gives outputs back", async () => {
    const tools = await newRepository("modelgate-tools", {
      ".github/workflows/work.yml": called.replaceAll("modelgate/modelgate", `${owner}/modelgate-tools`),
      "actions/shout/action.yml":
        "name: Shout\ndescription: x\ninputs: { word: { description: x } }\nruns: { using: node24, main: ../../dist/shout.cjs }\n",
      "dist/shout.cjs": `require("node:fs").appendFileSync(process.env.GITHUB_OUTPUT, "word=" + process.env.INPUT_WORD.toUpperCase() + "\\n");`,
    });
    const { body: head } = await story.api(`GET /repos/${tools}/git/ref/heads/main`);
    await story.api(`POST /repos/${tools}/git/refs`, { ref: "refs/tags/v1", sha: head.object.sha });
    const caller = (permissions: string): string => `
on: push
permissions: { contents: read }
jobs:
  call:
    uses: ${tools}/.github/workflows/work.yml@v1
    with: { depth: 3, loud: true }
    secrets: { key: plain }
    permissions: ${permissions}
  after:
    needs: call
    runs-on: x
    steps: [{ run: 'echo "word=\${{ needs.call.outputs.word }}"' }]
`;
    const repository = await newRepository("caller", { ".github/workflows/call.yml": caller("{ contents: read }") });
    const found = await latestRun(repository);
    expect(found.conclusion).toBe("success");
    const { body } = await story.api(`GET /repos/${repository}/actions/runs/${found.id}/jobs`);
    expect(body.jobs.map((job) => job.name).sort()).toEqual([
      ...["after", "call / work (left)", "call / work (right)"],
    ]);
    expect(await logOf(repository, found.id)).toContain("word=3-TRUE-PLAIN-RIGHT");
  });

  it("may not ask for more than its caller has", async () => {
    const repository = await newRepository("greedy", {
      ".github/workflows/inner.yml":
        "on: workflow_call\njobs: { write: { runs-on: x, permissions: { contents: write }, steps: [{ run: 'true' }] } }",
      ".github/workflows/outer.yml":
        "on: push\npermissions: { contents: read }\njobs: { call: { uses: ./.github/workflows/inner.yml } }",
    });
    const found = await latestRun(repository);
    expect(found.conclusion).toBe("failure");
    const { body } = await story.api(`GET /repos/${repository}/commits/${found.head_sha}/check-runs`);
    const { body: notes } = await story.api<readonly { message: string }[]>(
      `GET /repos/${repository}/check-runs/${first(body.check_runs).id}/annotations`,
    );
    expect(first(notes).message).toContain("is requesting 'contents: write', but is only allowed 'contents: read'");
  });
});

describe("other events", () => {
  it("dispatch with typed inputs, schedule, workflow_run of the first two, re-run and cancel", async () => {
    const repository = await newRepository("events", {
      "data.csv": "a\nb\n",
      ".github/workflows/train.yml": train,
      ".github/workflows/monitor.yml":
        "name: Monitor\non: { schedule: [{ cron: '0 6 * * *' }] }\njobs: { look: { runs-on: x, steps: [{ run: 'echo cron=${{ github.event.schedule }}' }] } }",
      ".github/workflows/after.yml":
        "name: After\non: { workflow_run: { workflows: [Train], types: [completed] } }\njobs: { say: { runs-on: x, steps: [{ run: 'echo after ${{ github.event.workflow_run.conclusion }} ${{ github.event.workflow_run.event }}' }] } }",
      ".github/workflows/slow.yml":
        "name: Slow\non: workflow_dispatch\nconcurrency: one\njobs: { wait: { runs-on: x, steps: [{ run: sleep 60 }] } }",
    });
    const after = await latestRun(repository, "event=workflow_run");
    expect(await logOf(repository, after.id)).toContain("after success push");

    const fired = await story.api("POST /_local/schedule", { owner, repo: "events", cron: "0 6 * * *" });
    expect(fired.body.runs).toHaveLength(1);
    expect((await story.api("POST /_local/schedule", { owner, repo: "events", cron: "1 1 1 1 1" })).body.runs).toEqual(
      [],
    );
    await story.github.idle();
    expect(await logOf(repository, first(fired.body.runs).id)).toContain("cron=0 6 * * *");

    const wrong = await story.api(`POST /repos/${repository}/actions/workflows/train.yml/dispatches`, {
      ref: "main",
      inputs: { x: "1" },
    });
    expect(wrong.status).toBe(422);
    expect(
      (await story.api(`POST /repos/${repository}/actions/workflows/slow.yml/dispatches`, { ref: "main" })).status,
    ).toBe(204);
    const slow = await waitFor(async () => {
      const { body } = await story.api(`GET /repos/${repository}/actions/runs?event=workflow_dispatch`);
      return body.workflow_runs.find((one) => one.status === "in_progress");
    });
    expect((await story.api(`POST /repos/${repository}/actions/runs/${slow.id}/cancel`)).status).toBe(202);
    await story.github.idle();
    expect(await latestRun(repository, "event=workflow_dispatch")).toMatchObject({ conclusion: "cancelled" });

    expect((await story.api(`POST /repos/${repository}/actions/runs/${after.id}/rerun`)).status).toBe(201);
    await story.github.idle();
    const again = await story.api(`GET /repos/${repository}/actions/runs/${after.id}`);
    expect(again.body).toMatchObject({ run_attempt: 2, conclusion: "success" });

    const { body: firstJobs } = await story.api(`GET /repos/${repository}/actions/runs/${after.id}/attempts/1/jobs`);
    expect(firstJobs.jobs.map((job) => job.name)).toEqual(["say"]);
    expect((await story.api(`GET /repos/${repository}/actions/jobs/${first(firstJobs.jobs).id}`)).body).toMatchObject({
      ...{ name: "say", conclusion: "success", labels: ["x"] },
    });
    const zip = await fetch(`${story.github.url}/repos/${repository}/actions/runs/${after.id}/logs`);
    expect(Buffer.from(await zip.arrayBuffer()).toString("latin1")).toMatch(
      /^PK[\s\S]*0_say\.txt[\s\S]*after success push/,
    );
    const named = await story.api(`GET /repos/${repository}/actions/workflows/monitor.yml/runs`);
    expect(named.body.workflow_runs.map((one) => one.id)).toEqual([first(fired.body.runs).id]);
  });

  it("variables reach a job's expressions; secrets are listed by name alone", async () => {
    const repository = await newRepository("settings", {
      ".github/workflows/w.yml":
        "on: workflow_dispatch\njobs: { say: { runs-on: x, steps: [{ run: 'echo city=${{ vars.CITY }}' }] } }",
    });
    const base = `/repos/${repository}/actions/variables`;
    expect((await story.api(`POST ${base}`, { name: "CITY", value: "Oslo" })).status).toBe(201);
    expect((await story.api(`PATCH ${base}/CITY`, { value: "Seattle" })).status).toBe(204);
    await story.api("POST /_local/secrets", { owner, repo: "settings", name: "key", value: "hidden" });
    const listed = await story.api<unknown>(`GET /repos/${repository}/actions/secrets`);
    expect(JSON.stringify(listed.body)).toMatch(/"KEY"/);
    expect(JSON.stringify(listed.body)).not.toMatch(/hidden/);
    await story.api(`POST /repos/${repository}/actions/workflows/w.yml/dispatches`, { ref: "main" });
    await story.github.idle();
    expect(await logOf(repository, (await latestRun(repository)).id)).toContain("city=Seattle");
    expect((await story.api(`DELETE ${base}/CITY`)).status).toBe(204);
    expect((await story.api<{ total_count: number }>(`GET ${base}`)).body.total_count).toBe(0);
  });

  it("a workflow file that cannot be read is a failed run that says why", async () => {
    const repository = await newRepository("broken", {
      ".github/workflows/bad.yml": "on: push\njobs: { a: { steps: [] } }",
    });
    expect(await latestRun(repository)).toMatchObject({ name: ".github/workflows/bad.yml", conclusion: "failure" });
    const { id } = await latestRun(repository);
    const page = await fetch(`${story.github.url}/${repository}/actions/runs/${id}`);
    expect(await page.text()).toContain("Required property is missing: runs-on");
  });
});

describe("artifacts", () => {
  it("are uploaded, listed and downloaded by the unmodified client in a process of its own, and expire", async () => {
    const repository = await newRepository("bytes", {
      ".github/workflows/w.yml":
        "on: push\njobs: { one: { runs-on: x, steps: [{ uses: actions/checkout@v4 }, { uses: ./client }] } }",
      "client/action.yml": "name: C\ndescription: x\nruns: { using: node24, main: main.mjs }\n",
      "client/main.mjs": `
import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import artifact, { ArtifactNotFoundError } from ${JSON.stringify(import.meta.resolve("@actions/artifact"))};
mkdirSync("deep/er", { recursive: true });
writeFileSync("deep/er/big.bin", randomBytes(9_000_000));
const sha = (file) => createHash("sha256").update(readFileSync(file)).digest("hex");
const { id, size, digest } = await artifact.uploadArtifact("big", ["deep/er/big.bin"], "deep", { retentionDays: 1 });
const listed = await artifact.listArtifacts();
const found = await artifact.getArtifact("big");
const back = await artifact.downloadArtifact(id, { path: "back", expectedHash: "sha256:" + digest });
const taken = await artifact.uploadArtifact("big", ["deep/er/big.bin"], "deep").catch((error) => error.message);
const missing = await artifact.getArtifact("none").catch((error) => error instanceof ArtifactNotFoundError);
console.log(JSON.stringify({ listed: listed.artifacts.length, same: found.artifact.id === id, mismatch: back.digestMismatch,
  equal: sha("deep/er/big.bin") === sha("back/er/big.bin"), big: size > 9_000_000, taken: /409|already exists/.test(taken), missing }));
`,
    });
    const found = await latestRun(repository);
    expect(await logOf(repository, found.id)).toContain(
      '{"listed":1,"same":true,"mismatch":false,"equal":true,"big":true,"taken":true,"missing":true}',
    );
    const { body } = await story.api(`GET /repos/${repository}/actions/artifacts?name=big`);
    const artifact = first(body.artifacts);
    const download = `GET ${new URL(artifact.archive_download_url).pathname}`;
    await story.api("POST /_local/clock", { now: new Date(Date.now() + 2 * 86_400_000).toISOString() });
    expect((await story.api(download)).status).toBe(410);
    await story.api("POST /_local/clock", { now: new Date().toISOString() });
    expect((await story.api(`DELETE /repos/${repository}/actions/artifacts/${artifact.id}`)).status).toBe(204);
    expect((await story.api(download)).status).toBe(404);
  });
});

async function waitFor<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
