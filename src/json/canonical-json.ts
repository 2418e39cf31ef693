// JSON with exactly one spelling per value (RFC 8785), so that equal values have equal digests.
import { InputError } from "../errors.ts";

/**
 * Renders plain data by RFC 8785: members sorted by UTF-16 code units, no spaces, numbers as ECMAScript writes them
 * (so -0 is 0). Members that are `undefined` are left out, as JSON.stringify does.
 * Throws InputError, with the path, on anything JSON cannot carry exactly: NaN, infinities, lone surrogates,
 * functions, symbols, bigints, class instances, cycles.
 */
export function renderCanonicalJson(value: unknown): string {
  return render(value, "$", new Set());
}

function render(value: unknown, path: string, ancestors: Set<object>): string {
  if (value === null || typeof value === "boolean") return JSON.stringify(value);
  if (typeof value === "string") return renderText(value, path);
  if (typeof value === "number") return renderNumber(value, path);
  if (typeof value !== "object") throw notJson(path, typeof value);
  if (ancestors.has(value)) throw notJson(path, "a cycle");
  ancestors.add(value);
  const text = Array.isArray(value) ? renderList(value, path, ancestors) : renderMembers(value, path, ancestors);
  ancestors.delete(value);
  return text;
}

function renderList(list: readonly unknown[], path: string, ancestors: Set<object>): string {
  return `[${list.map((item, index) => render(item, `${path}[${index}]`, ancestors)).join(",")}]`;
}

function renderMembers(value: object, path: string, ancestors: Set<object>): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw notJson(path, value.constructor.name);
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${members
    .map(([key, member]) => `${renderText(key, path)}:${render(member, `${path}.${key}`, ancestors)}`)
    .join(",")}}`;
}

function renderNumber(value: number, path: string): string {
  if (!Number.isFinite(value)) throw notJson(path, String(value));
  return JSON.stringify(value);
}

function renderText(value: string, path: string): string {
  if (/\p{Surrogate}/u.test(value)) throw notJson(path, "a text with half a surrogate pair");
  return JSON.stringify(value);
}

function notJson(path: string, received: string): InputError {
  return new InputError({
    message: `this value cannot be written as canonical JSON`,
    key: path,
    expected: "a finite number, a well-formed text, true, false, null, a list or a plain object",
    received,
  });
}
