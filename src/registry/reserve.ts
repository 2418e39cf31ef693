// The first step of a publish: a version number is bound to a content in the ledger, before anything is uploaded.
import semver from "semver";
import { z } from "zod";
import { RefusedError } from "../errors.ts";
import { type Appended, type AppendPorts, appendEvent, readEvent } from "./append-event.ts";
import type { EventDraft, Lineage } from "./event.ts";
import { type LedgerPort, readHeadEvent } from "./ledger.ts";
import { findSummary, type LedgerView, readIndexText, readVersionRecord } from "./ledger-view.ts";
import { createModelIndex, type ModelIndex, type VersionRecord } from "./model-index.ts";
import { contentPath, stagesPath } from "./names.ts";
import { parseLedgerFile } from "./parse-ledger-file.ts";
import { decideNextCandidate, decideNextVersion, findReleaseVersion } from "./versioning.ts";

export interface ReserveRequest {
  readonly model: string;
  /** Null = the same version for the same content, else the next. */
  readonly version: string | null;
  /** A release candidate: the next `-rc.N` where no version is given. */
  readonly candidate?: boolean;
  readonly contentSha256: string;
  readonly lineage: Lineage;
  /** The version whose callers could not call this one as before: it needs a higher major number. Default none. */
  readonly breaksFrom?: string | null;
  readonly verdict: "pass" | "fail" | "inconclusive" | null;
  /** Estimates over all rows, for the history and for keeping the best. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly actor: string;
  readonly reason: string | null;
}

export interface Reserved extends Appended {
  readonly record: VersionRecord;
}

interface ReserveView extends LedgerView {
  /** A living version that holds this content already. */
  readonly contentVersion: string | null;
  /** The version that is meant; null = the next. */
  readonly target: string | null;
  /** Candidates of the next version that the index does not list: numbers up to this one are taken. */
  readonly candidatesTaken: number;
}

/** Reserves, or finds what was reserved or published before. RefusedError when the version holds, or held, other bytes. */
export async function reserveVersion(ports: AppendPorts, request: ReserveRequest): Promise<Reserved> {
  const appended = await appendEvent(
    ports,
    () => readReserveView(ports.ledger, request),
    (view) => decideReservation(view, request),
  );
  const { record } = appended.view;
  if (record === null) throw new Error("a reservation without a record");
  return { ...appended, record };
}

/** What reserving would append, or null when the version is there already; nothing is written. */
export async function planReservation(
  ledger: LedgerPort,
  request: ReserveRequest,
): Promise<{ readonly draft: EventDraft | null; readonly record: VersionRecord | null }> {
  const view = await readReserveView(ledger, request);
  return { draft: decideReservation(view, request), record: view.record };
}

/** The commit of the ledger that reserved a version. */
export async function findReserveCommit(ledger: LedgerPort, reserved: Reserved): Promise<string> {
  const { head } = reserved.view;
  if (head === null) throw new Error("a reservation without a ledger");
  const { sequence } = reserved.record.reserved;
  if (readHeadEvent(head)?.sequence === sequence) return head.commit;
  const next = await readEvent(ledger, sequence + 1, head.commit);
  if (next.parent === null) throw new Error("an event after the first without a parent");
  return next.parent;
}

async function readReserveView(ledger: LedgerPort, request: ReserveRequest): Promise<ReserveView> {
  const { model, contentSha256 } = request;
  const { head, files } = await ledger.readTogether([stagesPath(model), contentPath(model, contentSha256)]);
  if (head === null)
    return {
      head,
      index: createModelIndex(request.model),
      record: null,
      contentVersion: null,
      target: request.version,
      candidatesTaken: 0,
    };
  const index = await readIndexText(files.get(stagesPath(model)) ?? null, model, ledger);
  const content = files.get(contentPath(model, contentSha256)) ?? null;
  const contentVersion = await findContentVersion(ledger, index, contentSha256, content, head.commit);
  const version = request.version ?? findTarget(index, contentVersion, request.candidate === true);
  const known = version !== null && (findSummary(index, version) !== null || index.versions > index.recent.length);
  const record = known ? await readVersionRecord(ledger, request.model, version, head.commit) : null;
  const candidatesTaken =
    version === null && request.candidate ? await countCandidates(ledger, index, request, head.commit) : 0;
  return { head, index, record, contentVersion, target: version, candidatesTaken };
}

/** The candidates that the index lists are counted on from; those it no longer lists are looked for one by one. */
async function countCandidates(
  ledger: LedgerPort,
  index: ModelIndex,
  { model, lineage, breaksFrom = null }: ReserveRequest,
  commit: string,
): Promise<number> {
  if (index.versions <= index.recent.length) return 0;
  for (let taken = 0; ; taken += 1) {
    const { version } = decideNextCandidate(index, lineage, breaksFrom, taken);
    const found = await readVersionRecord(ledger, model, version, commit);
    if (found === null) return taken;
    taken = Math.max(taken, Number(semver.prerelease(version)?.[1] ?? taken) - 1);
  }
}

/** A candidate stands for its bytes as long as only candidates are asked for; else they become its release. */
function findTarget(index: ModelIndex, contentVersion: string | null, candidate: boolean): string | null {
  if (contentVersion === null || candidate) return contentVersion;
  return findReleaseVersion(index, contentVersion);
}

async function findContentVersion(
  ledger: LedgerPort,
  index: ModelIndex,
  contentSha256: string,
  text: string | null,
  commit: string,
): Promise<string | null> {
  const recent = index.recent.find(
    (summary) => summary.contentSha256 === contentSha256 && ["reserved", "available"].includes(summary.state),
  );
  if (recent || index.versions <= index.recent.length) return recent?.version ?? null;
  if (text === null) return null;
  const { version } = parseLedgerFile(z.object({ version: z.string() }), text, contentPath(index.model, contentSha256));
  const record = await readVersionRecord(ledger, index.model, version, commit);
  return record?.state === "reserved" || record?.state === "available" ? version : null;
}

function decideReservation(view: ReserveView, request: ReserveRequest): EventDraft | null {
  const { record, contentVersion } = view;
  if (request.version !== null && contentVersion !== null && contentVersion !== request.version)
    refuseSecondNumber(request.version, contentVersion);
  if (record !== null) {
    refuseUnless(record, request);
    return null;
  }
  refuseHiddenBreak(view.index, request);
  const breaksFrom = request.breaksFrom ?? null;
  const next = request.candidate
    ? decideNextCandidate(view.index, request.lineage, breaksFrom, view.candidatesTaken)
    : decideNextVersion(view.index, request.lineage, breaksFrom);
  const { model, contentSha256, lineage, verdict, metrics, actor, reason } = request;
  const version = view.target ?? next.version;
  const change = request.version === null ? next.change : "given";
  return {
    event: "reserve",
    model,
    version,
    stage: null,
    actor,
    reason,
    contentSha256,
    change,
    verdict,
    lineage,
    metrics: { ...metrics },
  };
}

/** A number that promises compatibility is not given to a signature that breaks callers. */
function refuseHiddenBreak({ highest }: ModelIndex, { version, breaksFrom = null, model }: ReserveRequest): void {
  if (breaksFrom === null || version === null || highest === null) return;
  if (semver.major(version) > semver.major(semver.valid(breaksFrom) ?? highest)) return;
  throw new RefusedError({
    message: `the signature of ${model} breaks its callers, and ${version} does not say so`,
    expected: `a new major version, such as ${semver.inc(highest, "major")}`,
    received: version,
    hint: "leave the version out and it is chosen, or keep the inputs and outputs that callers rely on",
  });
}

/** A release candidate and the release may hold the same bytes; two releases may not. */
function refuseSecondNumber(asked: string, existing: string): void {
  if (semver.prerelease(asked) !== null || semver.prerelease(existing) !== null) return;
  throw new RefusedError({
    message: `these bytes are already version ${existing}`,
    received: asked,
    expected: `${existing}, or no version at all`,
    hint: "a version is bound to bytes: the same bytes are not published under a second number",
  });
}

function refuseUnless(record: VersionRecord, request: ReserveRequest): void {
  if (record.contentSha256 !== request.contentSha256)
    throw new RefusedError({
      message: `version ${record.version} of ${record.model} exists with other bytes`,
      expected: `content ${record.contentSha256}`,
      received: `content ${request.contentSha256}`,
      hint:
        record.state === "reserved"
          ? "its publish did not finish: publish those bytes again, or leave out --version to get the next number"
          : "leave out --version to get the next number; a version never changes its bytes",
    });
  if (record.state === "withdrawn" || record.state === "deleted")
    throw new RefusedError({
      message: `version ${record.version} of ${record.model} was ${record.state}`,
      hint: "leave out --version to get the next number; a number is never used twice",
    });
}
