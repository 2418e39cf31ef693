// The stage of the story: a local GitHub, the App beside it, the repository of the actions, the people and their tokens.
import type { ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Octokit } from "@octokit/rest";
import { writeSlimTree } from "../scripts/slim-tree.mjs";
import { startAppProcess } from "../test/github/start-app.ts";
import { WorkTree, withToken } from "./git.ts";
import { type LocalGitHub, startLocalGitHub } from "./local-github.ts";
import type { Narrator } from "./narrator.ts";
import { post } from "./post.ts";

/** Somebody who acts in the story, by role. */
export interface Person {
  readonly login: string;
  readonly token: string;
  readonly octokit: Octokit;
}

export interface World {
  readonly root: string;
  readonly folder: string;
  readonly github: LocalGitHub;
  readonly narrator: Narrator;
  readonly owner: Person;
  readonly maintainer: Person;
  readonly contributor: Person;
  readonly outsider: Person;
  /** The repository of the model. */
  readonly repository: { readonly owner: string; readonly name: string };
  /** The owner's clone of it. */
  readonly clone: WorkTree;
  /** The time of the story. */
  readonly date: () => Date;
  /** Tells the story's time to the local GitHub and to git. */
  readonly setTime: (iso: string) => Promise<void>;
  readonly stop: () => Promise<void>;
}

const publisher = "modelgate";

/** Processes to end when the stage cannot be set. */
const started = new Set<ChildProcess>();

/** Starts everything; `root` is the clone of the project, built. Ends what it started when something does not start. */
export async function createWorld(root: string, narrator: Narrator): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), "modelgate-demo-"));
  const github = await startLocalGitHub(root, folder, publisher);
  try {
    return await furnishWorld(root, folder, github, narrator);
  } catch (error) {
    await github.stop();
    for (const child of started) child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

async function furnishWorld(root: string, folder: string, github: LocalGitHub, narrator: Narrator): Promise<World> {
  const owner = createPerson(github, publisher, github.token);
  let time = new Date("2014-07-01T08:00:00Z");
  const date = () => time;
  const setTime = async (iso: string) => {
    time = new Date(iso);
    await post(github, "/_local/clock", { now: iso });
  };
  await setTime(time.toISOString());
  await publishActions(root, folder, github, owner, date);
  const app = await startApp(root, github);
  const repository = { owner: publisher, name: "rain" };
  await owner.octokit.repos.createForAuthenticatedUser({
    name: repository.name,
    description: "Does it rain in Seattle?",
  });
  const [maintainer, contributor, outsider] = await Promise.all([
    addPerson(github, "maintainer", "maintain"),
    addPerson(github, "contributor", "write"),
    addPerson(github, "outsider", "none"),
  ]);
  const clone = openClone(github, folder, owner, repository, date);
  return {
    root,
    folder,
    github,
    narrator,
    owner,
    maintainer,
    contributor,
    outsider,
    repository,
    clone,
    date,
    setTime,
    stop: async () => {
      await stopProcess(app);
      await github.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function createPerson(github: LocalGitHub, login: string, token: string): Person {
  const silent = { debug() {}, info() {}, warn() {}, error() {} };
  return { login, token, octokit: new Octokit({ baseUrl: github.url, auth: token, log: silent }) };
}

async function addPerson(github: LocalGitHub, login: string, role: string): Promise<Person> {
  const { token } = await post<{ token: string }>(github, "/_local/users", { login, repo: `${publisher}/rain`, role });
  return createPerson(github, login, token);
}

/** A clone of `repository` with the person's token, `origin` set; empty when the repository is. */
export function openClone(
  github: LocalGitHub,
  folder: string,
  person: Person,
  repository: { readonly owner: string; readonly name: string },
  date: () => Date,
): WorkTree {
  const path = join(folder, "clones", person.login, repository.name);
  mkdirSync(path, { recursive: true });
  const author = { name: person.login, email: `${person.login}@users.noreply.localhost` };
  const tree = new WorkTree(path, author, date);
  tree.git("init", "--quiet", "--initial-branch", "main");
  tree.git(
    "remote",
    "add",
    "origin",
    withToken(`${github.url}/${repository.owner}/${repository.name}.git`, person.token),
  );
  return tree;
}

/** `modelgate/modelgate` at `v1`: the slim tree that a release tag carries. */
async function publishActions(
  root: string,
  folder: string,
  github: LocalGitHub,
  owner: Person,
  date: () => Date,
): Promise<void> {
  const repository = { owner: publisher, name: "modelgate" };
  await owner.octokit.repos.createForAuthenticatedUser({ name: repository.name });
  const tree = openClone(github, folder, owner, repository, date);
  writeSlimTree(root, tree.folder);
  tree.commit("Release v1");
  tree.git("tag", "v1");
  tree.git("push", "--quiet", "origin", "main", "v1");
}

/** The App, with its webhook set to where it listens; what it says is told to whoever debugs, else only what goes wrong. */
async function startApp(root: string, github: LocalGitHub): Promise<ChildProcess> {
  const program = join(root, "dist/app.mjs");
  const onLog = (text: string) => process.stderr.write(text);
  const { child } = await startAppProcess(program, github, onLog, (app) => started.add(app));
  return child;
}

async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await ended;
}
