// Where each piece of a YAML document stands in its text.
import { isAlias, isMap, isScalar, isSeq, type LineCounter, type Node, type Pair } from "yaml";
import type { PathPart } from "./document-path.ts";

export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A YAML document as plain data, and where each piece of it stands in the text. */
export interface YamlDocument {
  readonly value: unknown;
  /** Where the value at `path` starts, or its key; the nearest enclosing place if it does not exist. */
  readonly locate: (path: readonly PathPart[], at: "key" | "value") => Place;
  /** The text of the value at `path` as written, shortened to a line; undefined if it does not exist. */
  readonly quote: (path: readonly PathPart[]) => string | undefined;
}

/** The document of a parsed tree and its plain value. */
export function createDocument(root: Node | null, value: unknown, lines: LineCounter, text: string): YamlDocument {
  const find = (path: readonly PathPart[]) => {
    let node: unknown = root;
    let keyStart: number | undefined = startOf(root);
    let depth = 0;
    for (const part of path) {
      if (isMap(node)) {
        const pair: Pair | undefined = node.items.find((item) => readKey(item) === String(part));
        if (!pair) break;
        keyStart = startOf(pair.key);
        node = pair.value;
      } else if (isSeq(node)) {
        const item: unknown = node.items[Number(part)];
        if (item === undefined) break;
        keyStart = startOf(item);
        node = item;
      } else break;
      depth += 1;
    }
    return { node, keyStart, complete: depth === path.length };
  };
  return {
    value,
    locate: (path, at) => {
      const found = find(path);
      const start = at === "value" && found.complete ? (startOf(found.node) ?? found.keyStart) : found.keyStart;
      return placeAt(lines, start);
    },
    quote: (path) => {
      const found = find(path);
      const range = found.complete ? rangeOf(found.node) : undefined;
      return range ? shorten(text.slice(range[0], range[1])) : undefined;
    },
  };
}

/** The key of a pair as text. */
export function readKey(item: Pair): string {
  if (isScalar(item.key)) return String(item.key.value ?? item.key.source ?? "");
  return isAlias(item.key) ? `*${item.key.source}` : String(item.key ?? "");
}

function rangeOf(node: unknown): readonly [number, number] | undefined {
  const range = (node as { range?: readonly number[] | null } | null)?.range;
  return range && range[0] !== undefined && range[1] !== undefined ? [range[0], range[1]] : undefined;
}

/** Where a node starts in the text, if it is known. */
export function startOf(node: unknown): number | undefined {
  return rangeOf(node)?.[0];
}

/** Line and column, counted from 1; without an offset the first. */
export function placeAt(lines: LineCounter, offset: number | undefined): Place {
  const found = lines.linePos(offset ?? 0);
  return { line: Math.max(1, found.line), column: Math.max(1, found.col) };
}

function shorten(text: string): string {
  const line = text.trim().split(/\r?\n/, 1)[0] ?? "";
  const cut = line.length < text.trim().length || line.length > 80;
  return cut ? `${line.slice(0, 79)}…` : line;
}
