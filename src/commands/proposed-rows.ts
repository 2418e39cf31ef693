// The rows that a pull request proposes to judge by or to train on: read as data, from the checkout that judges or from the head's own files.
import { isAbsolute } from "node:path";
import picomatch from "picomatch";
import type { LockedData } from "../config/lock.ts";
import type { ModelSettings } from "../config/settings.ts";
import { InputError } from "../errors.ts";
import type { Context } from "../host/context.ts";
import type { Table } from "../tables/table.ts";
import { readEvaluationRows, readTrainingRows } from "./pinned-data.ts";

/** Writes files of the pull request's head whose paths are accepted below the folder; their paths. */
export type FetchHeadFiles = (wanted: (path: string) => boolean, folder: string) => Promise<readonly string[]>;

export interface ProposedRowsPlace {
  /** Root of the checkout that judges. */
  readonly root: string;
  /** An empty folder for the head's files. */
  readonly folder: string;
  /** Null = not known: the head's own files are read. */
  readonly changedPaths: readonly string[] | null;
  readonly fetchHeadFiles: FetchHeadFiles;
  /** Sources that the base branch names: only these are read from elsewhere than the repository. */
  readonly knownSources: readonly string[];
}

/** Rows are compared one by one, in memory. */
const mostCells = 20_000_000;

/** Throws InputError when the pinned rows are more than are compared one by one. */
export function refuseTooMany({ rows, columns }: LockedData): void {
  if (rows * columns.length > mostCells) throw new InputError(`${rows} rows of ${columns.length} columns are too many`);
}

/**
 * Reads pinned rows of the head. A path is read from the checkout that judges unless the change touches it; an address only when base
 * names it too, for nobody may send this machine elsewhere. Throws InputError when they cannot be had or are not the pinned ones.
 */
export async function readProposedRows(
  side: "evaluation" | "training",
  settings: ModelSettings,
  pin: LockedData,
  place: ProposedRowsPlace,
  context: Context,
): Promise<Table> {
  refuseTooMany(pin);
  const root = await findRoot(pin.source, place);
  const read = side === "evaluation" ? readEvaluationRows : readTrainingRows;
  return await read(settings, pin, root, context);
}

async function findRoot(source: string, place: ProposedRowsPlace): Promise<string> {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(source)) {
    if (place.knownSources.includes(source)) return place.root;
    throw new InputError("they lie at an address that the base branch does not name");
  }
  const path = source.replace(/^(\.\/)+/, "");
  if (isAbsolute(path) || path.split(/[/\\]/).includes("..")) throw new InputError("they lie outside the repository");
  const matches = picomatch(path, { dot: true });
  const wanted = (candidate: string) => candidate === path || matches(candidate);
  if (place.changedPaths?.some(wanted) === false) return place.root;
  const found = await place.fetchHeadFiles(wanted, place.folder);
  if (found.length === 0) throw new InputError("they are not among the files of the pull request");
  return place.folder;
}
