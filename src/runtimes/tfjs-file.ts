// A TensorFlow.js model as it lies in its folder: `model.json` and the weights it names.
import { isAbsolute, join } from "node:path";
import { z } from "zod";
import { InputError } from "../errors.ts";
import { findFileKind, readBoundedFile } from "../host/files.ts";

const limits = { topologyBytes: 64 * 2 ** 20, weightsBytes: 2 ** 31 - 1 };

/** What the built-in trainer writes into `userDefinedMetadata.modelgate`, which tensors cannot hold. */
const TrainerNotes = z.object({
  inputs: z.array(
    z.object({
      /** Of the feature. */
      name: z.string(),
      /** Of the input layer, whose name may hold fewer characters. */
      layer: z.string(),
      /** Text inputs: the text's position is what the model takes; unknown text takes the length of the list. */
      vocabulary: z.array(z.string()).optional(),
      /** Numeric inputs: given for a missing value. */
      fill: z.number().finite().optional(),
    }),
  ),
  classes: z.array(z.string()).nullable(),
});
export type TrainerNotes = z.infer<typeof TrainerNotes>;

const ModelFile = z.object({
  format: z.string().optional(),
  modelTopology: z.record(z.string(), z.unknown()),
  weightsManifest: z.array(
    z.object({
      paths: z.array(z.string().max(500)).max(10_000),
      weights: z.array(z.record(z.string(), z.unknown())).max(100_000),
    }),
  ),
  userDefinedMetadata: z.object({ modelgate: TrainerNotes.optional() }).optional(),
});

export interface TfjsFile {
  readonly topology: Readonly<Record<string, unknown>>;
  readonly weightSpecs: readonly Readonly<Record<string, unknown>>[];
  readonly weights: ArrayBuffer;
  readonly notes: TrainerNotes | null;
}

/** `model.json` itself, or the one in the folder; undefined if it is not there. */
export async function findModelJson(path: string): Promise<string | undefined> {
  const file = (await findFileKind(path)) === "folder" ? join(path, "model.json") : path;
  return file.endsWith("model.json") && (await findFileKind(file)) === "file" ? file : undefined;
}

/** Reads a layers model. Throws InputError when a part is missing, too large, cut off, or another kind of model. */
export async function readTfjsFile(file: string): Promise<TfjsFile> {
  const text = (await readBoundedFile(file, limits.topologyBytes)).toString("utf8");
  if (text.trim() === "") throw createBroken(file, "the model file is empty", "0 bytes");
  const parsed = ModelFile.safeParse(parseJson(text, file));
  if (!parsed.success) {
    const first = parsed.error.issues[0];
    throw createBroken(file, "the file is not a TensorFlow.js model", `${first?.path.join(".")}: ${first?.message}`);
  }
  const { format, modelTopology, weightsManifest, userDefinedMetadata } = parsed.data;
  if (format === "graph-model") {
    throw new InputError({
      message: "graph models are not supported, only layers models",
      file,
      expected: '"format": "layers-model"',
      received: '"format": "graph-model"',
      hint: "save a layers model, or convert it to ONNX (tf2onnx)",
    });
  }
  const weights = await readWeights(
    file,
    weightsManifest.flatMap(({ paths }) => paths),
  );
  return {
    topology: modelTopology,
    weightSpecs: weightsManifest.flatMap((group) => group.weights),
    weights,
    notes: userDefinedMetadata?.modelgate ?? null,
  };
}

async function readWeights(file: string, paths: readonly string[]): Promise<ArrayBuffer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for (const path of paths) {
    if (isAbsolute(path) || /(^|[/\\])\.\.([/\\]|$)|^[A-Za-z]:|\0/.test(path)) {
      throw createBroken(file, "the model reads weights from outside its folder", path);
    }
    const part = await readBoundedFile(join(file, "..", path), limits.weightsBytes - bytes);
    bytes += part.byteLength;
    parts.push(part);
  }
  const all = Buffer.concat(parts);
  return all.buffer.slice(all.byteOffset, all.byteOffset + all.byteLength) as ArrayBuffer;
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw createBroken(file, "the file is not JSON, or is cut off", error instanceof Error ? error.message : "", error);
  }
}

function createBroken(file: string, message: string, received: string, cause?: unknown): InputError {
  return new InputError({ message, file, expected: "a TensorFlow.js layers model", received }, { cause });
}
