// Writes what a command renders besides its answer: an HTML page, JUnit XML.
import { isAbsolute, join } from "node:path";
import type { Context } from "../host/context.ts";
import { writeFileAtomically } from "../host/files.ts";

export interface PageFiles {
  /** File for the HTML page. */
  readonly html?: string | undefined;
  /** File for JUnit XML. */
  readonly junit?: string | undefined;
}

/** Renders and writes only what is asked for; folders on the way are made. Throws InputError when a file cannot be written. */
export async function writePages(
  files: PageFiles,
  render: { readonly html?: () => string | Promise<string>; readonly junit: () => string | Promise<string> },
  context: Context,
): Promise<void> {
  for (const [file, text] of [
    [files.html, render.html],
    [files.junit, render.junit],
  ] as const) {
    if (file !== undefined && text) await writeFileAtomically(locate(file, context), await text());
  }
}

function locate(file: string, context: Context): string {
  return isAbsolute(file) ? file : join(context.folder, file);
}
