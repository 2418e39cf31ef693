// Use case: does everything in the registry hold? Chain, index, releases, anchors; and, when asked, attestations.
import { type Verification, verifyRegistry } from "../registry/verification.ts";
import { defaultScope, gatherVerification, type VerificationScope } from "./gather-verification.ts";
import type { JsonDocument, Outcome } from "./outcome.ts";
import type { RegistrySession } from "./registry-session.ts";
import { type AttestationDocument, verifyAttestations } from "./verify-attestations.ts";

/** Kind `registry-verification`. */
export interface RegistryVerificationDocument extends JsonDocument, Verification {
  readonly kind: "registry-verification";
  /** Of the versions whose manifest was read; null = not asked for. The signatures are checked by each one's `command`. */
  readonly attestations: readonly AttestationDocument[] | null;
}

/** Exit 1 when something does not hold. What the scope leaves out is told as not checked. */
export async function verify(
  session: Pick<RegistrySession, "ledger" | "releases" | "progress">,
  scope: VerificationScope = defaultScope,
): Promise<Outcome<RegistryVerificationDocument>> {
  return judge(verifyRegistry(await gatherVerification(session, scope)), null, scope);
}

/** As `verify`, and asks GitHub for the provenance of every version whose manifest is read; one that does not match does not hold. */
export async function verifyWithAttestations(
  session: Pick<RegistrySession, "ledger" | "releases" | "registry" | "progress">,
  scope: VerificationScope = defaultScope,
): Promise<Outcome<RegistryVerificationDocument>> {
  const input = await gatherVerification(session, scope);
  return judge(verifyRegistry(input), await verifyAttestations(input, session), scope);
}

function judge(
  verified: Verification,
  attestations: readonly AttestationDocument[] | null,
  scope: VerificationScope,
): Outcome<RegistryVerificationDocument> {
  const wrong = (attestations ?? []).flatMap(({ model, version, outcome, reason }) =>
    outcome === "does-not-match"
      ? [{ sequence: null, commit: null, problem: `${model}@${version}: its attestation does not match: ${reason}` }]
      : [],
  );
  const verification = {
    ...verified,
    holds: verified.holds && wrong.length === 0,
    problems: [...verified.problems, ...wrong],
  };
  const document = { kind: "registry-verification", schemaVersion: 1, ...verification, attestations } as const;
  const lines = [
    renderVerification(verification, renderNext(verification, scope, attestations !== null)),
    ...renderAttestations(attestations),
  ];
  return { exitCode: verification.holds ? 0 : 1, document, text: lines.join("\n") };
}

function renderAttestations(attestations: readonly AttestationDocument[] | null): readonly string[] {
  if (attestations === null) return [];
  const count = (outcome: AttestationDocument["outcome"]) =>
    attestations.filter((attestation) => attestation.outcome === outcome).length;
  const attested = attestations.find(({ outcome }) => outcome === "attested");
  return [
    `attestations: ${count("attested")} attested, ${count("not-attested")} not attested, ${count("does-not-match")} not matching`,
    ...attestations.map(({ model, version, outcome, reason }) => `  ${model}@${version}: ${outcome}: ${reason}`),
    ...(attested === undefined
      ? []
      : [`what they say was compared, their signatures were not checked; that does: ${attested.command}`]),
  ];
}

/** The command that goes on where this one stopped, with the same scope; null = nothing was left for another time. */
function renderNext(
  { notChecked: { next } }: Verification,
  { model, since, last }: VerificationScope,
  attestations: boolean,
): string | null {
  if (next === null) return null;
  const flags = [
    `--until ${next}`,
    model === null ? null : `--model ${model}`,
    since === null ? null : `--since ${since}`,
    last === defaultScope.last ? null : `--last ${last}`,
    attestations ? "--attestations" : null,
  ];
  return `modelgate registry verify ${flags.filter((flag) => flag !== null).join(" ")}`;
}

function renderVerification(
  { holds, events, firstBad, problems, notChecked }: Verification,
  next: string | null,
): string {
  const left = renderNotChecked(notChecked, next);
  if (holds && left.length === 0) return `the registry holds: ${events} events, their index and all releases`;
  if (holds)
    return [`the registry holds as far as it was checked: ${events} events and their index`, ...left].join("\n");
  const first =
    firstBad === null ? [] : [`first bad event: ${firstBad.sequence} (commit ${firstBad.commit ?? "missing"})`];
  const rows = problems.map(({ sequence, problem }) => `  ${sequence === null ? "" : `event ${sequence}: `}${problem}`);
  return ["the registry does not hold", ...first, ...rows, ...left].join("\n");
}

function renderNotChecked({ releases, manifests }: Verification["notChecked"], next: string | null): readonly string[] {
  const lines = [
    manifests > 0
      ? `not read: the manifests of ${manifests} releases, whose files were compared by GitHub's digests alone`
      : null,
    releases > 0 ? `not checked: ${releases} releases older than the 10,000 that GitHub lists` : null,
    next === null ? null : `go on with older versions: ${next}`,
  ];
  return lines.filter((line) => line !== null);
}
