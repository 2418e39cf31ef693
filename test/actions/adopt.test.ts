// After a merge: what the pull request's attested run gated is published as it is where nothing differs; else main trains again.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { publishFirstVersion } from "../../demo/chapters/first-version.ts";
import type { Narrator } from "../../demo/narrator.ts";
import { merge, openPull, waitForCheck, waitForRun } from "../../demo/scene.ts";
import { createWorld, type World } from "../../demo/world.ts";

const root = join(import.meta.dirname, "../..");
const silent: Narrator = { chapter: () => {}, say: () => {}, quote: () => {} };

describe("a merge", () => {
  beforeAll(() => {
    execFileSync(process.execPath, [join(root, "scripts/build.mjs"), "--quiet"]);
  });

  test("takes over the gated bytes of the pull request, and trains again when the branch moved or the rules changed", async () => {
    const world = await createWorld(root, silent);
    onTestFinished(() => world.stop());
    await publishFirstVersion(world);

    const same = await proposeAndMerge(world, "notes", "scripts/notes.txt", "first");
    expect(await readJobs(world, same)).toMatchObject({
      adopt: "success",
      train: "skipped",
      validate: "skipped",
      publish: "success",
    });
    // Half a minute more: what a moved branch does is also held by the tests of what is compared.
    if (process.env["MODELGATE_ALL_MERGES"]) {
      const moved = await proposeAndMerge(world, "more", "scripts/more.txt", "second", "scripts/elsewhere.txt");
      expect(await readJobs(world, moved)).toMatchObject({
        adopt: "success",
        train: "success",
        validate: "success",
        publish: "success",
      });
    }
  }, 240_000);
});

/** Changes a file that concerns the model on a branch, merges it when its check is green; `meanwhile` changes main before that. */
async function proposeAndMerge(
  world: World,
  branch: string,
  path: string,
  text: string,
  meanwhile?: string,
): Promise<string> {
  const { clone } = world;
  clone.branch(branch);
  clone.write(path, text);
  clone.commit(`Write ${path}`);
  clone.push(branch);
  const pull = await openPull(world, world.contributor, branch, `Write ${path}`, "");
  expect(await waitForCheck(world, pull.headSha)).toMatchObject({ conclusion: "success" });
  if (meanwhile !== undefined) {
    clone.branch("meanwhile");
    clone.write(meanwhile, "moved");
    const sha = clone.commit("Move main");
    clone.push("main");
    await waitForRun(world, "modelgate-main.yml", sha);
  }
  const merged = await merge(world, world.maintainer, pull);
  if ("refused" in merged) throw new Error(merged.refused);
  return merged.sha;
}

/** Conclusions of the jobs of main's workflow by name. */
async function readJobs(world: World, sha: string): Promise<Readonly<Record<string, string | null>>> {
  const { owner, name } = world.repository;
  const run = await waitForRun(world, "modelgate-main.yml", sha);
  const { data } = await world.owner.octokit.actions.listJobsForWorkflowRun({ owner, repo: name, run_id: run.id });
  return Object.fromEntries(data.jobs.map((job) => [job.name.replace(/^.* \/ /, ""), job.conclusion]));
}
