// The ledger as the registry sees it: an append-only chain of commits with files, wherever it is kept.

import { RefusedError } from "../errors.ts";
import { renderCanonicalJson } from "../json/canonical-json.ts";
import { LedgerEvent } from "./event.ts";

/** One commit of the ledger. */
export interface LedgerCommit {
  /** 40 hex digits. */
  readonly commit: string;
  /** First parent; null for the first commit. */
  readonly parent: string | null;
  /** More than one parent: somebody merged. */
  readonly parents: number;
  readonly message: string;
  /** Who wrote the commit, as GitHub knows them (login); null when it does not. */
  readonly author: string | null;
}

export interface LedgerFile {
  readonly path: string;
  readonly content: string;
}

/** What `append` came to: the new head, or `moved` when the ledger was no longer at the head that was read. */
export type AppendResult =
  | { readonly outcome: "appended"; readonly head: LedgerCommit }
  | { readonly outcome: "moved" };

/** On whose behalf a ledger is used that several repositories share. */
export interface LedgerTenant {
  /** `OWNER/NAME`. */
  readonly repository: string;
  /**
   * Whose the model is that `source` published (null: published by whoever works in the registry's own repository); null when
   * it is the tenant's, under an older name for instance, or nobody's any more.
   */
  findOther(model: string, source: string | null): Promise<string | null>;
}

/**
 * Where a ledger is kept. `append` is a compare-and-swap: all files and the commit appear together, or nothing does.
 * Every function may throw ProviderError; after one from `append` the commit may have been made all the same.
 */
export interface LedgerPort {
  /** Whose models may be used through this port; undefined = all. */
  readonly tenant?: LedgerTenant;
  /** The newest commit; null when there is no ledger yet. */
  readHead(): Promise<LedgerCommit | null>;
  /** A file as of a commit, or as of now without one; null when there is none. */
  readFile(path: string, commit?: string): Promise<string | null>;
  /** The newest commit and these files as of it, of which those that are not there are missing. As few requests as can be. */
  readTogether(
    paths: readonly string[],
  ): Promise<{ readonly head: LedgerCommit | null; readonly files: ReadonlyMap<string, string> }>;
  /** Names of what lies in a folder as of a commit; none when there is no such folder. */
  listFolder(path: string, commit: string): Promise<readonly string[]>;
  append(head: LedgerCommit | null, message: string, files: readonly LedgerFile[]): Promise<AppendResult>;
  /** All commits up to `head`, oldest first. */
  readCommits(head: LedgerCommit): Promise<readonly LedgerCommit[]>;
  /** At most `count` commits from this one backwards, newest first. */
  readCommitsBack(commit: string, count: number): Promise<readonly LedgerCommit[]>;
  /** Path → git blob id of every file as of a commit. */
  readFileIds(commit: string): Promise<ReadonlyMap<string, string>>;
}

/** The commit's message: a line for people, then the event itself, so that a page of commits is a page of history. */
export function renderEventMessage(event: LedgerEvent): string {
  return `${describeEvent(event)}\n\n${renderCanonicalJson(event)}\n`;
}

/** One line for `git log`. */
export function describeEvent(event: LedgerEvent): string {
  const subject = event.version === null ? event.model : `${event.model}@${event.version}`;
  const target = event.stage === null ? "" : ` → ${event.stage}`;
  return `#${event.sequence} ${event.event} ${subject}${target}`;
}

/** The event of a commit, or null when its message carries none. */
export function readEventMessage(message: string): LedgerEvent | null {
  const body = message.slice(message.indexOf("\n\n") + 2).trim();
  try {
    const parsed = LedgerEvent.safeParse(JSON.parse(body));
    return parsed.success && renderCanonicalJson(parsed.data) === body ? parsed.data : null;
  } catch {
    return null;
  }
}

/** The event at the head; null when there is no ledger. A head that is no event is refused: nothing may be built on it. */
export function readHeadEvent(head: LedgerCommit | null): LedgerEvent | null {
  if (head === null) return null;
  const event = readEventMessage(head.message);
  if (event === null)
    throw new RefusedError({
      message: "the newest commit of the ledger is not an event of Modelgate",
      received: `commit ${head.commit}`,
      expected: "a commit that Modelgate wrote, with its event in the message",
      hint: "`modelgate registry verify` names the first commit that does not belong; `modelgate doctor` says how to repair it",
    });
  return event;
}
