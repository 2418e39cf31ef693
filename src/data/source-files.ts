// From a source as people write it (path, glob, https, s3) to local files in a fixed order.
import { stat } from "node:fs/promises";
import { isAbsolute } from "node:path";
import { InputError } from "../errors.ts";
import type { Context } from "../host/context.ts";
import { checkGzip } from "./check-gzip.ts";
import type { Engine } from "./engine.ts";
import { fetchSource } from "./fetch-source.ts";
import { checkContent, type DataFormat, formatByName } from "./format.ts";
import { locate, parseAddress, showSource } from "./source-address.ts";
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
  await refuseFolder(source, context);
  const files = await findLocal(source, engine, context);
  return checkFiles(agreeOnKind(source, files), files, context);
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

/** Each file is what its name says, and whole as far as its ends and checksums tell. */
async function checkFiles(kind: FileKind, files: SourceFiles["files"], context: Context): Promise<SourceFiles> {
  for (const { path, shown } of files) {
    await checkContent(path, shown, kind.format, kind.gzipped);
    if (kind.gzipped) await checkGzip(path, shown, context.signal);
  }
  return { ...kind, files };
}

type FileKind = ReturnType<typeof formatByName>;

/** What all files are by their names; of a pattern that does not say it by its own end, they must agree. */
function agreeOnKind(source: string, files: SourceFiles["files"]): FileKind {
  const [first, ...rest] = files.map(({ path, shown }) => ({ ...formatByName(path, shown), shown }));
  if (!first) return formatByName(source);
  const name = ({ format, gzipped }: FileKind): string => `${format}${gzipped ? ", gzipped" : ""}`;
  const odd = rest.find((kind) => name(kind) !== name(first));
  if (!odd) return first;
  throw new InputError({
    message: `${source}: the files that match are not of one format`,
    file: source,
    expected: `${name(first)}, as ${first.shown}`,
    received: `${name(odd)}: ${odd.shown}`,
    hint: "end the pattern with the format, for example *.csv or *.csv.gz",
  });
}

async function refuseFolder(source: string, context: Context): Promise<void> {
  const known = await stat(locate(source, context)).catch(() => undefined);
  if (!known?.isDirectory()) return;
  throw new InputError({
    message: `${source} is a folder`,
    file: source,
    expected: "a file or a glob",
    hint: `name the files in it, for example ${source.replace(/\/$/, "")}/*.parquet`,
  });
}

async function findByUrl(source: string, engine: Engine, context: Context): Promise<SourceFiles> {
  const kind = formatByName(parseAddress(source).pathname, showSource(source));
  const path = await fetchSource(source, engine.folder, context);
  const shown = showSource(source);
  return checkFiles(kind, [{ path, shown }], context);
}

async function findOnS3(source: string, engine: Engine, context: Context): Promise<SourceFiles> {
  const kind = formatByName(source);
  const { fetchObjects } = await import("./s3/fetch-objects.ts");
  const files = await fetchObjects(source, engine.folder, context);
  return checkFiles(kind, files, context);
}

function missing(source: string, message: string): InputError {
  return new InputError({
    message: `${source}: ${message}`,
    file: source,
    hint: "paths are taken from the repository's root; data that is fetched belongs into the model's `prepare` command",
  });
}
