// Check suites: one per App and head; GitHub makes them when a head arrives and asks each App to check it.
import { type Actor, actionsAppId } from "../auth/actor.ts";
import type { Platform } from "../platform.ts";
import { renderCheckSuite } from "../render/check.ts";
import { defaultView } from "../render/view.ts";
import type { CheckSuite } from "../state/check.ts";
import { coversAccess } from "../state/permissions.ts";
import type { Repository } from "../state/repository.ts";
import { headKey } from "../state/store.ts";

/** The suite of an App for a head, made when there is none. */
export function suiteFor(
  platform: Platform,
  repository: Repository,
  appId: number,
  headSha: string,
  headBranch: string | null,
): CheckSuite {
  const { store } = platform;
  const known = store.checkSuites.group(headKey(repository.id, headSha)).find((suite) => suite.appId === appId);
  if (known !== undefined) return known;
  const createdAt = platform.timestamp();
  return store.checkSuites.insert({
    repositoryId: repository.id,
    appId,
    headSha,
    headBranch,
    createdAt,
    updatedAt: createdAt,
  });
}

/** Makes the suites of all installed Apps that may write checks, and tells them. */
export function requestCheckSuites(
  platform: Platform,
  repository: Repository,
  branch: string,
  headSha: string,
  actor: Actor,
): void {
  const { store } = platform;
  for (const installation of store.installations.group(repository.ownerId)) {
    if (installation.appId === actionsAppId || !coversAccess(installation.permissions["checks"], "write")) continue;
    if (installation.repositoryIds !== null && !installation.repositoryIds.includes(repository.id)) continue;
    const key = headKey(repository.id, headSha);
    if (store.checkSuites.group(key).some((suite) => suite.appId === installation.appId)) continue;
    const suite = suiteFor(platform, repository, installation.appId, headSha, branch);
    const payload = { check_suite: renderCheckSuite(defaultView(platform), repository, suite) };
    platform.emitEvent(repository, "check_suite", "requested", payload, actor);
  }
}
