// Looks at a repository for what a first config needs: data, a program that trains, a model.
import { type Dirent, existsSync } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Survey, SurveyedData } from "../config/starter.ts";
import { readTable } from "../data/read-table.ts";
import { ModelgateError } from "../errors.ts";
import type { Task } from "../evaluation/comparison.ts";
import type { Context } from "../host/context.ts";
import type { Column, Table } from "../tables/table.ts";

const skippedFolders = new Set([".git", "node_modules", ".venv", "venv", "__pycache__", ".modelgate", "dist", "build"]);
const limits = { files: 20_000, depth: 6, dataBytes: 200e6 } as const;

/** What the folder holds; unreadable data is left out and said. */
export async function surveyRepository(root: string, context: Context): Promise<Survey> {
  const files = await listShallow(root);
  const source = await findData(root, files);
  return {
    name: nameModel(basename(root)),
    defaultBranch: await findDefaultBranch(root),
    data: source === null ? null : await surveyData(root, source, context),
    trainScript: files.find((file) => /(^|\/)train\.(py|mjs|js|cjs)$/.test(file)) ?? null,
    requirements: files.find((file) => file === "requirements.txt") ?? null,
    model: files.find((file) => file.endsWith(".onnx")) ?? null,
  };
}

/** Paths with forward slashes, sorted, not below folders of tools; at most 20,000 files and six levels. */
async function listShallow(root: string): Promise<readonly string[]> {
  const found: string[] = [];
  const walk = async (folder: string, depth: number): Promise<void> => {
    const entries: Dirent[] = await readdir(join(root, folder), { withFileTypes: true }).catch(() => []);
    for (const entry of entries.sort((left, right) => (left.name < right.name ? -1 : 1))) {
      if (found.length >= limits.files) return;
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isFile()) found.push(path);
      else if (entry.isDirectory() && !skippedFolders.has(entry.name) && depth < limits.depth)
        await walk(path, depth + 1);
    }
  };
  await walk("", 0);
  return found;
}

/** The largest table, those below a folder `data` first. */
async function findData(root: string, files: readonly string[]): Promise<string | null> {
  const tables = files.filter((file) => /\.(csv|tsv|parquet|jsonl|ndjson)(\.gz)?$/i.test(file));
  const sized = await Promise.all(
    tables.map(async (file) => ({
      file,
      bytes: (await stat(join(root, file))).size,
      first: /(^|\/)data\//.test(file),
    })),
  );
  const usable = sized.filter(({ bytes }) => bytes > 0 && bytes <= limits.dataBytes);
  usable.sort((left, right) => Number(right.first) - Number(left.first) || right.bytes - left.bytes);
  return usable[0]?.file ?? null;
}

async function surveyData(root: string, source: string, context: Context): Promise<SurveyedData | null> {
  try {
    const table = await readTable(join(root, source), {}, context);
    return describeTable(source, table);
  } catch (error) {
    if (!(error instanceof ModelgateError)) throw error;
    context.progress(`${source} is left out: ${error.message}`);
    return null;
  }
}

function describeTable(source: string, table: Table): SurveyedData {
  const columns = [...table.columns.values()];
  const named = (pattern: RegExp) => columns.find(({ name }) => pattern.test(name));
  const label = named(/^(label|target|class|outcome|y|churned|rained|is_.+|has_.+)$/i);
  const time = columns.find(({ type, name }) => type === "datetime" && name !== label?.name);
  const id = columns.find(({ name }) => name === "id");
  return {
    source,
    columns: columns.map(({ name }) => name),
    label: label?.name ?? null,
    time: time?.name ?? null,
    id: id?.name ?? null,
    task: label ? guessTask(label) : null,
    evaluationFrom: time ? findNewestFifth(time) : null,
  };
}

/** Two values: binary; other words, or few whole numbers: multiclass; else regression. */
function guessTask(label: Column): Task {
  const values = new Set<string | number>();
  for (const value of label.values) {
    if (value === null || Number.isNaN(value)) continue;
    values.add(value);
    if (values.size > 20) break;
  }
  if (values.size <= 2) return "binary";
  if (label.type !== "numeric") return "multiclass";
  return values.size <= 10 && [...values].every((value) => Number.isInteger(value)) ? "multiclass" : "regression";
}

/** The day at four fifths of the rows in time order; null when there are too few different ones. */
function findNewestFifth(time: Column): string | null {
  const moments = [...time.values].filter(
    (value): value is number => typeof value === "number" && !Number.isNaN(value),
  );
  moments.sort((left, right) => left - right);
  const at = moments[Math.floor(moments.length * 0.8)];
  if (at === undefined || at === moments[0] || moments.length < 10) return null;
  return new Date(at).toISOString().slice(0, 10);
}

function nameModel(folder: string): string {
  const name = folder
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, "-")
    .replace(/^[^a-z0-9]+/, "")
    .replace(/\.{2,}/g, ".")
    .slice(0, 64)
    .replace(/(\.lock|[.-]+)$/, "");
  return name === "" || ["constructor", "prototype"].includes(name) ? "model" : name;
}

/** What `origin` calls its default, else the branch that is checked out, else `main`. */
export async function findDefaultBranch(root: string): Promise<string> {
  const head = join(root, ".git", "refs", "remotes", "origin", "HEAD");
  const file = existsSync(head) ? head : join(root, ".git", "HEAD");
  const text = await readFile(file, "utf8").catch(() => "");
  return /^ref: refs\/(?:heads|remotes\/origin)\/(\S+)\s*$/.exec(text)?.[1] ?? "main";
}
