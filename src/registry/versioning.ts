// Which version comes next: decided from what changed, by semver.
import semver from "semver";
import type { Lineage } from "./event.ts";
import type { ModelIndex } from "./model-index.ts";

export type Change = "first" | "major" | "minor" | "patch" | "given";

export interface NextVersion {
  readonly version: string;
  readonly change: Change;
  /** Why, for people. */
  readonly reason: string;
}

/**
 * The version after the highest that was ever reserved (a number is never used twice): other inputs → major; new code,
 * new data, or nothing known of either → minor; other bytes from the same code and data → patch. The first is 1.0.0.
 * `breaksFrom`: the version whose callers could not call this one as before; null = there is none.
 */
export function decideNextVersion(index: ModelIndex, lineage: Lineage, breaksFrom: string | null = null): NextVersion {
  if (index.highest === null) return { version: "1.0.0", change: "first", reason: "the first version" };
  const { change, reason } = needsMajor(index.highest, breaksFrom)
    ? { change: "major" as const, reason: "its signature breaks callers of the version before" }
    : decideChange(index.lineage, lineage);
  return { version: semver.inc(index.highest, change) ?? index.highest, change, reason };
}

/** A break asks for a new major number once: versions after it, compared with the same old one, are of that major already. */
export function needsMajor(highest: string, breaksFrom: string | null): boolean {
  if (breaksFrom === null) return false;
  return semver.valid(breaksFrom) === null || semver.major(highest) <= semver.major(breaksFrom);
}

/** The next candidate `-rc.N` of what would be the next version; N counts on from the newest listed candidate of that version, and from `taken`. */
export function decideNextCandidate(
  index: ModelIndex,
  lineage: Lineage,
  breaksFrom: string | null,
  taken = 0,
): NextVersion {
  const next = decideNextVersion(index, lineage, breaksFrom);
  const numbers = index.recent.flatMap(({ version }) => {
    const [label, number] = semver.prerelease(version) ?? [];
    return label === "rc" && typeof number === "number" && version.startsWith(`${next.version}-`) ? [number] : [];
  });
  return { ...next, version: `${next.version}-rc.${Math.max(taken, ...numbers) + 1}` };
}

/** The version that the bytes of a living one get when they are published as a release: its own, or the candidate's release. */
export function findReleaseVersion(index: ModelIndex, living: string): string | null {
  if (semver.prerelease(living) === null) return living;
  const { major, minor, patch } = semver.parse(living) ?? { major: 0, minor: 0, patch: 0 };
  const release = `${major}.${minor}.${patch}`;
  return index.highest === null || semver.gt(release, index.highest) ? release : null;
}

function decideChange(
  before: Lineage | null,
  after: Lineage,
): { readonly change: "major" | "minor" | "patch"; readonly reason: string } {
  if (before?.inputs && after.inputs) {
    const added = after.inputs.filter((name) => !before.inputs?.includes(name));
    const removed = before.inputs.filter((name) => !after.inputs?.includes(name));
    if (added.length > 0) return { change: "major", reason: `it needs inputs it did not need: ${added.join(", ")}` };
    if (removed.length > 0) return { change: "major", reason: `it no longer takes the inputs ${removed.join(", ")}` };
  }
  if (!before || before.codeSha === null || after.codeSha === null || before.codeSha !== after.codeSha)
    return { change: "minor", reason: before?.codeSha && after.codeSha ? "new code" : "new bytes of unknown making" };
  if (before.dataSha256 === null || before.dataSha256 !== after.dataSha256)
    return { change: "minor", reason: "new data" };
  return { change: "patch", reason: "a rebuild: the same code and data, other bytes" };
}
