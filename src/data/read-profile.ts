// Data or a profile of it: whichever a file holds, as a profile.
import { open, readFile } from "node:fs/promises";
import type { Context } from "../host/context.ts";
import type { Profile } from "../monitoring/profile.ts";
import type { ProfileOptions } from "./aggregate-engine.ts";
import { profileData } from "./choose-engine.ts";
import { profileFiles } from "./profile-files.ts";
import { locate } from "./source-address.ts";

export interface ReadProfile {
  readonly profile: Profile;
  /** True when the file was a profile already: its rows are not to be had. */
  readonly fromProfile: boolean;
  /** Of the numeric columns to keep: without missing ones, in no order. */
  readonly numbers: ReadonlyMap<string, Float64Array>;
}

export interface ReadProfileOptions extends ProfileOptions {
  /** Numeric columns whose values are wanted too. */
  readonly keep?: ((name: string) => boolean) | undefined;
}

const noNumbers: ReadonlyMap<string, Float64Array> = new Map();

/**
 * The profile of `source`, computed when it is data, read when it is a profile document (a .json file that says
 * `"kind":"profile"`). A profile is taken whole: windows and missing values were decided when it was made. Rows to keep of
 * data in a database are fetched and profiled here.
 */
export async function readProfile(source: string, options: ReadProfileOptions, context: Context): Promise<ReadProfile> {
  if (await isProfile(source, context)) {
    const path = locate(source, context);
    const { parseProfileDocument } = await import("../evidence/profile-document.ts");
    const whole = parseProfileDocument(await readFile(path, "utf8"), source);
    const chosen = options.columns;
    const columns = chosen ? whole.columns.filter((column) => chosen.includes(column.name)) : whole.columns;
    return { profile: { ...whole, columns }, fromProfile: true, numbers: noNumbers };
  }
  const { keep } = options;
  if (!keep) return { profile: await profileData(source, options, context), fromProfile: false, numbers: noNumbers };
  const { profile, numbers } = await profileFiles(source, options, context, keep);
  return { profile, numbers, fromProfile: false };
}

/** Whether a file says that it is a profile. */
export async function isProfile(source: string, context: Context): Promise<boolean> {
  return source.toLowerCase().endsWith(".json") && (await looksLikeProfile(locate(source, context)));
}

/**
 * Reads the first and last bytes only: data files may be large. The order of keys in a document is not relied upon. What cannot be
 * read is no profile: whoever reads it as data says why.
 */
async function looksLikeProfile(path: string): Promise<boolean> {
  const file = await open(path, "r").catch(() => null);
  if (!file) return false;
  try {
    const stats = await file.stat();
    if (!stats.isFile()) return false;
    const head = Buffer.alloc(Math.min(stats.size, 2000));
    await file.read(head, 0, head.length, 0);
    const tail = Buffer.alloc(Math.min(stats.size, 2000));
    await file.read(tail, 0, tail.length, stats.size - tail.length);
    return (
      /"kind"\s*:\s*"profile"/.test(head.toString("utf8") + tail.toString("utf8")) &&
      /^\s*\{/.test(head.toString("utf8"))
    );
  } catch {
    return false;
  } finally {
    await file.close();
  }
}
