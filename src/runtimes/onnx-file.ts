// Looks at an ONNX file before the engine does: is it one, is it whole, and does it point only at files beside it.
import { realpath, stat } from "node:fs/promises";
import { dirname, isAbsolute, join, relative } from "node:path";
import { InputError } from "../errors.ts";
import { findFileKind, listFiles, readBoundedFile } from "../host/files.ts";
import { decodeOnnxModel, type OnnxGraph, type OnnxModel, type OnnxNode, type OnnxTensor } from "./onnx-schema.ts";

/** Protobuf's own limit. */
const limitBytes = 2 ** 31 - 1;

export interface OnnxFile {
  /** Absolute. */
  readonly path: string;
  /** What the producer wrote into the model: `modelgate.classes`, `modelgate.features`, … */
  readonly metadata: ReadonlyMap<string, string>;
}

/** The one `.onnx` file that `path` is or, as a folder, holds; undefined if there is none or more than one. */
export async function findOnnxFile(path: string): Promise<string | undefined> {
  if ((await findFileKind(path)) === "file") return path.toLowerCase().endsWith(".onnx") ? path : undefined;
  const files = (await listFiles(path)).filter((file) => file.toLowerCase().endsWith(".onnx"));
  return files.length === 1 ? join(path, files[0] ?? "") : undefined;
}

/**
 * Reads and checks an ONNX file. Throws InputError when it is empty, truncated, of another format, or names external data
 * outside its own folder (a file the model's author chose would be read from the machine that judges it).
 */
export async function inspectOnnxFile(path: string): Promise<OnnxFile> {
  const bytes = await readBoundedFile(path, limitBytes);
  if (bytes.byteLength === 0) throw createBroken(path, "the model file is empty", "0 bytes");
  const model = decode(bytes, path);
  const tensors: OnnxTensor[] = [];
  if (model.graph) collectTensors(model.graph, tensors);
  for (const body of model.functions ?? []) for (const node of body.node) collectNodeTensors(node, tensors);
  for (const tensor of tensors) await checkExternalData(tensor, path);
  return { path, metadata: new Map(model.metadataProps.map(({ key, value }) => [key, value])) };
}

function decode(bytes: Buffer, path: string): OnnxModel {
  const other = recognizeOtherFormat(bytes);
  if (other) throw createBroken(path, "the file is not an ONNX model", other);
  let model: OnnxModel;
  try {
    model = decodeOnnxModel(bytes);
  } catch (error) {
    throw createBroken(path, "the file is not an ONNX model, or is cut off", `${bytes.byteLength} bytes`, error);
  }
  if (!model.graph || !model.irVersion || model.opsetImport.length === 0) {
    throw createBroken(
      path,
      "the file is not an ONNX model, or is cut off",
      `${bytes.byteLength} bytes without a graph`,
    );
  }
  return model;
}

function recognizeOtherFormat(bytes: Buffer): string | undefined {
  const start = bytes.subarray(0, 64).toString("latin1");
  if (start.startsWith("version https://git-lfs")) return "a Git LFS pointer (fetch the file with `git lfs pull`)";
  if (start.startsWith("PK\u0003\u0004")) return "a zip archive (PyTorch, Keras and others save these)";
  if (start.startsWith("\u0089HDF")) return "an HDF5 file (Keras)";
  if (bytes[0] === 0x80 && (bytes[1] ?? 0) >= 2 && (bytes[1] ?? 0) <= 5)
    return "a Python pickle (scikit-learn, joblib)";
  if (/^\s*[{[<]/.test(start)) return "a text file";
  return undefined;
}

function collectTensors(graph: OnnxGraph, found: OnnxTensor[]): void {
  found.push(...graph.initializer);
  for (const sparse of graph.sparseInitializer ?? []) pushSparse(sparse, found);
  for (const node of graph.node) collectNodeTensors(node, found);
}

function collectNodeTensors(node: OnnxNode, found: OnnxTensor[]): void {
  for (const attribute of node.attribute ?? []) {
    if (attribute.t) found.push(attribute.t);
    found.push(...(attribute.tensors ?? []));
    if (attribute.sparseTensor) pushSparse(attribute.sparseTensor, found);
    for (const sparse of attribute.sparseTensors ?? []) pushSparse(sparse, found);
    if (attribute.g) collectTensors(attribute.g, found);
    for (const graph of attribute.graphs ?? []) collectTensors(graph, found);
  }
}

function pushSparse(
  sparse: { readonly values?: OnnxTensor; readonly indices?: OnnxTensor },
  found: OnnxTensor[],
): void {
  if (sparse.values) found.push(sparse.values);
  if (sparse.indices) found.push(sparse.indices);
}

async function checkExternalData(tensor: OnnxTensor, path: string): Promise<void> {
  if (tensor.dataLocation !== 1 && (tensor.externalData ?? []).length === 0) return;
  const location = tensor.externalData?.find(({ key }) => key === "location")?.value ?? "";
  const refuse = (message: string, hint: string) =>
    new InputError({
      message,
      file: path,
      key: tensor.name,
      expected: "a file in the model's own folder",
      received: location,
      hint,
    });
  const outside = isAbsolute(location) || /^[A-Za-z]:|\\|^\/|(^|\/)\.\.(\/|$)|\0/.test(location) || location === "";
  if (outside) {
    throw refuse(
      "the model reads data from outside its folder",
      "save the weights inside the model, or in a file beside it",
    );
  }
  const folder = await realpath(dirname(path));
  const file = await realpath(join(folder, location)).catch(() => undefined);
  if (file === undefined) {
    throw refuse("the model's external data is missing", "set `model:` to the folder that holds both files");
  }
  const inside = relative(folder, file);
  if (inside.startsWith("..") || isAbsolute(inside) || !(await stat(file)).isFile()) {
    throw refuse("the model reads data from outside its folder", "put the file itself there, not a link");
  }
}

function createBroken(path: string, message: string, received: string, cause?: unknown): InputError {
  return new InputError({ message, file: path, expected: "an ONNX model", received }, { cause });
}
