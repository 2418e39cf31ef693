// What an attestation of GitHub's says about a file, and whether it is what the manifest says. Signatures are not looked at here.
import { z } from "zod";
import type { Manifest } from "./manifest.ts";

export const provenanceType = "https://slsa.dev/provenance/v1";
const payloadType = "application/vnd.in-toto+json";

const Bundle = z.object({ dsseEnvelope: z.object({ payloadType: z.string(), payload: z.string() }) });
const Statement = z.object({
  subject: z.array(z.object({ digest: z.record(z.string(), z.string()) })),
  predicateType: z.string(),
  predicate: z.unknown(),
});
const Provenance = z.object({
  buildDefinition: z.object({
    externalParameters: z.object({ workflow: z.object({ repository: z.string(), path: z.string() }) }),
    resolvedDependencies: z.array(z.object({ digest: z.record(z.string(), z.string()).optional() })).default([]),
  }),
  runDetails: z.object({ metadata: z.object({ invocationId: z.string() }).optional() }),
});

/** `repository`: `OWNER/NAME` whose workflows are to have made the file. Null facts are unknown and not compared. */
export interface ExpectedOrigin {
  readonly repository: string;
  readonly codeSha: string | null;
  readonly runId: number | null;
}

export interface Judged {
  readonly outcome: "attested" | "not-attested" | "does-not-match";
  /** For people: the workflow that attested it, or what does not match. */
  readonly reason: string;
}

/** What the manifest says of where its version comes from; `registry` = `OWNER/NAME` of its own repository. */
export function expectOrigin({ lineage }: Manifest, registry: string): ExpectedOrigin {
  const { repository = registry, codeSha, workflowRun } = lineage;
  return { repository, codeSha, runId: workflowRun?.id ?? null };
}

/**
 * Of the provenance attestations of a file one has to agree: its subject holds the digest, its workflow lies in the
 * repository, and it comes from the commit or the workflow run of the manifest (a run on a pull request is on the
 * commit of its test merge, so either is enough). Bundles that are no provenance are passed over.
 */
export function judgeAttestations(bundles: readonly unknown[], sha256: string, expected: ExpectedOrigin): Judged {
  const judged = bundles.map((bundle) => judgeBundle(bundle, sha256, expected)).filter((one) => one !== null);
  return (
    judged.find(({ outcome }) => outcome === "attested") ??
    judged[0] ?? { outcome: "not-attested", reason: "GitHub holds no provenance of it" }
  );
}

function judgeBundle(bundle: unknown, sha256: string, expected: ExpectedOrigin): Judged | null {
  const statement = readStatement(bundle);
  if (statement === null) return mismatch("an attestation cannot be read");
  if (statement.predicateType !== provenanceType) return null;
  if (!statement.subject.some(({ digest }) => digest["sha256"] === sha256))
    return mismatch("the attestation is about another file: no subject has its digest");
  const provenance = Provenance.safeParse(statement.predicate);
  if (!provenance.success) return mismatch("its provenance does not name a workflow");
  const { buildDefinition, runDetails } = provenance.data;
  const { repository, path } = buildDefinition.externalParameters.workflow;
  const found = readRepository(repository);
  if (found?.toLowerCase() !== expected.repository.toLowerCase())
    return mismatch(`it was made in ${found ?? repository}, not in ${expected.repository}`);
  const commits = buildDefinition.resolvedDependencies.flatMap(({ digest }) => digest?.["gitCommit"] ?? []);
  const run = Number(/\/actions\/runs\/(\d+)/.exec(runDetails.metadata?.invocationId ?? "")?.[1] ?? Number.NaN);
  const { codeSha, runId } = expected;
  const agrees = (codeSha !== null && commits.includes(codeSha)) || (runId !== null && run === runId);
  if (!agrees && (codeSha !== null || runId !== null))
    return mismatch(
      `it was made from commit ${commits.join(", ") || "unknown"} by run ${run}; the manifest says commit ${codeSha ?? "unknown"}, run ${runId ?? "unknown"}`,
    );
  return { outcome: "attested", reason: `by ${path} of ${found}` };
}

function mismatch(reason: string): Judged {
  return { outcome: "does-not-match", reason };
}

/** The statement that the envelope signs; null when it is none. */
function readStatement(bundle: unknown): z.infer<typeof Statement> | null {
  const parsed = Bundle.safeParse(bundle);
  if (!parsed.success || parsed.data.dsseEnvelope.payloadType !== payloadType) return null;
  try {
    const text = Buffer.from(parsed.data.dsseEnvelope.payload, "base64").toString("utf8");
    const statement = Statement.safeParse(JSON.parse(text));
    return statement.success ? statement.data : null;
  } catch {
    return null;
  }
}

/** `OWNER/NAME` of a repository's address on whatever host. */
function readRepository(address: string): string | null {
  const path = URL.canParse(address) ? new URL(address).pathname.slice(1) : "";
  return /^[^/]+\/[^/]+$/.test(path) ? path : null;
}
