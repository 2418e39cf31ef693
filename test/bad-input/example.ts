// A small repository that is in order: a config, data, and a model trained on it. Tests break one thing of it at a time.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createFolder, type Folder } from "../cli/run-in-folder.ts";

export const rows = `id,x,y\n${Array.from({ length: 60 }, (_, row) => `r${row},${(row * 7) % 13},${row % 2}`).join("\n")}\n`;

export const config = `version: 1
models:
  m:
    model: out/m.onnx
    task: binary
    label: y
    id: id
    features: [x]
    data: { train: train.csv, evaluation: judge.csv }
    train: { trainer: tfjs }
    metrics: [roc_auc]
    gates: [roc_auc >= 0.1]
    expect: [{ column: x, between: [0, 20] }]
`;

/** The repository with `changes` by path: other content, or null for a file that is not there. */
export function createRepository(changes: Readonly<Record<string, string | Uint8Array | null>> = {}): Folder {
  const folder = createFolder();
  const files = { ".github/modelgate.yml": config, "train.csv": rows, "judge.csv": rows, ...changes };
  for (const [path, content] of Object.entries(files)) if (content !== null) folder.write(path, content);
  return folder;
}

/** The bytes of a model that `modelgate train` made in a repository that is in order. */
export async function trainModel(): Promise<Buffer> {
  const folder = createRepository();
  try {
    const { status, stderr } = await folder.run("train m --out run", { PATH: process.env["PATH"] ?? "" });
    if (status !== 0) throw new Error(stderr);
    return readFileSync(join(folder.path, "run/model/m.onnx"));
  } finally {
    folder.remove();
  }
}
