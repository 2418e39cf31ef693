// What the training job hands over, one folder per model: the model, the run record, or why there is neither.
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { z } from "zod";
import type { ModelSettings } from "../config/settings.ts";
import { parseDocument } from "../evidence/parse-document.ts";
import { RunRecord } from "../evidence/run-record.ts";
import { digestFiles, type FileDigest, findFileKind, readBoundedFile } from "../host/files.ts";
import { renderCanonicalJson } from "../json/canonical-json.ts";
import { sha256Hex } from "../json/digest.ts";

/** Written instead of a model when training failed. */
export const TrainingFailure = z.object({
  kind: z.literal("training-failure"),
  schemaVersion: z.literal(1),
  /** One sentence. */
  message: z.string().max(2000),
  /** The program's last lines of output. */
  lines: z.array(z.string().max(2000)).max(100),
});
export type TrainingFailure = z.infer<typeof TrainingFailure>;

const limits = { bytes: 4 * 2 ** 20, depth: 40 } as const;

export const trainingFailureFileName = "failure.json";
export const runRecordFileName = "run-record.json";
export const modelFolderName = "model";
/** What the data of the training looked like: published beside the model. */
export const profileFileName = "profile.json";

export type Candidate =
  | {
      readonly state: "trained";
      /** Absolute: the file or folder that a runtime opens. */
      readonly modelPath: string;
      /** Paths below the model's folder, forward slashes. */
      readonly files: readonly FileDigest[];
      /** One digest over all files: of the list of path, digest and size. */
      readonly sha256: string;
      readonly bytes: number;
      readonly runRecord: RunRecord | null;
    }
  | { readonly state: "failed"; readonly failure: TrainingFailure }
  | { readonly state: "missing" };

/**
 * Reads what `folder` holds for the model; a model file or folder alone will do. Its files were made by code that is not trusted: documents are parsed within
 * bounds, names come from the disk. Throws InputError when the run record is not one.
 */
export async function readCandidate(settings: ModelSettings, folder: string): Promise<Candidate> {
  const failure = await readDocument(join(folder, trainingFailureFileName), TrainingFailure, trainingFailureFileName);
  if (failure !== null) return { state: "failed", failure };
  const modelFolder = await findModelFolder(folder);
  if (modelFolder === null) return { state: "missing" };
  const named = settings.model === null ? modelFolder : join(modelFolder, basename(settings.model));
  const modelPath = existsSync(named) ? named : modelFolder;
  if (modelPath === modelFolder && modelFolder === join(folder, modelFolderName) && settings.model !== null)
    return { state: "missing" };
  const files = await digestFiles(modelFolder);
  return {
    state: "trained",
    modelPath,
    files,
    sha256: digestOfFiles(files),
    bytes: files.reduce((sum, file) => sum + file.bytes, 0),
    runRecord: await readDocument(join(folder, runRecordFileName), RunRecord, runRecordFileName),
  };
}

/** Where the model's files are: `model/` of a training's folder, or the path itself when it is a model; null = nowhere. */
async function findModelFolder(path: string): Promise<string | null> {
  const inner = join(path, modelFolderName);
  if ((await findFileKind(inner)) === "folder") return inner;
  const kind = await findFileKind(path);
  if (kind === "file") return path;
  return kind === "folder" && !existsSync(join(path, runRecordFileName)) ? path : null;
}

/** One digest for a set of files, whatever the order they are listed in. */
export function digestOfFiles(files: readonly FileDigest[]): string {
  const sorted = [...files].sort((left, right) => (left.path < right.path ? -1 : left.path > right.path ? 1 : 0));
  return sha256Hex(renderCanonicalJson(sorted.map(({ path, sha256, bytes }) => ({ path, sha256, bytes }))));
}

async function readDocument<T>(path: string, schema: z.ZodType<T>, shown: string): Promise<T | null> {
  if (!existsSync(path)) return null;
  return parseDocument(await readBoundedFile(path, limits.bytes), schema, shown, limits);
}
