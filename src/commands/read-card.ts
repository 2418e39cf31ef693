// The model card as it was given: a text file of a bounded size.
import { resolve } from "node:path";
import { InputError } from "../errors.ts";
import type { Context } from "../host/context.ts";
import { readBoundedFile } from "../host/files.ts";

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
