// Data or a profile of it: whichever a file holds, as a profile.
import { open, readFile } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { parseProfileDocument } from "../evidence/profile-document.ts";
import type { Context } from "../host/context.ts";
import type { Profile } from "../monitoring/profile.ts";
import type { ProfileOptions } from "./aggregate-engine.ts";
import { profileData } from "./choose-engine.ts";

export interface ReadProfile {
  readonly profile: Profile;
  /** True when the file was a profile already: its rows are not to be had. */
  readonly fromProfile: boolean;
}

/**
 * The profile of `source`, computed when it is data, read when it is a profile document (a .json file that says
 * `"kind":"profile"`). A profile is taken whole: windows and missing values were decided when it was made.
 */
export async function readProfile(source: string, options: ProfileOptions, context: Context): Promise<ReadProfile> {
  const path = isAbsolute(source) ? source : join(context.folder, source);
  if (source.toLowerCase().endsWith(".json") && (await looksLikeProfile(path))) {
    const whole = parseProfileDocument(await readFile(path, "utf8"), source);
    const chosen = options.columns;
    const columns = chosen ? whole.columns.filter((column) => chosen.includes(column.name)) : whole.columns;
    return { profile: { ...whole, columns }, fromProfile: true };
  }
  return { profile: await profileData(source, options, context), fromProfile: false };
}

/** Reads the first and last bytes only: data files may be large. The order of keys in a document is not relied upon. */
async function looksLikeProfile(path: string): Promise<boolean> {
  const file = await open(path, "r").catch(() => null);
  if (!file) return false;
  try {
    const { size } = await file.stat();
    const head = Buffer.alloc(Math.min(size, 2000));
    await file.read(head, 0, head.length, 0);
    const tail = Buffer.alloc(Math.min(size, 2000));
    await file.read(tail, 0, tail.length, size - tail.length);
    return (
      /"kind"\s*:\s*"profile"/.test(head.toString("utf8") + tail.toString("utf8")) &&
      /^\s*\{/.test(head.toString("utf8"))
    );
  } finally {
    await file.close();
  }
}
