// `modelgate profile`: a mergeable profile of a data set, and the merging of profiles of its parts.
import { readFile } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { profileData } from "../data/choose-engine.ts";
import { InputError } from "../errors.ts";
import { type ProfileDocument, parseProfileDocument, writeProfileDocument } from "../evidence/profile-document.ts";
import type { Context } from "../host/context.ts";
import { writeFileAtomically } from "../host/files.ts";
import { findMergeProblem, mergeProfiles, type Profile } from "../monitoring/profile.ts";
import { publishProfile } from "../monitoring/published-profile.ts";
import { renderProfile } from "../report/profile.ts";
import type { Outcome } from "./outcome.ts";

export interface ProfileSettings {
  readonly source: string;
  readonly missingValues?: readonly string[] | undefined;
  readonly time?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** File to write the document to. */
  readonly out?: string | undefined;
  /** Publish it: every value that it tells is shared by so many rows. */
  readonly smallestGroup?: number | undefined;
}

/** Profiles `source`. A source without rows in the window gives a profile of 0 rows. */
export async function profile(settings: ProfileSettings, context: Context): Promise<Outcome<ProfileDocument>> {
  const { time, from, to } = settings;
  if ((from !== undefined || to !== undefined) && time === undefined) {
    throw new InputError({
      message: "--from and --to need --time",
      key: "time",
      expected: "the name of the time column",
    });
  }
  const window = time === undefined ? undefined : { time, from, to };
  const found = await profileData(
    settings.source,
    { missingValues: settings.missingValues, window, relations: true },
    context,
  );
  return finish(found, settings, context);
}

/** Merges profiles of parts into the profile of the whole: the same document, to the byte, as one pass over all rows. */
export async function mergeProfileFiles(
  files: readonly string[],
  settings: Pick<ProfileSettings, "out" | "smallestGroup">,
  context: Context,
): Promise<Outcome<ProfileDocument>> {
  const [first, ...rest] = await Promise.all(
    files.map(async (file) => ({ file, profile: await readProfileFile(file, context) })),
  );
  if (!first) throw new InputError({ message: "no profile was named", expected: "at least one file" });
  let merged = first.profile;
  for (const { file, profile: part } of rest) {
    const problem = findMergeProblem(merged, part);
    if (problem) {
      throw new InputError({
        message: `${first.file} and ${file} cannot be merged: ${problem}`,
        file,
        expected: "profiles of parts of one data set",
      });
    }
    merged = mergeProfiles(merged, part);
  }
  return finish(merged, settings, context);
}

async function readProfileFile(file: string, context: Context): Promise<Profile> {
  const text = await readFile(locate(file, context), "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new InputError(
      {
        message: `${file}: ${error.code === "ENOENT" ? "there is no such file" : `cannot be read (${error.code ?? error.message})`}`,
        file,
      },
      { cause: error },
    );
  });
  return parseProfileDocument(text, file);
}

async function finish(
  counted: Profile,
  { out, smallestGroup }: Pick<ProfileSettings, "out" | "smallestGroup">,
  context: Context,
): Promise<Outcome<ProfileDocument>> {
  const found = smallestGroup === undefined ? counted : publishProfile(counted, smallestGroup);
  const document = writeProfileDocument(found);
  if (out !== undefined && !out.toLowerCase().endsWith(".json")) {
    throw new InputError({
      message: "a profile is written to a file that ends in .json: by that it is known as one",
      key: "out",
      expected: "a name such as profile.json",
      received: out,
    });
  }
  if (out !== undefined) await writeFileAtomically(locate(out, context), `${JSON.stringify(document)}\n`);
  return { exitCode: 0, document, text: renderProfile(found, document.sha256) };
}

function locate(file: string, context: Context): string {
  return isAbsolute(file) ? file : join(context.folder, file);
}
