// An expectation that a column is distributed as in a profile: the drift policy of one column.
import type { ExpectationSettings } from "../config/settings.ts";
import type { Context } from "../host/context.ts";
import { compareProfiles, findTypeConflicts } from "../monitoring/compare-profiles.ts";
import { defaultDriftPolicy } from "../monitoring/drift-report.ts";
import type { Profile } from "../monitoring/profile.ts";
import type { WholeResult } from "./column-checks.ts";
import { readProfile } from "./read-profile.ts";

/**
 * Compares one column's profile with that of `like.profile` (a profile or data, at `path`). Drift fails; so do too few
 * rows, another type, and a reference without the column: nothing was shown then. Inconclusive holds, and says so.
 */
export async function checkLike(
  like: NonNullable<ExpectationSettings["like"]>,
  path: string,
  current: Profile,
  context: Context,
): Promise<WholeResult> {
  const name = current.columns[0]?.name ?? "";
  const about = { id: "like", expected: `distributed as in ${like.profile}` };
  const reference = (await readProfile(path, {}, context)).profile;
  const same = { ...reference, columns: reference.columns.filter((column) => column.name === name) };
  if (same.columns.length === 0) return { ...about, passed: false, reason: `${like.profile} has no column ${name}` };
  const [conflict] = findTypeConflicts(same, current);
  if (conflict !== undefined) return { ...about, passed: false, reason: conflict };
  const policy = { ...defaultDriftPolicy, effect: like.effect };
  const [column] = compareProfiles(same, current, { policy, measures: "none" }).columns;
  if (!column) return { ...about, passed: false, reason: "there is nothing to compare" };
  return {
    ...about,
    passed: column.outcome === "stable" || column.outcome === "inconclusive",
    reason: `${column.outcome}: ${column.reason}`,
  };
}
