// Artifacts within one workflow run: how a job hands files to the next. What is downloaded was made by code of the pull request
// and is unpacked by the guarded unzip.
import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { InputError, ProviderError } from "../src/errors.ts";
import { candidateUnpackLimits, type UnpackLimits, unpackToFolder } from "../src/evidence/unpack.ts";
import type { Runner } from "./runner.ts";

/** Uploads every file under `folder` as one artifact; its id and size in bytes. `retentionDays` 0 = the repository's default. */
export async function uploadFolder(
  name: string,
  folder: string,
  retentionDays = 0,
): Promise<{ readonly id: number; readonly bytes: number; readonly sha256: string | null }> {
  const files = await listFiles(folder);
  if (files.length === 0) throw new ProviderError(`nothing to upload as ${name}: ${folder} is empty`);
  const options = retentionDays > 0 ? { retentionDays } : {};
  const client = await openArtifacts();
  const answer = await provided(`the artifact ${name} could not be uploaded`, () =>
    client.uploadArtifact(name, files, folder, { compressionLevel: 6, ...options }),
  );
  return {
    id: answer.id ?? 0,
    bytes: answer.size ?? 0,
    sha256: answer.digest?.replace(/^sha256:/, "") ?? null,
  };
}

/** Loaded by those who need it: packing and storage make up a good part of the bundle, and half of the steps touch no artifact. */
async function openArtifacts() {
  const { DefaultArtifactClient } = await import("@actions/artifact");
  return new DefaultArtifactClient();
}

/** Another workflow run, and the token that may read its artifacts. */
export interface OtherRun {
  readonly token: string;
  readonly workflowRunId: number;
  readonly repositoryOwner: string;
  readonly repositoryName: string;
}

/** Downloads the artifact of this workflow run (or of another) into an empty folder; false when the run has none of that name. */
export async function downloadFolder(
  name: string,
  folder: string,
  temporaryFolder: string,
  limits: UnpackLimits = candidateUnpackLimits,
  otherRun?: OtherRun,
): Promise<boolean> {
  const client = await openArtifacts();
  const from = otherRun === undefined ? {} : { findBy: otherRun };
  const listed = await provided("the artifacts of the workflow run could not be listed", () =>
    client.listArtifacts({ latest: true, ...from }),
  );
  const artifact = listed.artifacts.find((candidate) => candidate.name === name);
  if (!artifact) return false;
  const landing = await mkdtemp(join(temporaryFolder, "modelgate-artifact-"));
  try {
    const answer = await provided(`the artifact ${name} could not be downloaded`, () =>
      client.downloadArtifact(artifact.id, {
        path: landing,
        skipDecompress: true,
        ...from,
        ...(artifact.digest ? { expectedHash: artifact.digest } : {}),
      }),
    );
    if (answer.digestMismatch) throw new ProviderError(`the artifact ${name} is not what its digest says`);
    const [archive] = await readdir(landing);
    if (!archive) throw new ProviderError(`the artifact ${name} came without an archive`);
    const path = join(landing, archive);
    await unpackToFolder(path, (await stat(path)).size, folder, limits);
    return true;
  } finally {
    await rm(landing, { recursive: true, force: true });
  }
}

/** The given folder, or the artifact of this workflow run unpacked into a fresh one. @throws InputError when there is neither. */
export async function fetchFolder(
  artifactName: string,
  given: string | undefined,
  runner: Pick<Runner, "temporaryFolder" | "workspace">,
): Promise<string> {
  if (given !== undefined) return resolve(runner.workspace, given);
  const folder = await mkdtemp(join(runner.temporaryFolder, "modelgate-"));
  if (await downloadFolder(artifactName, folder, runner.temporaryFolder)) return folder;
  throw new InputError({
    message: `this workflow run has no artifact ${artifactName}`,
    hint: "run the step that makes it in a job before this one (`needs:`), or name a folder",
  });
}

/** The given folder, or the artifact of the training job; an empty folder when that left none: then every model is missing. */
export async function fetchCandidates(
  given: string | undefined,
  runner: Pick<Runner, "temporaryFolder" | "workspace">,
): Promise<string> {
  if (given !== undefined) return resolve(runner.workspace, given);
  const folder = await mkdtemp(join(runner.temporaryFolder, "modelgate-"));
  await downloadFolder("modelgate-candidates", folder, runner.temporaryFolder);
  return folder;
}

/**
 * Uploads per-row predictions apart from the evidence, which others read whole, and for few days only; nothing when the
 * evidence itself is not uploaded. Evidence of another name (jobs of a matrix) gives them another name too.
 */
export async function keepPredictions(folder: string, days: number, evidence = "modelgate-evidence"): Promise<void> {
  if (evidence === "none" || days <= 0 || !(await hasFiles(folder))) return;
  const name = evidence === "modelgate-evidence" ? "modelgate-predictions" : `${evidence}-predictions`;
  await uploadFolder(name, folder, days);
}

/** True when there is a file anywhere below the folder. */
export async function hasFiles(folder: string): Promise<boolean> {
  return existsSync(folder) && (await listFiles(folder)).length > 0;
}

async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

async function provided<T>(message: string, request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ProviderError({ message, received: reason.slice(0, 500) }, { cause: error });
  }
}
