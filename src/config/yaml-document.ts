// Reads YAML that may be hostile: bounded in size, depth and aliases, every problem with its line and column.
import { isCollection, isMap, isPair, isSeq, LineCounter, type Node, type Pair, parseAllDocuments, visit } from "yaml";
import type { Problem } from "../errors.ts";
import { type PathPart, renderKey } from "./document-path.ts";
import { createDocument, type Place, placeAt, readKey, startOf, type YamlDocument } from "./yaml-places.ts";

export interface DocumentLimits {
  readonly sizeBytes: number;
  readonly depth: number;
  readonly aliases: number;
}

export const configLimits: DocumentLimits = { sizeBytes: 65_536, depth: 40, aliases: 100 };

/** Keys that would reach into JavaScript's object machinery: never data. */
const forbiddenKeys = new Set(["__proto__", "constructor", "prototype"]);

/**
 * Reads one YAML 1.2 document (core schema; all keys are strings). `document` is null when the text cannot be read at all;
 * duplicate or forbidden keys are problems beside a readable document, so that the rest can be checked in the same pass.
 */
export function readYamlDocument(
  text: string,
  file: string,
  limits: DocumentLimits = configLimits,
): { readonly document: YamlDocument | null; readonly problems: readonly Problem[] } {
  const sizeBytes = new TextEncoder().encode(text).length;
  if (sizeBytes > limits.sizeBytes) {
    return refuse({
      file,
      message: "the file is too large",
      expected: `at most ${limits.sizeBytes} bytes`,
      received: `${sizeBytes} bytes`,
      hint: "split the models over several repositories, or shorten lists and comments",
    });
  }
  const lines = new LineCounter();
  try {
    return readBounded(text, file, lines, limits);
  } catch (error) {
    return refuse({
      file,
      message: `cannot be read as YAML: ${firstLine(error)}`,
      expected: `one YAML document, at most ${limits.depth} levels deep, without aliases that refer to themselves`,
    });
  }
}

function readBounded(
  text: string,
  file: string,
  lines: LineCounter,
  limits: DocumentLimits,
): ReturnType<typeof readYamlDocument> {
  const documents = parseAllDocuments(text, {
    lineCounter: lines,
    schema: "core",
    version: "1.2",
    stringKeys: true,
    uniqueKeys: false,
    prettyErrors: false,
  });
  if (!Array.isArray(documents) || documents.length === 0)
    return { document: createDocument(null, null, lines, text), problems: [] };
  const [first, second] = documents;
  if (!first) return refuse({ file, message: "holds no document" });
  const syntax = [...first.errors, ...first.warnings].map((error) => ({
    file,
    ...placeAt(lines, error.pos[0]),
    message: describeSyntax(error.code, error.message),
    ...(error.code === "TAB_AS_INDENT" ? { hint: "indent with spaces" } : {}),
  }));
  if (second) {
    return {
      document: null,
      problems: [
        ...syntax,
        {
          file,
          ...placeAt(lines, second.range[0]),
          message: "holds more than one document",
          expected: "one document",
          received: `${documents.length} documents separated by ---`,
          hint: "keep one and remove the `---` between them",
        },
      ],
    };
  }
  if (syntax.length > 0) return { document: null, problems: syntax.slice(0, 20) };
  const shape = checkShape(first.contents, file, lines, limits);
  if (shape.fatal) return { document: null, problems: shape.problems };
  const value: unknown = first.toJS({ maxAliasCount: limits.aliases });
  return { document: createDocument(first.contents, value, lines, text), problems: shape.problems };
}

/** Duplicate and forbidden keys (which are dropped from the tree), depth and number of aliases; one pass, linear in the text. */
function checkShape(
  root: Node | null,
  file: string,
  lines: LineCounter,
  limits: DocumentLimits,
): { fatal: boolean; problems: Problem[] } {
  const problems: Problem[] = [];
  let aliases = 0;
  let fatal = false;
  const stop = (problem: Problem) => {
    fatal = true;
    problems.push(problem);
    return visit.BREAK;
  };
  visit(root, {
    Alias(_, node, ancestors) {
      aliases += 1;
      if (ancestors.some((ancestor) => isCollection(ancestor) && ancestor.anchor === node.source)) {
        return stop({
          file,
          ...placeAt(lines, node.range?.[0]),
          message: "has an alias that stands inside what it stands for",
        });
      }
      if (aliases <= limits.aliases) return undefined;
      const message = "has too many aliases";
      return stop({ file, ...placeAt(lines, node.range?.[0]), message, expected: `at most ${limits.aliases}` });
    },
    Collection(_, node, ancestors) {
      const depth = ancestors.filter((ancestor) => isMap(ancestor) || isSeq(ancestor)).length + 1;
      if (depth > limits.depth) {
        const message = "is nested too deeply";
        return stop({
          file,
          ...placeAt(lines, node.range?.[0]),
          message,
          expected: `at most ${limits.depth} levels`,
        });
      }
      if (isMap(node)) node.items = node.items.filter(keepOnce(pathOf(ancestors, node), file, lines, problems));
      return undefined;
    },
  });
  return { fatal, problems };
}

function keepOnce(parent: readonly PathPart[], file: string, lines: LineCounter, problems: Problem[]) {
  const seen = new Map<string, Place>();
  return (item: Pair): boolean => {
    const key = readKey(item);
    const place = placeAt(lines, startOf(item.key));
    const before = seen.get(key);
    if (forbiddenKeys.has(key)) {
      problems.push({
        file,
        ...place,
        key: renderKey([...parent, key]),
        message: `\`${key}\` cannot be used as a key`,
        hint: "choose another name",
      });
      return false;
    }
    if (before) {
      problems.push({
        file,
        ...place,
        key: renderKey([...parent, key]),
        message: `the key is there twice; first in line ${before.line}`,
        expected: "each key once",
        hint: "remove one of the two",
      });
      return false;
    }
    seen.set(key, place);
    return true;
  };
}

/** The path of a collection from its ancestors: keys of pairs and positions in lists. */
function pathOf(ancestors: readonly unknown[], node: unknown): PathPart[] {
  const path: PathPart[] = [];
  [...ancestors, node].forEach((at, index, all) => {
    if (isPair(at)) path.push(readKey(at));
    else if (isSeq(at) && index < all.length - 1) path.push(at.items.indexOf(all[index + 1]));
  });
  return path;
}

function describeSyntax(code: string, message: string): string {
  if (code === "TAB_AS_INDENT") return "is indented with a tab";
  if (code === "RESOURCE_EXHAUSTION") return "is nested too deeply";
  if (code === "TAG_RESOLVE_FAILED") return `has a tag that means nothing here (${message})`;
  return `is not valid YAML: ${message}`;
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n", 1)[0] ?? "";
}

function refuse(problem: Problem): { document: null; problems: readonly Problem[] } {
  return { document: null, problems: [problem] };
}
