// Required checks: the newest run of that name (from that App, where one is named), or the newest status of that context.
import type { Platform } from "../platform.ts";
import type { Repository, RequiredCheck } from "../state/repository.ts";
import { headKey } from "../state/store.ts";

/** What GitHub counts as passed; neutral and skipped do. */
const passing = new Set(["success", "neutral", "skipped"]);

export interface MissingCheck extends RequiredCheck {
  /** `expected`: nobody reported; `pending`: not finished; `failing`: it says no. */
  readonly why: "expected" | "pending" | "failing";
}

/** The required checks that do not hold on the first of `shas` which has any report of that name. */
export function missingChecks(
  platform: Platform,
  repository: Repository,
  shas: readonly string[],
  required: readonly RequiredCheck[],
): MissingCheck[] {
  return required.flatMap((check) => {
    const states = shas.map((sha) => stateOf(platform, repository, sha, check));
    const state = states.find((one) => one !== "expected") ?? "expected";
    return state === "passing" ? [] : [{ ...check, why: state }];
  });
}

/** Every check and status that was reported on a commit, each name of each App once. */
export function reportedChecks(platform: Platform, repository: Repository, sha: string): RequiredCheck[] {
  const { store } = platform;
  const key = headKey(repository.id, sha);
  const all = [
    ...store.checkRuns.group(key).map((run) => ({ context: run.name, appId: run.appId })),
    ...store.statuses.group(key).map((status) => ({ context: status.context, appId: status.appId })),
  ];
  return [...new Map(all.map((check) => [`${check.appId} ${check.context}`, check])).values()];
}

function stateOf(
  platform: Platform,
  repository: Repository,
  sha: string,
  check: RequiredCheck,
): "passing" | MissingCheck["why"] {
  const { store } = platform;
  const key = headKey(repository.id, sha);
  const fits = (appId: number | null): boolean => check.appId === null || check.appId === appId;
  const run = store.checkRuns
    .group(key)
    .filter((row) => row.name === check.context && fits(row.appId))
    .at(-1);
  const status = store.statuses
    .group(key)
    .filter((row) => row.context === check.context && fits(row.appId))
    .at(-1);
  const states: ("passing" | MissingCheck["why"])[] = [];
  if (run !== undefined) {
    if (run.status !== "completed") states.push("pending");
    else states.push(run.conclusion !== null && passing.has(run.conclusion) ? "passing" : "failing");
  }
  if (status !== undefined) {
    states.push(status.state === "success" ? "passing" : status.state === "pending" ? "pending" : "failing");
  }
  return states.find((state) => state !== "passing") ?? states[0] ?? "expected";
}
