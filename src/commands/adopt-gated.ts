// Use case of a job after a merge: puts the gated candidates and their evidence into a folder, each byte as the evidence has it.
import { join } from "node:path";
import { z } from "zod";
import { ModelgateError } from "../errors.ts";
import { type Evidence, evidenceArtifactName, evidenceFileName } from "../evidence/evidence.ts";
import type { Context } from "../host/context.ts";
import { digestFile, listFiles } from "../host/files.ts";
import { modelFolderName } from "./candidate-folder.ts";
import { findGatedBytes } from "./find-gated-bytes.ts";
import type { JudgePorts } from "./judge-pull.ts";
import type { JsonDocument, Outcome } from "./outcome.ts";

export interface AdoptSettings {
  /** The event of the workflow run. */
  readonly event: unknown;
  readonly publisher: string;
  readonly candidatesName: string;
  /** Gets `candidates/` and `evidence/`. */
  readonly folder: string;
}

export interface AdoptPorts {
  readonly session: JudgePorts;
  /** Unpacks an artifact of a workflow run into a folder; false when there is none. */
  readonly fetchFolder: (runId: number, name: string, folder: string) => Promise<boolean>;
}

/** Kind `adoption`. `run` null = everything is trained again, for `reason`. */
export interface AdoptionDocument extends JsonDocument {
  readonly kind: "adoption";
  readonly run: number | null;
  readonly evidenceSha256: string | null;
  readonly models: readonly string[];
  readonly reason: string | null;
}

const PushEvent = z.object({
  before: z.string().regex(/^[0-9a-f]{40}$/),
  after: z.string().regex(/^[0-9a-f]{40}$/),
  ref: z.string().startsWith("refs/heads/"),
});

/** Always exit 0: what cannot be taken over, for whatever reason, is trained again. */
export async function adoptGated(
  settings: AdoptSettings,
  ports: AdoptPorts,
  context: Context,
): Promise<Outcome<AdoptionDocument>> {
  try {
    return describe(await adopt(settings, ports));
  } catch (error) {
    if (!(error instanceof ModelgateError) && !(error instanceof Error && "status" in error)) throw error;
    context.progress(`warning: ${error.message}`);
    return describe({ reason: `it could not be found out: ${error.message}` });
  }
}

type Adopted =
  | { readonly run: number; readonly evidenceSha256: string; readonly models: readonly string[] }
  | { readonly reason: string };

async function adopt(settings: AdoptSettings, ports: AdoptPorts): Promise<Adopted> {
  const push = PushEvent.safeParse(settings.event);
  if (!push.success || /^0+$/.test(push.data.before))
    return { reason: "this is not a push to a branch that was there" };
  const { before, after, ref } = push.data;
  const { publisher, candidatesName, folder } = settings;
  const branch = ref.replace("refs/heads/", "");
  const found = await findGatedBytes({ before, after, branch, publisher, candidatesName }, ports.session);
  if ("reason" in found) return found;
  const candidates = join(folder, "candidates");
  const evidence = join(folder, "evidence");
  const fetched =
    (await ports.fetchFolder(found.run.id, candidatesName, candidates)) &&
    (await ports.fetchFolder(found.run.id, evidenceArtifactName, evidence));
  if (!fetched) return { reason: `the models of workflow run ${found.run.id} have expired or were deleted` };
  const { sha256 } = await digestFile(join(evidence, evidenceFileName));
  if (sha256 !== found.evidenceSha256) return { reason: "the evidence changed while it was read" };
  const other = await findOtherBytes(found.evidence, candidates);
  if (other !== null) return { reason: other };
  const models = found.evidence.models.flatMap(({ model, status }) => (status === "judged" ? [model] : []));
  return { run: found.run.id, evidenceSha256: sha256, models };
}

/** Candidates are made by code of the pull request: only the very bytes that the judging job saw will do. */
async function findOtherBytes({ models }: Evidence, folder: string): Promise<string | null> {
  for (const { model, status, candidate } of models) {
    if (status !== "judged") continue;
    const gated = new Set(candidate?.files.map(({ sha256 }) => sha256) ?? []);
    const root = join(folder, model, modelFolderName);
    const names = await listFiles(root);
    if (names.length !== (candidate?.files.length ?? 0)) return `the files of ${model} are not those that were gated`;
    for (const name of names)
      if (!gated.has((await digestFile(join(root, name))).sha256)) return `${name} of ${model} is not what was gated`;
  }
  return null;
}

function describe(adopted: Adopted): Outcome<AdoptionDocument> {
  const common = { kind: "adoption", schemaVersion: 1 } as const;
  if ("reason" in adopted) {
    const document = { ...common, run: null, evidenceSha256: null, models: [], reason: adopted.reason };
    return { exitCode: 0, document, text: `training again: ${adopted.reason}` };
  }
  const text = `taken over from workflow run ${adopted.run}, whose gated tree was merged as it was: ${adopted.models.join(", ")}`;
  return { exitCode: 0, document: { ...common, ...adopted, reason: null }, text };
}
