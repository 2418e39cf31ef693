// Importances of columns from an evaluation document on disk.
import { resolve } from "node:path";
import { InputError } from "../errors.ts";
import { parseImportances } from "../evidence/importances.ts";
import type { Context } from "../host/context.ts";
import { findFileKind, readBoundedFile } from "../host/files.ts";
import type { Importances } from "../monitoring/drift-verdict.ts";

/** Throws InputError when the file is not there or explains nothing. */
export async function readImportancesFile(file: string, context: Context): Promise<Importances> {
  const path = resolve(context.folder, file);
  if ((await findFileKind(path)) !== "file") throw new InputError({ message: `${file} is no file`, file });
  const importances = parseImportances(await readBoundedFile(path, 16 * 2 ** 20), file);
  if (importances !== null) return importances;
  throw new InputError({
    message: `${file} explains no importances`,
    file,
    expected: "an evaluation with `explanation.importances`",
  });
}
