// A request for a page of a repository, with what pages look up.
import type { ActionsService } from "../actions/service.ts";
import { canSee } from "../auth/authorize.ts";
import type { Call } from "../http/call.ts";
import { notFound } from "../http/reply.ts";
import type { Repository } from "../state/repository.ts";
import { findRepository, fullName, type Store } from "../state/store.ts";

export interface PageCall {
  readonly call: Call;
  readonly store: Store;
  readonly actions: ActionsService;
  readonly repository: Repository;
  readonly fullName: string;
  /** `/owner/name`. */
  readonly base: string;
  /** The bare repository. */
  readonly git: string;
}

/** The repository of `/{owner}/{repo}/…`; 404 when there is none or it is private and nobody signed in. */
export function openPage(call: Call, actions: ActionsService): PageCall {
  const { store, git } = call.platform;
  const repository = findRepository(store, call.params["owner"] ?? "", call.params["repo"] ?? "");
  if (repository === undefined || !canSee(store, call.actor, repository)) throw notFound();
  const name = fullName(store, repository);
  return { call, store, actions, repository, fullName: name, base: `/${name}`, git: git.folder(repository.id) };
}
