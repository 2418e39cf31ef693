// Attestations as `actions/attest-build-provenance` has GitHub keep them; the signature is none.
import { provenanceType } from "../../src/registry/attestation.ts";

export interface ProvenanceFacts {
  readonly sha256: string;
  readonly repository: string;
  readonly commit: string;
  readonly runId: number;
}

/** A bundle whose payload is this statement. */
export function wrapStatement(statement: Readonly<Record<string, unknown>>) {
  const payload = Buffer.from(JSON.stringify({ _type: "https://in-toto.io/Statement/v1", ...statement }));
  return {
    mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
    verificationMaterial: {},
    dsseEnvelope: {
      payload: payload.toString("base64"),
      payloadType: "application/vnd.in-toto+json",
      signatures: [{ sig: "" }],
    },
  };
}

export function createProvenance({ sha256, repository, commit, runId }: ProvenanceFacts) {
  const address = `https://github.com/${repository}`;
  const workflow = { ref: "refs/heads/main", repository: address, path: ".github/workflows/main.yml" };
  return wrapStatement({
    subject: [{ name: "manifest.json", digest: { sha256 } }],
    predicateType: provenanceType,
    predicate: {
      buildDefinition: {
        buildType: "https://actions.github.io/buildtypes/workflow/v1",
        externalParameters: { workflow },
        resolvedDependencies: [{ uri: `git+${address}@refs/heads/main`, digest: { gitCommit: commit } }],
      },
      runDetails: {
        builder: { id: `${address}/.github/workflows/main.yml@refs/heads/main` },
        metadata: { invocationId: `${address}/actions/runs/${runId}/attempts/1` },
      },
    },
  });
}
