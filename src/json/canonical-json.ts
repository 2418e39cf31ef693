// JSON with exactly one spelling per value (RFC 8785), so that equal values have equal digests.
import { InputError } from "../errors.ts";

/**
 * Renders plain data by RFC 8785: members sorted by UTF-16 code units, no spaces, numbers as ECMAScript writes them
 * (so -0 is 0). Members that are `undefined` are left out, as JSON.stringify does.
 * Throws InputError, with the path, on anything JSON cannot carry exactly: NaN, infinities, lone surrogates,
 * functions, symbols, bigints, class instances, cycles.
 */
export function renderCanonicalJson(value: unknown): string {
  return render(value, 0) ?? explain(value);
}

/** Deeper than any document of ours: a cycle, most likely. */
const deepest = 500;

/** The text, or null when there is something that JSON cannot carry; what and where is looked for only then. */
function render(value: unknown, depth: number): string | null {
  switch (typeof value) {
    case "string":
      return isWellFormed(value) ? JSON.stringify(value) : null;
    case "number":
      return Number.isFinite(value) ? JSON.stringify(value) : null;
    case "boolean":
      return value ? "true" : "false";
    case "object":
      if (value === null) return "null";
      if (depth > deepest) return null;
      return Array.isArray(value) ? renderList(value, depth + 1) : renderMembers(value, depth + 1);
    default:
      return null;
  }
}

function renderList(list: readonly unknown[], depth: number): string | null {
  let text = "[";
  for (let index = 0; index < list.length; index += 1) {
    const item = render(list[index], depth);
    if (item === null) return null;
    text += index === 0 ? item : `,${item}`;
  }
  return `${text}]`;
}

function renderMembers(value: object, depth: number): string | null {
  if (!isPlain(value)) return null;
  let text = "{";
  // Without a comparison, sort goes by UTF-16 code units: the order of RFC 8785.
  for (const key of Object.keys(value).sort()) {
    const member = (value as Readonly<Record<string, unknown>>)[key];
    if (member === undefined) continue;
    const rendered = isWellFormed(key) ? render(member, depth) : null;
    if (rendered === null) return null;
    text += `${text.length === 1 ? "" : ","}${JSON.stringify(key)}:${rendered}`;
  }
  return `${text}}`;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}

function explain(value: unknown): never {
  const [path, received] = findProblem(value, "$", []) ?? ["$", "a value nested too deeply"];
  throw new InputError({
    message: `this value cannot be written as canonical JSON`,
    key: path,
    expected: "a finite number, a well-formed text, true, false, null, a list or a plain object",
    received,
  });
}

/** Path and description of the first thing that JSON cannot carry. */
function findProblem(
  value: unknown,
  path: string,
  ancestors: readonly object[],
): readonly [path: string, received: string] | null {
  const halfPair = "a text with half a surrogate pair";
  if (value === null || typeof value === "boolean") return null;
  if (typeof value === "string") return isWellFormed(value) ? null : [path, halfPair];
  if (typeof value === "number") return Number.isFinite(value) ? null : [path, String(value)];
  if (typeof value !== "object") return [path, typeof value];
  if (ancestors.includes(value)) return [path, "a cycle"];
  if (!Array.isArray(value) && !isPlain(value)) return [path, value.constructor.name];
  for (const [key, member] of Object.entries(value)) {
    if (!Array.isArray(value) && member === undefined) continue;
    if (!isWellFormed(key)) return [path, halfPair];
    const inner = Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`;
    const found = findProblem(member, inner, [...ancestors, value]);
    if (found !== null) return found;
  }
  return null;
}
