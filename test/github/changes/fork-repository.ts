// A fork: a repository of its own that begins with the branches and tags of another and borrows its objects.
import type { Actor } from "../auth/actor.ts";
import { listRefs, moveRef } from "../git/refs.ts";
import type { Platform } from "../platform.ts";
import { renderRepository } from "../render/repository.ts";
import { defaultView } from "../render/view.ts";
import type { Account } from "../state/account.ts";
import type { Repository } from "../state/repository.ts";

/** The caller has checked that `owner` has no repository of that name. */
export function forkRepository(
  platform: Platform,
  parent: Repository,
  owner: Account,
  name: string,
  actor: Actor,
): Repository {
  const { store, git } = platform;
  const createdAt = platform.timestamp();
  const { id: _, ...settings } = parent;
  const repository = store.repositories.insert({
    ...settings,
    name,
    ownerId: owner.id,
    parentId: parent.id,
    immutableReleases: false,
    createdAt,
    updatedAt: createdAt,
  });
  git.createFork(repository.id, parent.id, parent.defaultBranch);
  const folder = git.folder(repository.id);
  for (const prefix of ["refs/heads/", "refs/tags/"]) {
    for (const ref of listRefs(git.folder(parent.id), prefix)) moveRef(folder, ref.name, undefined, ref.sha);
  }
  platform.emitEvent(parent, "fork", null, { forkee: renderRepository(defaultView(platform), repository) }, actor);
  return repository;
}
