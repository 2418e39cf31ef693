// A new repository: its row, its bare git repository, its labels, and on request a first commit.
import type { Actor } from "../auth/actor.ts";
import { authorOf } from "../auth/actor.ts";
import { writeCommit } from "../git/commits.ts";
import { writeObject } from "../git/objects.ts";
import { moveRef } from "../git/refs.ts";
import { writeTree } from "../git/trees.ts";
import type { Platform } from "../platform.ts";
import type { Repository } from "../state/repository.ts";
import { personOf } from "./person.ts";
import { refsMoved } from "./refs-moved.ts";

export interface RepositoryWish {
  readonly ownerId: number;
  readonly name: string;
  readonly description: string | null;
  readonly homepage: string | null;
  readonly private: boolean;
  readonly hasIssues: boolean;
  readonly allowMergeCommit: boolean;
  readonly allowSquashMerge: boolean;
  readonly allowRebaseMerge: boolean;
  readonly deleteBranchOnMerge: boolean;
  /** Begins with a commit that holds a README. */
  readonly autoInit: boolean;
}

const defaultLabels = [
  ["bug", "d73a4a", "Something isn't working"],
  ["documentation", "0075ca", "Improvements or additions to documentation"],
  ["duplicate", "cfd3d7", "This issue or pull request already exists"],
  ["enhancement", "a2eeef", "New feature or request"],
  ["good first issue", "7057ff", "Good for newcomers"],
  ["help wanted", "008672", "Extra attention is needed"],
  ["invalid", "e4e669", "This doesn't seem right"],
  ["question", "d876e3", "Further information is requested"],
  ["wontfix", "ffffff", "This will not be worked on"],
] as const;

/** The caller has checked the name. */
export function createRepository(platform: Platform, wish: RepositoryWish, actor: Actor): Repository {
  const { autoInit, ...settings } = wish;
  const { store, git } = platform;
  const createdAt = platform.timestamp();
  const repository = store.repositories.insert({
    ...settings,
    defaultBranch: "main",
    parentId: null,
    archived: false,
    topics: [],
    immutableReleases: false,
    createdAt,
    updatedAt: createdAt,
    pushedAt: createdAt,
  });
  git.create(repository.id, repository.defaultBranch);
  for (const [name, color, description] of defaultLabels) {
    store.labels.insert({ repositoryId: repository.id, name, color, description, isDefault: true });
  }
  platform.emitEvent(repository, "repository", "created", {}, actor);
  if (autoInit) writeFirstCommit(platform, repository, actor);
  return repository;
}

function writeFirstCommit(platform: Platform, repository: Repository, actor: Actor): void {
  const folder = platform.git.folder(repository.id);
  const person = personOf(authorOf(actor), platform.timestamp());
  const text = `# ${repository.name}\n${repository.description ?? ""}`;
  const blob = writeObject(folder, "blob", Buffer.from(text));
  const tree = writeTree(folder, [{ mode: "100644", name: "README.md", sha: blob }]);
  const sha = writeCommit(folder, { tree, parents: [], author: person, committer: person, message: "Initial commit" });
  const name = `refs/heads/${repository.defaultBranch}`;
  moveRef(folder, name, undefined, sha);
  refsMoved(platform, repository, [{ name, before: undefined, after: sha }], actor);
}
