// Which published versions GitHub holds provenance of, and whether it is what their manifests say.
import { readAttestations } from "../github/attestations.ts";
import { expectOrigin, type Judged, judgeAttestations } from "../registry/attestation.ts";
import type { Manifest } from "../registry/manifest.ts";
import type { VerificationInput } from "../registry/verification.ts";
import type { RegistrySession } from "./registry-session.ts";

export interface AttestationDocument extends Judged {
  readonly model: string;
  readonly version: string;
  /** What checks the signature itself. */
  readonly command: string;
}

const tellEvery = 50;

/**
 * One request per manifest that was read, and one per model file where the manifest itself is not attested: a version is
 * attested when its manifest is, or every one of its model files. @throws ProviderError where the token may not read attestations.
 */
export async function verifyAttestations(
  { manifests }: Pick<VerificationInput, "manifests">,
  session: Pick<RegistrySession, "registry" | "progress">,
): Promise<readonly AttestationDocument[]> {
  const { owner, name } = session.registry;
  const found: AttestationDocument[] = [];
  const known = [...manifests.values()].filter((manifest) => manifest !== null);
  for (const { manifest, sha256 } of known) {
    const expected = expectOrigin(manifest, `${owner}/${name}`);
    const ask = async (digest: string) =>
      judgeAttestations(await readAttestations(session.registry.client, expected.repository, digest), digest, expected);
    const judged = await judgeVersion(manifest, sha256, ask);
    const command = `gh release download '${manifest.tag}' --repo ${owner}/${name} && gh attestation verify ${judged.file} --repo ${expected.repository}`;
    const { model, version } = manifest;
    found.push({ model, version, outcome: judged.outcome, reason: judged.reason, command });
    if (found.length % tellEvery === 0)
      session.progress(`asked for attestations of ${found.length} of ${known.length} versions`);
  }
  return found;
}

/** `file`: what `gh attestation verify` is to be run on. */
async function judgeVersion(
  manifest: Manifest,
  manifestSha256: string,
  ask: (digest: string) => Promise<Judged>,
): Promise<Judged & { readonly file: string }> {
  const whole = await ask(manifestSha256);
  if (whole.outcome !== "not-attested") return { ...whole, file: "manifest.json" };
  const models = manifest.assets.filter(({ role }) => role === "model");
  let last: Judged & { readonly file: string } = { ...whole, file: models[0]?.name ?? "manifest.json" };
  for (const { name, sha256 } of models) {
    const judged = await ask(sha256);
    last = { ...judged, reason: `${name}: ${judged.reason}`, file: name };
    if (judged.outcome !== "attested") return last;
  }
  return last;
}
