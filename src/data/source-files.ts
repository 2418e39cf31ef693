// From a source as people write it (path, glob, https, s3) to local files in a fixed order.
import { stat } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { InputError } from "../errors.ts";
import type { Context } from "../host/context.ts";
import type { Engine } from "./engine.ts";
import { fetchSource } from "./fetch-source.ts";
import { checkContent, type DataFormat, formatByName } from "./format.ts";
import { parseAddress, showSource } from "./source-address.ts";
import { quoteText } from "./sql.ts";

export interface SourceFile {
  /** Where the engine reads it. */
  readonly path: string;
  /** How people know it. */
  readonly shown: string;
}

export interface SourceFiles {
  readonly format: DataFormat;
  readonly gzipped: boolean;
  /** Never empty; a glob's files sorted by path. */
  readonly files: readonly [SourceFile, ...SourceFile[]];
}

/**
 * Finds the files of `source` and checks that each is what its name says. `https://` (and `http://` to this machine)
 * and `s3://` are fetched into the engine's folder. Throws InputError when nothing matches, ProviderError when the network
 * fails.
 */
export async function findSourceFiles(source: string, engine: Engine, context: Context): Promise<SourceFiles> {
  if (/^s3a?:\/\//.test(source)) return findOnS3(source, engine, context);
  if (/^https?:\/\//.test(source)) return findByUrl(source, engine, context);
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(source)) {
    throw new InputError({
      message: "sources of this kind are not read",
      file: showSource(source),
      expected: "a path, a glob, https://, s3:// or clickhouse://",
      hint: "fetch it in the model's `prepare` command and name the file here",
    });
  }
  const kind = formatByName(await refuseFolder(source, context));
  const files = await findLocal(source, engine, context);
  for (const file of files) await checkContent(file.path, file.shown, kind.format, kind.gzipped);
  return { ...kind, files };
}

async function findLocal(source: string, engine: Engine, context: Context): Promise<SourceFiles["files"]> {
  const path = locate(source, context);
  const known = await stat(path).catch(() => undefined);
  if (known) return [{ path, shown: source }];
  if (!/[*?[]/.test(source)) throw missing(source, "there is no such file");
  const rows = await engine.query(`SELECT file FROM glob(${quoteText(path)}) ORDER BY file`);
  const [first, ...rest] = rows.map((row) => {
    const found = String(row["file"]);
    return { path: found, shown: isAbsolute(source) ? found : found.slice(context.folder.length + 1) };
  });
  if (!first) throw missing(source, "no file matches this pattern");
  return [first, ...rest];
}

async function refuseFolder(source: string, context: Context): Promise<string> {
  const known = await stat(locate(source, context)).catch(() => undefined);
  if (!known?.isDirectory()) return source;
  throw new InputError({
    message: `${source} is a folder`,
    file: source,
    expected: "a file or a glob",
    hint: `name the files in it, for example ${source.replace(/\/$/, "")}/*.parquet`,
  });
}

function locate(source: string, context: Context): string {
  return isAbsolute(source) ? source : join(context.folder, source);
}

async function findByUrl(source: string, engine: Engine, context: Context): Promise<SourceFiles> {
  const kind = formatByName(parseAddress(source).pathname);
  const path = await fetchSource(source, engine.folder, context);
  const shown = showSource(source);
  await checkContent(path, shown, kind.format, kind.gzipped);
  return { ...kind, files: [{ path, shown }] };
}

async function findOnS3(source: string, engine: Engine, context: Context): Promise<SourceFiles> {
  const kind = formatByName(source);
  const { fetchObjects } = await import("./s3/fetch-objects.ts");
  const files = await fetchObjects(source, engine.folder, context);
  for (const file of files) await checkContent(file.path, file.shown, kind.format, kind.gzipped);
  return { ...kind, files };
}

function missing(source: string, message: string): InputError {
  return new InputError({
    message: `${source}: ${message}`,
    file: source,
    hint: "paths are taken from the repository's root; data that is fetched belongs into the model's `prepare` command",
  });
}
