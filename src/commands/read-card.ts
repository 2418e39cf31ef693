// The model card as it was given: a text file of a bounded size.
import { resolve } from "node:path";
import type { ModelSettings } from "../config/settings.ts";
import { InputError } from "../errors.ts";
import type { Context } from "../host/context.ts";
import { readBoundedFile } from "../host/files.ts";
import { type CardSection, readCardSections } from "../report/card-sections.ts";

/** GitHub takes release texts up to 125,000 characters; more would not be a card. */
const limitBytes = 120_000;

/** The card's text; null when no file was named. InputError when it is too large or not UTF-8. */
export async function readCard(file: string | null, context: Context): Promise<string | null> {
  if (file === null) return null;
  const bytes = await readBoundedFile(resolve(context.folder, file), limitBytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw new InputError({ message: "the card is not UTF-8", file }, { cause: error });
  }
}

/** The sections of the file that the config names for the card; none when it names none or its root is not on this disk. */
export async function readWrittenSections(
  settings: ModelSettings | null,
  root: string | null,
  context: Context,
): Promise<readonly CardSection[]> {
  const file = settings?.card.file ?? null;
  if (file === null || root === null) return [];
  return readCardSections((await readCard(resolve(root, file), context)) ?? "");
}
