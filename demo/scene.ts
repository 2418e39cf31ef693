// What people of the story do on GitHub, and how the story waits for what follows.
import type { Person, World } from "./world.ts";

export interface Pull {
  readonly number: number;
  readonly headSha: string;
  readonly url: string;
}

export interface Check {
  readonly conclusion: string;
  readonly title: string;
  readonly summary: string;
}

const pollMs = 150;
const patienceMs = 300_000;

/** Opens a pull request onto main from a branch that is pushed; `head` may be `LOGIN:branch`. */
export async function openPull(world: World, person: Person, head: string, title: string, body: string): Promise<Pull> {
  const { owner, name } = world.repository;
  const { data } = await person.octokit.pulls.create({ owner, repo: name, head, base: "main", title, body });
  return { number: data.number, headSha: data.head.sha, url: data.html_url };
}

/** The App's check of a commit once it is complete and `accept` agrees with it. */
export async function waitForCheck(
  world: World,
  headSha: string,
  accept: (check: Check) => boolean = () => true,
): Promise<Check> {
  const { owner, name } = world.repository;
  return waitFor(`the check of ${headSha.slice(0, 7)}`, async () => {
    const { data } = await world.owner.octokit.checks.listForRef({
      owner,
      repo: name,
      ref: headSha,
      check_name: "modelgate",
    });
    const run = data.check_runs.find((candidate) => candidate.app?.slug === world.github.app.slug);
    if (run?.status !== "completed") return undefined;
    const check = {
      conclusion: run.conclusion ?? "none",
      title: run.output.title ?? "",
      summary: run.output.summary ?? "",
    };
    return accept(check) ? check : undefined;
  });
}

/** The App's comments on an issue or pull request, oldest first. */
export async function listAppComments(world: World, number: number): Promise<readonly string[]> {
  const { owner, name } = world.repository;
  const { data } = await world.owner.octokit.issues.listComments({
    owner,
    repo: name,
    issue_number: number,
    per_page: 100,
  });
  return data
    .filter((comment) => comment.user?.login === `${world.github.app.slug}[bot]`)
    .map((comment) => comment.body ?? "");
}

/** The one sticky comment of a pull request. */
export async function readSticky(world: World, number: number): Promise<string> {
  const sticky = (await listAppComments(world, number)).filter((body) => body.includes("<!-- modelgate"));
  if (sticky.length !== 1) throw new Error(`pull request ${number} has ${sticky.length} sticky comments, not one`);
  return sticky[0] ?? "";
}

export async function comment(world: World, person: Person, number: number, body: string): Promise<void> {
  const { owner, name } = world.repository;
  await person.octokit.issues.createComment({ owner, repo: name, issue_number: number, body });
}

/** Tries to merge; the sha of the merge commit, or why GitHub refused. */
export async function merge(
  world: World,
  person: Person,
  pull: Pull,
): Promise<{ readonly sha: string } | { readonly refused: string }> {
  const { owner, name } = world.repository;
  try {
    const { data } = await person.octokit.pulls.merge({
      owner,
      repo: name,
      pull_number: pull.number,
      sha: pull.headSha,
    });
    return { sha: data.sha };
  } catch (error) {
    const status = (error as { status?: number }).status;
    if (status !== 405 && status !== 409 && status !== 422) throw error;
    return { refused: (error as Error).message };
  }
}

export interface FinishedRun {
  readonly id: number;
  readonly conclusion: string;
  readonly url: string;
}

/** The newest finished run of a workflow file for a commit. */
export async function waitForRun(world: World, workflow: string, headSha: string, after = 0): Promise<FinishedRun> {
  const { owner, name } = world.repository;
  return waitFor(`the workflow ${workflow} at ${headSha.slice(0, 7)}`, async () => {
    const { data } = await world.owner.octokit.actions.listWorkflowRunsForRepo({
      owner,
      repo: name,
      head_sha: headSha,
      per_page: 100,
    });
    const run = data.workflow_runs.find((candidate) => candidate.path.endsWith(`/${workflow}`) && candidate.id > after);
    if (run?.status !== "completed") return undefined;
    return { id: run.id, conclusion: run.conclusion ?? "none", url: run.html_url };
  });
}

/** Polls until `look` finds something; throws after two minutes with what was waited for. */
export async function waitFor<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + patienceMs;
  while (Date.now() < deadline) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
  throw new Error(`waited ${patienceMs / 1000} s for ${what} in vain`);
}
