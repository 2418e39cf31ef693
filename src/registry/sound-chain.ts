// How far the ledger's chain holds, when it does not hold whole: what a person can put the branch back to.
import { digestEvent } from "./apply-event.ts";
import type { LedgerEvent } from "./event.ts";
import { type LedgerCommit, readEventMessage } from "./ledger.ts";
import type { VerificationInput } from "./verification.ts";

export interface BrokenChain {
  /** The last commit up to which every event stands in its place, as it was written; null = not even the first. */
  readonly last: { readonly sequence: number; readonly commit: string } | null;
  /** What stands behind it. */
  readonly commits: number;
  readonly events: number;
}

/** Null when the chain holds. `commits`: all of the ledger, oldest first. An edit of the newest event alone is not seen by the chain. */
export function findBrokenChain(commits: readonly LedgerCommit[]): BrokenChain | null {
  const events = commits.map(({ message }) => readEventMessage(message));
  const broken = commits.findIndex((commit, position) => !standsInPlace(commit, events[position] ?? null, position));
  const loose = commits.findIndex(
    (commit, position) => position > 0 && !fits(commit, events[position], events[position - 1]),
  );
  // An event that does not fit the one before shows that the one before is not what it was.
  const sound = Math.min(broken < 0 ? commits.length : broken, loose < 0 ? commits.length : loose - 1);
  if (sound === commits.length) return null;
  const last = commits[sound - 1];
  return {
    last: last === undefined ? null : { sequence: sound, commit: last.commit },
    commits: commits.length - sound,
    events: events.slice(sound).filter((event) => event !== null).length,
  };
}

function standsInPlace({ parents }: LedgerCommit, event: LedgerEvent | null, position: number): boolean {
  return parents <= 1 && event !== null && event.sequence === position + 1;
}

/** Where an event is missing there is nothing to fit: that is told by its place. */
function fits({ parent }: LedgerCommit, event?: LedgerEvent | null, before?: LedgerEvent | null): boolean {
  if (!event || !before || event.sequence !== before.sequence + 1) return true;
  return event.previous === digestEvent(before) && event.parent === parent;
}

/** A commit that the ledger held once. */
export interface LostHead {
  /** The release whose manifest names it. */
  readonly tag: string;
  readonly sequence: number;
  readonly commit: string;
}

/** The latest commit that a manifest names and the ledger does not hold in its place; null when there is none: nothing was cut that manifests know of. */
export function findLostHead({
  commits,
  manifests,
}: Pick<VerificationInput, "commits" | "manifests">): LostHead | null {
  const lost = [...manifests.values()].flatMap((found): readonly LostHead[] => {
    if (found === null) return [];
    const { tag, ledger } = found.manifest;
    const held = commits[ledger.sequence - 1]?.commit === ledger.head;
    return held ? [] : [{ tag, sequence: ledger.sequence, commit: ledger.head }];
  });
  return lost.reduce<LostHead | null>(
    (latest, one) => (latest && latest.sequence >= one.sequence ? latest : one),
    null,
  );
}
