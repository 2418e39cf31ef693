import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Story, startStory } from "./story.ts";

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

async function latestRun(repository: string, query = "") {
  const { body } = await story.api(`GET /repos/${repository}/actions/runs?${query}`);
  return body.workflow_runs[0];
}

async function logOf(repository: string, runId: number): Promise<string> {
  const { body } = await story.api(`GET /repos/${repository}/actions/runs/${runId}/jobs`);
  const texts = await Promise.all(
    body.jobs.map(async (job: { id: number }) => {
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
    const { body: artifacts } = await story.api(`GET /repos/${repository}/actions/runs/${found.id}/artifacts`);
    expect(artifacts.artifacts.map((artifact: { name: string }) => artifact.name)).toEqual(["model"]);
    const { body: checks } = await story.api(`GET /repos/${repository}/commits/${found.head_sha}/check-runs`);
    expect(checks.check_runs.map((check: any) => [check.name, check.conclusion, check.app.slug]).sort()).toEqual([
      ["gate", "success", "github-actions"],
      ["train", "success", "github-actions"],
    ]);
    const zip = await fetch(artifacts.artifacts[0].archive_download_url, {
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
