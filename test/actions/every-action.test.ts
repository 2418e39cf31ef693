// Every action as users run it: the built stub, started by the runner of a local GitHub from a workflow, on real data.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { publishFirstVersion } from "../../demo/chapters/first-version.ts";
import { passTime } from "../../demo/days.ts";
import type { Narrator } from "../../demo/narrator.ts";
import { waitForRun } from "../../demo/scene.ts";
import { createWorld } from "../../demo/world.ts";

const root = join(import.meta.dirname, "../..");
const silent: Narrator = { chapter: () => {}, say: () => {}, quote: () => {} };

const workflow = `name: Every action
on: workflow_dispatch
permissions: { actions: read, checks: read, contents: write, issues: write, pull-requests: write }
jobs:
  every:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
      - id: umbrella
        uses: modelgate/modelgate@v1
      - id: drift
        uses: modelgate/modelgate/actions/drift@v1
        with: { reference: data/weather.csv, current: data/weather.csv, ignore: date }
      - id: benchmark
        uses: modelgate/modelgate/actions/benchmark@v1
        with: { candidate: "\${{ steps.umbrella.outputs.candidates }}/rain/model/rain.onnx", seconds: "1", enforce: "false" }
      - id: monitor
        uses: modelgate/modelgate/actions/monitor@v1
        with: { enforce: "false" }
      - run: |
          test "\${{ steps.drift.outputs.verdict }}" = stable
          test -n "\${{ steps.benchmark.outputs.outcome }}"
          test -n "\${{ steps.umbrella.outputs.evidence }}"
          echo '\${{ steps.monitor.outputs.decisions }}' | grep rain
`;

describe("every action", () => {
  beforeAll(() => {
    execFileSync(process.execPath, [join(root, "scripts/build.mjs"), "--quiet"]);
  });

  test("runs from a workflow: train, validate, publish, promote on main, then the umbrella, drift, benchmark, monitor", async () => {
    const world = await createWorld(root, silent);
    onTestFinished(() => world.stop());
    await publishFirstVersion(world);
    await passTime(world, { from: "2014-11-03", to: "2015-01-31" });
    world.clone.branch("every");
    world.clone.write(".github/workflows/every.yml", workflow);
    const sha = world.clone.commit("Run every action");
    world.clone.push("main");
    const { owner, name } = world.repository;
    await world.owner.octokit.actions.createWorkflowDispatch({
      owner,
      repo: name,
      workflow_id: "every.yml",
      ref: "main",
    });
    const run = await waitForRun(world, "every.yml", sha);
    const { data } = await world.owner.octokit.actions.listJobsForWorkflowRun({ owner, repo: name, run_id: run.id });
    const failed = data.jobs.flatMap((job) => job.steps ?? []).filter(({ conclusion }) => conclusion !== "success");
    expect(failed.map(({ name: step }) => step)).toEqual([]);
    expect(run.conclusion).toBe("success");
  }, 300_000);
});
