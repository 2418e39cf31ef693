// Paths into a document: reading, removing and naming what they lead to.

/** Part of a path into the document: a key of a map or a position in a list. */
export type PathPart = string | number;

/** A map of keys, not a list and not null. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Takes the entry at `path` out of plain data, in place; list entries become undefined so that positions stay. Missing = nothing happens. */
export function removeAt(value: unknown, path: readonly PathPart[]): void {
  const parent = readAt(value, path.slice(0, -1));
  const last = path.at(-1);
  if (last === undefined) return;
  if (Array.isArray(parent)) parent[Number(last)] = undefined;
  else if (isRecord(parent)) delete parent[String(last)];
}

/** The value at a path of plain data; undefined where there is none. */
export function readAt(value: unknown, path: readonly PathPart[]): unknown {
  let at = value;
  for (const part of path) {
    if (Array.isArray(at)) at = at[Number(part)];
    else if (isRecord(at) && Object.hasOwn(at, String(part))) at = at[String(part)];
    else return undefined;
  }
  return at;
}

/** `models.rain.gates[0].rule`. */
export function renderKey(path: readonly PathPart[]): string {
  return path.map((part, index) => (typeof part === "number" ? `[${part}]` : index === 0 ? part : `.${part}`)).join("");
}
