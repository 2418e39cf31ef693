// What the tests of Actions share: a server of their own, and repositories filled by commits.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Actor, readActor } from "../github/auth/actor.ts";
import { moveRefByRules } from "../github/changes/move-ref.ts";
import { readCommit, writeCommit } from "../github/git/commits.ts";
import { writeObject } from "../github/git/objects.ts";
import { readRef } from "../github/git/refs.ts";
import { changeTree, emptyTreeSha } from "../github/git/trees.ts";
import { type LocalGitHub, startLocalGitHub } from "../github/server.ts";
import type { Repository } from "../github/state/repository.ts";
import { findRepository } from "../github/state/store.ts";

/** What the tests read of the API's answers, each from its own. */
export interface Answer {
  readonly number: number;
  readonly token: string;
  readonly full_name: string;
  readonly object: { readonly sha: string };
  readonly runs: readonly { readonly id: number }[];
  readonly workflow_runs: readonly RunAnswer[];
  readonly jobs: readonly { readonly id: number; readonly name: string }[];
  readonly artifacts: readonly { readonly id: number; readonly name: string; readonly archive_download_url: string }[];
  readonly check_runs: readonly {
    readonly id: number;
    readonly name: string;
    readonly conclusion: string;
    readonly app: { readonly slug: string };
  }[];
}

export interface RunAnswer {
  readonly id: number;
  readonly status: string;
  readonly conclusion: string | null;
  readonly display_title: string;
  readonly head_sha: string;
  readonly head_repository: { readonly full_name: string };
  readonly pull_requests: readonly { readonly number: number }[];
}

export interface Story {
  readonly github: LocalGitHub;
  /** A request to the API with the owner's token (or another); JSON in, JSON out. */
  readonly api: <T = Answer>(call: string, body?: unknown, token?: string) => Promise<{ status: number; body: T }>;
  readonly actorOf: (token?: string) => Actor;
  readonly repository: (fullName: string) => Repository;
  /** One commit on a branch that sets the files (null: removes), made and pushed as `token`'s owner; gives its sha. */
  readonly commit: (
    fullName: string,
    branch: string,
    files: Readonly<Record<string, string | null>>,
    options?: { readonly message?: string; readonly from?: string; readonly token?: string },
  ) => string;
  readonly end: () => Promise<void>;
}

/** Starts a server on a free port with its state in a folder that goes with it. */
export async function startStory(): Promise<Story> {
  const folder = mkdtempSync(join(tmpdir(), "actions-story-"));
  const github = await startLocalGitHub({ port: 0, dataFolder: folder });
  const { platform } = github;
  const { store } = platform;
  const actorOf = (token = github.token): Actor => readActor(store, { authorization: `token ${token}` }, Date.now());
  const repository = (fullName: string): Repository => {
    const [owner = "", name = ""] = fullName.split("/");
    const found = findRepository(store, owner, name);
    if (found === undefined) throw new Error(`no repository ${fullName}`);
    return found;
  };
  return {
    github,
    actorOf,
    repository,
    api: async (call, body, token = github.token) => {
      const [method = "GET", path = ""] = call.split(" ");
      const response = await fetch(`${github.url}${path}`, {
        method,
        headers: { authorization: `token ${token}`, "content-type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
    },
    commit: (fullName, branch, files, { message = "Change", from = branch, token } = {}) => {
      const where = repository(fullName);
      const git = platform.git.folder(where.id);
      const parent = readRef(git, `refs/heads/${from}`);
      const changes = Object.entries(files).map(([path, content]) => ({
        path,
        entry: content === null ? null : { mode: "100644", sha: writeObject(git, "blob", Buffer.from(content)) },
      }));
      const person = { name: "mona", email: "mona@example.com", date: platform.timestamp() };
      const tree = changeTree(git, (parent && readCommit(git, parent)?.tree) ?? emptyTreeSha, changes);
      const parents = parent === undefined ? [] : [parent];
      const sha = writeCommit(git, { tree, parents, author: person, committer: person, message });
      moveRefByRules(platform, where, actorOf(token), { name: `refs/heads/${branch}`, after: sha, force: false });
      return sha;
    },
    end: async () => {
      await github.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
