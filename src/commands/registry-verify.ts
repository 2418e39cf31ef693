// Use case: does everything in the registry hold? Chain, index, releases, anchors.
import type { Manifest } from "../registry/manifest.ts";
import { parseTag } from "../registry/names.ts";
import { readReleaseManifest } from "../registry/publish-step.ts";
import type { Release, ReleasePort } from "../registry/release.ts";
import { type Verification, type VerificationInput, verifyRegistry } from "../registry/verification.ts";
import type { JsonDocument, Outcome } from "./outcome.ts";
import type { RegistrySession } from "./registry-session.ts";

/** Kind `registry-verification`. */
export interface RegistryVerificationDocument extends JsonDocument, Verification {
  readonly kind: "registry-verification";
}

const manifestsAtATime = 6;

/** Exit 1 when something does not hold. */
export async function verify(
  session: Pick<RegistrySession, "ledger" | "releases" | "progress">,
): Promise<Outcome<RegistryVerificationDocument>> {
  const verification = verifyRegistry(await gatherVerification(session));
  const document = { kind: "registry-verification", schemaVersion: 1, ...verification } as const;
  return { exitCode: verification.holds ? 0 : 1, document, text: renderVerification(verification) };
}

/** Everything the check looks at: 1 request per 100 events and per 100 releases, 1 for the index, 1 per manifest. */
export async function gatherVerification(
  session: Pick<RegistrySession, "ledger" | "releases" | "progress">,
): Promise<VerificationInput> {
  const head = await session.ledger.readHead();
  const commits = head === null ? [] : await session.ledger.readCommits(head);
  const fileIds = head === null ? new Map<string, string>() : await session.ledger.readFileIds(head.commit);
  session.progress(`read ${commits.length} events`);
  const releases = (await session.releases.listReleases()).filter(
    (release) => !release.draft && parseTag(release.tag) !== null,
  );
  const manifests = await readManifests(session.releases, releases);
  session.progress(`read ${manifests.size} manifests`);
  return { commits, fileIds, releases, manifests };
}

async function readManifests(
  releases: ReleasePort,
  list: readonly Release[],
): Promise<Map<number, { readonly manifest: Manifest; readonly sha256: string } | null>> {
  const manifests = new Map<number, { readonly manifest: Manifest; readonly sha256: string } | null>();
  const waiting = [...list];
  async function work(): Promise<void> {
    for (let release = waiting.shift(); release !== undefined; release = waiting.shift()) {
      const found = await readReleaseManifest(releases, release);
      manifests.set(release.id, found === null ? null : { manifest: found.manifest, sha256: found.file.sha256 });
    }
  }
  await Promise.all(Array.from({ length: manifestsAtATime }, work));
  return manifests;
}

function renderVerification({ holds, events, firstBad, problems }: Verification): string {
  if (holds) return `the registry holds: ${events} events, their index and all releases`;
  const first =
    firstBad === null ? [] : [`first bad event: ${firstBad.sequence} (commit ${firstBad.commit ?? "missing"})`];
  const rows = problems.map(({ sequence, problem }) => `  ${sequence === null ? "" : `event ${sequence}: `}${problem}`);
  return ["the registry does not hold", ...first, ...rows].join("\n");
}
