// Attestations of files: kept as they come, found by the digest of a subject. Signatures are not checked.
import { z } from "zod";
import { input, param, type RepositoryCall } from "../http/call.ts";
import { json, type Reply } from "../http/reply.ts";
import type { RouteTools } from "./catalog.ts";

const writing = z.object({ bundle: z.looseObject({ dsseEnvelope: z.looseObject({ payload: z.string() }) }) });
const Statement = z.looseObject({ subject: z.array(z.looseObject({ digest: z.record(z.string(), z.string()) })) });

export function addAttestationRoutes({ platform }: RouteTools): void {
  const { router } = platform;
  router.repositoryRoute("POST /repos/{owner}/{repo}/attestations", { permissions: ["attestations:write"] }, create);
  router.repositoryRoute(
    "GET /repos/{owner}/{repo}/attestations/{subject_digest}",
    { permissions: ["attestations:read"] },
    list,
  );
}

function create(call: RepositoryCall): Reply {
  const { bundle } = input(call, "Attestation", writing);
  const row = call.platform.store.attestations.insert({ repositoryId: call.repository.id, bundle });
  return json(201, { id: row.id });
}

/** Newest first. */
function list(call: RepositoryCall): Reply {
  const digest = param(call, "subject_digest");
  const attestations = call.platform.store.attestations
    .group(call.repository.id)
    .filter(({ bundle }) => digestsOf(bundle).includes(digest))
    .reverse()
    .map(({ bundle }) => ({ bundle, repository_id: call.repository.id, bundle_url: "", initiator: "user" }));
  return json(200, { attestations });
}

function digestsOf(bundle: z.infer<typeof writing>["bundle"]): readonly string[] {
  try {
    const text = Buffer.from(bundle.dsseEnvelope.payload, "base64").toString("utf8");
    return Statement.parse(JSON.parse(text)).subject.flatMap(({ digest }) =>
      Object.entries(digest).map(([name, value]) => `${name}:${value}`),
    );
  } catch {
    return [];
  }
}
