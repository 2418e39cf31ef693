// Use case: does everything in the registry hold? Chain, index, releases, anchors; and, when asked, attestations.
import { type Verification, verifyRegistry } from "../registry/verification.ts";
import { defaultScope, gatherVerification, type VerificationScope } from "./gather-verification.ts";
import type { JsonDocument, Outcome } from "./outcome.ts";
import type { RegistrySession } from "./registry-session.ts";

/** Kind `registry-verification`. */
export interface RegistryVerificationDocument extends JsonDocument, Verification {
  readonly kind: "registry-verification";
}

/** Exit 1 when something does not hold. What the scope leaves out is told as not checked. */
export async function verify(
  session: Pick<RegistrySession, "ledger" | "releases" | "progress">,
  scope: VerificationScope = defaultScope,
): Promise<Outcome<RegistryVerificationDocument>> {
  const verification = verifyRegistry(await gatherVerification(session, scope));
  const document = { kind: "registry-verification", schemaVersion: 1, ...verification } as const;
  return { exitCode: verification.holds ? 0 : 1, document, text: renderVerification(verification) };
}

function renderVerification({ holds, events, firstBad, problems, notChecked }: Verification): string {
  const left = renderNotChecked(notChecked);
  if (holds && left.length === 0) return `the registry holds: ${events} events, their index and all releases`;
  if (holds)
    return [`the registry holds as far as it was checked: ${events} events and their index`, ...left].join("\n");
  const first =
    firstBad === null ? [] : [`first bad event: ${firstBad.sequence} (commit ${firstBad.commit ?? "missing"})`];
  const rows = problems.map(({ sequence, problem }) => `  ${sequence === null ? "" : `event ${sequence}: `}${problem}`);
  return ["the registry does not hold", ...first, ...rows, ...left].join("\n");
}

function renderNotChecked({ releases, manifests, next }: Verification["notChecked"]): readonly string[] {
  const lines = [
    manifests > 0
      ? `not read: the manifests of ${manifests} releases, whose files were compared by GitHub's digests alone`
      : null,
    releases > 0 ? `not checked: ${releases} releases older than the 10,000 that GitHub lists` : null,
    next === null ? null : `go on with older versions: modelgate registry verify --until ${next}`,
  ];
  return lines.filter((line) => line !== null);
}
