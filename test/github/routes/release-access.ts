// What the routes of releases and of their assets share: finding a release, who sees drafts, where bytes lie.
import { join } from "node:path";
import { reaches, roleOf } from "../auth/authorize.ts";
import { idParam, type RepositoryCall } from "../http/call.ts";
import { notFound } from "../http/reply.ts";
import { coversAccess, coversRole } from "../state/permissions.ts";
import type { Release } from "../state/release.ts";

/** Where the bytes of an asset lie. */
export function assetFile(dataFolder: string, assetId: number): string {
  return join(dataFolder, "assets", String(assetId));
}

/** The release of the path; 404 when there is none or it is a draft that the caller may not see. */
export function releaseNumbered(call: RepositoryCall): Release {
  const release = call.platform.store.releases.get(idParam(call, "release_id"));
  if (release?.repositoryId !== call.repository.id || (release.draft && !seesDrafts(call))) throw notFound();
  return release;
}

/** Drafts are for those who may write. */
export function seesDrafts(call: RepositoryCall): boolean {
  const { actor, repository } = call;
  if (actor.kind === "user") return coversRole(roleOf(call.platform.store, repository, actor.account.id), "write");
  if (actor.kind !== "installation" && actor.kind !== "job") return false;
  return reaches(actor, repository) && coversAccess(actor.permissions["contents"], "write");
}
