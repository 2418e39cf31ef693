// The rows that judge: read as the lock pins them, and refused when they are not the pinned ones.
import { join } from "node:path";
import type { LockedData } from "../config/lock.ts";
import type { ModelSettings } from "../config/settings.ts";
import { describeData } from "../data/describe-data.ts";
import { readTable } from "../data/read-table.ts";
import { InputError } from "../errors.ts";
import type { Context } from "../host/context.ts";
import { selectRows } from "../tables/select-rows.ts";
import { splitByShare } from "../tables/split-by-share.ts";
import type { Table } from "../tables/table.ts";

/** Where a source of the config lies: addresses as they are, paths below the repository's root. */
export function locateSource(source: string, root: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\//.test(source) ? source : join(root, source);
}

/** Columns whose values name rows or what rows belong to. */
export function listKeys({ id, group }: Pick<ModelSettings, "id" | "group">): readonly string[] {
  return [id ?? "id", ...(group === null ? [] : [group])];
}

/**
 * Reads pinned rows and checks that they are the pinned ones.
 * Throws InputError when the digest or number of rows differs: data that changed without its pin never judges.
 */
export async function readPinned(
  settings: ModelSettings,
  pin: LockedData,
  root: string,
  context: Context,
): Promise<Table> {
  const options = { window: windowOf(settings, pin), missingValues: settings.missingValues };
  const source = locateSource(pin.source, root);
  const found = await describeData(source, options, context);
  if (found.sha256 !== pin.sha256 || found.rows !== pin.rows) {
    throw new InputError({
      file: pin.source,
      key: settings.name,
      message: "the data is not what modelgate.lock pins",
      expected: `${pin.rows} rows with digest ${pin.sha256.slice(0, 12)}…`,
      received: `${found.rows} rows with digest ${found.sha256.slice(0, 12)}…`,
      hint: `if the data should have changed, pin it again with \`modelgate lock ${settings.name}\` and say so in the pull request`,
    });
  }
  return readTable(source, { ...options, keys: listKeys(settings) }, context);
}

/** The evaluation rows: those of the pin, or the share of them that the config sets aside. */
export function readEvaluationRows(
  settings: ModelSettings,
  pin: LockedData,
  root: string,
  context: Context,
): Promise<Table> {
  return readSide("evaluation", settings, pin, root, context);
}

/** The training rows: those of the pin, less the share of them that the config sets aside for evaluation. */
export function readTrainingRows(
  settings: ModelSettings,
  pin: LockedData,
  root: string,
  context: Context,
): Promise<Table> {
  return readSide("training", settings, pin, root, context);
}

async function readSide(
  side: "evaluation" | "training",
  settings: ModelSettings,
  pin: LockedData,
  root: string,
  context: Context,
): Promise<Table> {
  const table = await readPinned(settings, pin, root, context);
  const split = settings.data?.evaluation;
  return split?.by === "share" ? selectRows(table, splitByShare(table, settings.id, split.share)[side]) : table;
}

function windowOf(settings: ModelSettings, pin: LockedData) {
  if (pin.window === null) return undefined;
  if (settings.time === null) {
    throw new InputError({
      key: `models.${settings.name}.time`,
      message: "is not set, and the lock pins a window of time",
      hint: "name the time column with `time:`",
    });
  }
  return { time: settings.time, ...pin.window };
}
