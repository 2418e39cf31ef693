// What is half done or out of place in a registry, why, and what would repair it.
import { gitBlobId } from "../json/digest.ts";
import { readEventMessage } from "./ledger.ts";
import type { Manifest } from "./manifest.ts";
import type { VersionRecord } from "./model-index.ts";
import { manifestName, parseTag, tagOf } from "./names.ts";
import { listHostFiles } from "./publish-files.ts";
import { holdsExactly } from "./publish-plan.ts";
import { foldEvents, type RegistryState } from "./registry-state.ts";
import type { Release } from "./release.ts";
import { renderIndex, type VerificationInput } from "./verification.ts";

export type Repair =
  | { readonly repair: "delete-release"; readonly release: Release }
  | { readonly repair: "mark-available"; readonly record: VersionRecord; readonly release: Release }
  | { readonly repair: "withdraw"; readonly record: VersionRecord }
  | { readonly repair: "rewrite-index"; readonly model: string; readonly paths: readonly string[] };

export interface RegistryFinding {
  readonly kind:
    | "half-done-publish"
    | "orphan-draft"
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

/** `input.releases` must hold drafts too. Findings in a stable order: releases, then index. */
export function diagnoseRegistry(input: VerificationInput, now: Date): readonly RegistryFinding[] {
  const state = foldEvents(
    input.commits.map((commit) => readEventMessage(commit.message)).filter((event) => event !== null),
  );
  return [
    ...[...state.values()].flatMap(({ versions }) =>
      [...versions.values()].flatMap((record) => diagnoseVersion(record, input, now)),
    ),
    ...diagnoseReleases(input, state, now),
    ...diagnoseIndex(input, state),
  ];
}

function diagnoseVersion(record: VersionRecord, input: VerificationInput, now: Date): readonly RegistryFinding[] {
  const tag = tagOf(record.model, record.version);
  const own = input.releases.filter((release) => release.tag === tag);
  const published = own.find((release) => !release.draft);
  if (record.state === "available") {
    if (own.some((release) => release.id === record.release?.id)) return [];
    const explanation = `the ledger says ${tag} is available, and its release is gone`;
    const advice =
      "restore the release from a backup, or withdraw the version: modelgate doctor --repair does the latter";
    return [{ kind: "missing-release", subject: tag, explanation, advice, repair: { repair: "withdraw", record } }];
  }
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
          repair: { repair: "mark-available", record, release: published },
        },
      ];
    if (now.getTime() - Date.parse(record.reserved.at) < patienceMilliseconds) return [];
    return [
      {
        kind: "half-done-publish",
        subject: tag,
        explanation: `${record.reserved.actor} began to publish it at ${record.reserved.at} and it did not finish`,
        advice: "run that publish again and it goes on; or withdraw it, and the number stays unused",
        repair: { repair: "withdraw", record },
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
    const isOurs = release.body.includes("<!-- modelgate:publish ");
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
