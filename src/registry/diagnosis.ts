// What is half done or out of place in a registry, why, and what would repair it.
import { gitBlobId } from "../json/digest.ts";
import { type LackingFile, listLacking } from "./lacking-files.ts";
import { readEventMessage } from "./ledger.ts";
import type { Manifest } from "./manifest.ts";
import type { VersionRecord } from "./model-index.ts";
import { manifestName, parseTag, tagOf } from "./names.ts";
import { listHostFiles } from "./publish-files.ts";
import { holdsExactly } from "./publish-plan.ts";
import { foldEvents, type ModelState, type RegistryState } from "./registry-state.ts";
import type { Release } from "./release.ts";
import { listGood } from "./rollback.ts";
import { renderIndex, type VerificationInput } from "./verification.ts";

export type Repair =
  | { readonly repair: "delete-release"; readonly release: Release }
  /** `drafts` are what the publish left behind: they go as well. */
  | {
      readonly repair: "mark-available";
      readonly record: VersionRecord;
      readonly release: Release;
      readonly drafts: readonly Release[];
    }
  /** `tag`: one that no release needs, null = none. */
  | {
      readonly repair: "withdraw";
      readonly record: VersionRecord;
      readonly drafts: readonly Release[];
      readonly tag: string | null;
    }
  /** Every stage that holds the version goes back to the last one that verifies; then it is withdrawn. */
  | {
      readonly repair: "roll-back";
      readonly record: VersionRecord;
      readonly moves: readonly { readonly stage: string; readonly to: string }[];
      readonly tag: string | null;
    }
  /** Files of the release that go up again, from files at hand. */
  | {
      readonly repair: "restore";
      readonly record: VersionRecord;
      readonly release: Release;
      readonly lacking: readonly LackingFile[];
    }
  | { readonly repair: "delete-tag"; readonly tag: string }
  | { readonly repair: "rewrite-index"; readonly model: string; readonly paths: readonly string[] };

export interface RegistryFinding {
  readonly kind:
    | "half-done-publish"
    | "orphan-draft"
    | "orphan-tag"
    | "replaced-asset"
    | "left-release"
    | "index-behind-ledger"
    | "foreign-release"
    | "missing-release";
  /** Tag, or path of a file. */
  readonly subject: string;
  /** For people: what is there and how it came to be. */
  readonly explanation: string;
  /** Null = a person has to decide. */
  readonly repair: Repair | null;
  /** What the repair does, or what a person can do. */
  readonly advice: string;
}

/** A publish that began less than this long ago may still be under way. */
const patienceMilliseconds = 60 * 60 * 1000;

export interface DiagnosisInput extends VerificationInput {
  /** Tags that look like versions. */
  readonly tags: readonly string[];
  /** Files at hand, by SHA-256: what they are called. Missing = none. */
  readonly atHand?: ReadonlyMap<string, string>;
}

/** `input.releases` must hold drafts too. Findings in a stable order: releases, tags, then index. One repair of each is enough. */
export function diagnoseRegistry(input: DiagnosisInput, now: Date): readonly RegistryFinding[] {
  const state = foldEvents(
    input.commits.map((commit) => readEventMessage(commit.message)).filter((event) => event !== null),
  );
  return [
    ...[...state.values()].flatMap((model) =>
      [...model.versions.values()].flatMap((record) => diagnoseVersion(record, model, input, now)),
    ),
    ...diagnoseReleases(input, state, now),
    ...diagnoseTags(input, state),
    ...diagnoseIndex(input, state),
  ];
}

function diagnoseVersion(
  record: VersionRecord,
  model: ModelState,
  input: DiagnosisInput,
  now: Date,
): readonly RegistryFinding[] {
  const tag = tagOf(record.model, record.version);
  const own = input.releases.filter((release) => release.tag === tag);
  const published = own.find((release) => !release.draft);
  const drafts = own.filter(isOwnDraft);
  if (record.state === "available") return diagnoseAvailable(record, model, input);
  if (record.state === "reserved") {
    const manifest = published && input.manifests.get(published.id);
    const ours = manifest?.manifest.contentSha256 === record.contentSha256;
    if (published && manifest && ours && holdsAll(published, manifest))
      return [
        {
          kind: "half-done-publish",
          subject: tag,
          explanation: "the release is out and whole, and the ledger does not say so yet",
          advice: "record that it is available",
          repair: { repair: "mark-available", record, release: published, drafts },
        },
      ];
    if (now.getTime() - Date.parse(record.reserved.at) < patienceMilliseconds) return [];
    return [
      {
        kind: "half-done-publish",
        subject: tag,
        explanation: `${record.reserved.actor} began to publish it at ${record.reserved.at} and it did not finish`,
        advice: "run that publish again and it goes on; or withdraw it, and the number stays unused",
        repair: { repair: "withdraw", record, drafts, tag: published ? null : findTag(tag, input) },
      },
    ];
  }
  if (record.state === "deleted" && published)
    return [
      {
        kind: "left-release",
        subject: tag,
        explanation: "the ledger says it was deleted to save space, and its release is still there",
        advice: "delete the release",
        repair: { repair: "delete-release", release: published },
      },
    ];
  return [];
}

/** Its release is gone or holds other bytes. What a stage holds is not taken away before the stage holds something better. */
function diagnoseAvailable(
  record: VersionRecord,
  model: ModelState,
  input: DiagnosisInput,
): readonly RegistryFinding[] {
  if (record.release !== null && input.unseen.has(record.release.id)) return [];
  const subject = tagOf(record.model, record.version);
  const release = input.releases.find(({ id }) => id === record.release?.id);
  const tag = release === undefined ? findTag(subject, input) : null;
  const { repair, way } = planWithdrawal(record, model, input, tag);
  if (release === undefined) {
    const explanation = `the ledger says ${subject} is available, and its release is gone`;
    return [
      { kind: "missing-release", subject, explanation, advice: `restore the release from a backup; ${way}`, repair },
    ];
  }
  const lacking = listLacking(record, release);
  if (lacking.length === 0) return [];
  const named = lacking.map(({ name, sha256 }) => `${name} (sha256 ${sha256})`).join(", ");
  const explanation = `its release does not hold any more what was published: ${named}`;
  const paths = lacking.map(({ sha256 }) => input.atHand?.get(sha256));
  if (paths.every((path) => path !== undefined)) {
    const advice = `upload ${paths.join(", ")} to ${subject} again, as ${lacking.map(({ name }) => name).join(", ")}`;
    const restore = { repair: "restore", record, release, lacking } as const;
    return [{ kind: "replaced-asset", subject, explanation, advice, repair: restore }];
  }
  const files = lacking.map(() => "--file PATH").join(" ");
  const back = `where you have ${lacking.length === 1 ? "the file with this digest" : "the files with these digests"}: modelgate doctor --repair ${files}`;
  const advice = `${back}; ${way}. Nobody gets the other bytes: downloads refuse them`;
  return [{ kind: "replaced-asset", subject, explanation, advice, repair }];
}

/** How the version can go, and in words: what holds it first goes back to the last version whose files are all there. */
function planWithdrawal(
  record: VersionRecord,
  model: ModelState,
  input: DiagnosisInput,
  tag: string | null,
): { readonly repair: Repair | null; readonly way: string } {
  const { index, versions } = model;
  const stages = Object.keys(index.stages).filter((stage) => index.stages[stage] === record.version);
  if (stages.length === 0)
    return {
      repair: { repair: "withdraw", record, drafts: [], tag },
      way: "or withdraw the version: modelgate doctor --repair does the latter",
    };
  const isWhole = (version: string) => {
    const other = versions.get(version);
    const release = other?.state === "available" && input.releases.find(({ id }) => id === other.release?.id);
    return other !== undefined && release && !release.draft && listLacking(other, release).length === 0;
  };
  const moves = stages.map((stage) => ({ stage, to: listGood(index, stage, record.version).find(isWhole) }));
  const stuck = moves.flatMap(({ stage, to }) => (to === undefined ? [stage] : []));
  if (stuck.length > 0)
    return {
      repair: null,
      way: `${stuck.join(" and ")} holds it and has held no other good version whose files are all there: promote one, then modelgate doctor --repair withdraws this one`,
    };
  const told = moves.map(({ stage, to }) => `${stage} to ${to}`).join(", ");
  return {
    repair: { repair: "roll-back", record, moves: moves.flatMap(({ stage, to = "" }) => [{ stage, to }]), tag },
    way: `or go back: modelgate doctor --repair rolls ${told} (the last that verifies), and withdraws the version`,
  };
}

function findTag(tag: string, { tags }: DiagnosisInput): string | null {
  return tags.includes(tag) ? tag : null;
}

function holdsAll(release: Release, found: { readonly manifest: Manifest; readonly sha256: string }): boolean {
  const bytes = release.assets.find((asset) => asset.name === manifestName)?.bytes ?? 0;
  const manifest = { name: manifestName, sha256: found.sha256, bytes };
  return holdsExactly(release, [...listHostFiles(found.manifest.assets), manifest]);
}

function diagnoseReleases(input: VerificationInput, state: RegistryState, now: Date): readonly RegistryFinding[] {
  return input.releases.flatMap((release): readonly RegistryFinding[] => {
    const named = parseTag(release.tag);
    if (named === null) return [];
    const record = state.get(named.model)?.versions.get(named.version);
    if (!release.draft) {
      if (record !== undefined) return [];
      const explanation = "its tag looks like a version of a model, and the ledger knows no such version";
      const advice = "somebody made it by hand: publish those files with `modelgate publish`, or delete the release";
      return [{ kind: "foreign-release", subject: release.tag, explanation, advice, repair: null }];
    }
    const isOurs = isOwnDraft(release);
    const underWay =
      record?.state === "reserved" || now.getTime() - Date.parse(release.createdAt) < patienceMilliseconds;
    if (!isOurs || (underWay && record?.state !== "available")) return [];
    return [
      {
        kind: "orphan-draft",
        subject: release.tag,
        explanation: `a draft that a publish left behind${record ? `; the version is ${record.state}` : ""}`,
        advice: "delete the draft",
        repair: { repair: "delete-release", release },
      },
    ];
  });
}

function isOwnDraft(release: Release): boolean {
  return release.draft && release.body.includes("<!-- modelgate:publish ");
}

/** GitHub keeps the tag of a release that is deleted. */
function diagnoseTags(input: DiagnosisInput, state: RegistryState): readonly RegistryFinding[] {
  const published = new Set(input.releases.filter(({ draft }) => !draft).map(({ tag }) => tag));
  return input.tags.flatMap((tag): readonly RegistryFinding[] => {
    const named = parseTag(tag);
    if (named === null || published.has(tag)) return [];
    const record = state.get(named.model)?.versions.get(named.version);
    if (record?.state === "available" || record?.state === "reserved") return [];
    const ended = record !== undefined;
    const explanation = ended
      ? `the version was ${record.state}, and its tag is still there`
      : "a tag that looks like a version, without a release, and the ledger knows no such version";
    const advice = ended
      ? "delete the tag, unless a ruleset keeps it"
      : "somebody made it by hand: delete it, or the version of that number cannot be published with its own commit";
    return [
      { kind: "orphan-tag", subject: tag, explanation, advice, repair: ended ? { repair: "delete-tag", tag } : null },
    ];
  });
}

function diagnoseIndex(input: VerificationInput, state: RegistryState): readonly RegistryFinding[] {
  const wrong = [...renderIndex(state)].filter(([path, text]) => input.fileIds.get(path) !== gitBlobId(text));
  const paths = wrong.map(([path]) => path);
  const models = [...new Set(paths.map((path) => path.split("/")[1] ?? ""))];
  return models.map((model) => {
    const own = paths.filter((path) => path.startsWith(`models/${model}/`));
    return {
      kind: "index-behind-ledger",
      subject: own.join(", "),
      explanation: "the index is not what the events of the ledger come to",
      advice: "write the index anew from the events",
      repair: { repair: "rewrite-index", model, paths: own },
    };
  });
}
