// The bare repositories on disk, one folder per repository id.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface GitHost {
  /** The bare repository's folder; usable with `git -C`. */
  readonly folder: (repositoryId: number) => string;
  /** Makes an empty bare repository whose HEAD names `defaultBranch`. */
  readonly create: (repositoryId: number, defaultBranch: string) => void;
  /** Makes one that borrows all objects of `parentId`. Refs are the caller's. */
  readonly createFork: (repositoryId: number, parentId: number, defaultBranch: string) => void;
  readonly setHead: (repositoryId: number, branch: string) => void;
}

const config = `[core]
	repositoryformatversion = 0
	filemode = true
	bare = true
[gc]
	auto = 0
[receive]
	unpackLimit = 100000
	autogc = false
[fetch]
	unpackLimit = 100000
[http]
	receivepack = true
[uploadpack]
	allowReachableSHA1InWant = true
	allowAnySHA1InWant = true
	allowFilter = true
`;

/**
 * The hook that refuses moves which are no fast-forward, for the refs that the server names in the environment
 * (only git itself can tell, once it has the new objects).
 */
const updateHook = `#!/bin/sh
ref=$1; old=$2; new=$3
zero=0000000000000000000000000000000000000000
case " $LOCAL_GITHUB_FAST_FORWARD_ONLY " in
*" $ref "*)
  if [ "$old" != $zero ] && [ "$new" != $zero ] && ! git merge-base --is-ancestor "$old" "$new"; then
    echo "error: GH006: Protected branch update failed for $ref." >&2
    echo "error: Cannot force-push to this branch" >&2
    exit 1
  fi ;;
esac
exit 0
`;

/** Repositories below `folder`. */
export function createGitHost(folder: string): GitHost {
  const path = (repositoryId: number): string => join(folder, `${repositoryId}.git`);
  function create(repositoryId: number, defaultBranch: string): void {
    const bare = path(repositoryId);
    for (const name of ["objects/info", "objects/pack", "refs/heads", "refs/tags", "hooks"]) {
      mkdirSync(join(bare, name), { recursive: true });
    }
    writeFileSync(join(bare, "config"), config);
    writeFileSync(join(bare, "hooks", "update"), updateHook, { mode: 0o755 });
    setHead(repositoryId, defaultBranch);
  }
  function setHead(repositoryId: number, branch: string): void {
    writeFileSync(join(path(repositoryId), "HEAD"), `ref: refs/heads/${branch}\n`);
  }
  return {
    folder: path,
    create,
    setHead,
    createFork: (repositoryId, parentId, defaultBranch) => {
      create(repositoryId, defaultBranch);
      writeFileSync(join(path(repositoryId), "objects/info/alternates"), `${join(path(parentId), "objects")}\n`);
    },
  };
}
