// Reads what Modelgate wrote into the ledger, and nothing else.
import { RefusedError } from "../errors.ts";

interface Schema<T> {
  safeParse(value: unknown): { success: true; data: T } | { success: false };
}

/**
 * A file of the ledger as its schema reads it.
 * @throws {RefusedError} for text that is not JSON, or JSON of another shape: somebody wrote it by hand.
 */
export function parseLedgerFile<T>(schema: Schema<T>, text: string, path: string): T {
  try {
    const parsed = schema.safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data;
  } catch {
    // Not JSON: refused below like JSON of another shape.
  }
  throw new RefusedError({
    message: "a file of the ledger's index is not what Modelgate wrote",
    file: path,
    hint: "`modelgate registry verify` names what does not hold; `modelgate doctor --repair` writes the index anew from the events",
  });
}
