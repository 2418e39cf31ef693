// Reads a JSON document that a stranger may have written: size and depth are bounded before anything is parsed.
import type { z } from "zod";
import { InputError, type Problem } from "../errors.ts";

/** `bytes` of UTF-8 text; `depth` of nested arrays and objects. */
export interface DocumentLimits {
  readonly bytes: number;
  readonly depth: number;
}

const shownProblems = 10;

/**
 * The document in `bytes`, checked against `schema`; keys the schema does not know are dropped.
 * `name` is how the file is called in messages.
 * @throws InputError for what is too large, too deep, not UTF-8, not JSON, or not of that shape (first ten problems together).
 */
export function parseDocument<T>(bytes: Uint8Array, schema: z.ZodType<T>, name: string, limits: DocumentLimits): T {
  if (bytes.byteLength === 0) throw new InputError({ message: "the file is empty", file: name });
  if (bytes.byteLength > limits.bytes) {
    throw new InputError({
      message: "the file is too large",
      file: name,
      expected: `at most ${limits.bytes} bytes`,
      received: `${bytes.byteLength} bytes`,
    });
  }
  const text = decode(bytes, name);
  const depth = measureDepth(text, limits.depth);
  if (depth > limits.depth) {
    throw new InputError({
      message: "the document is nested too deeply",
      file: name,
      expected: `at most ${limits.depth} levels`,
    });
  }
  const parsed = schema.safeParse(parseJson(text, name));
  if (parsed.success) return parsed.data;
  const problems: Problem[] = parsed.error.issues.slice(0, shownProblems).map((issue) => ({
    message: issue.message.slice(0, 300),
    file: name,
    key: issue.path.map(String).join(".").slice(0, 300),
  }));
  throw new InputError(problems);
}

function decode(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw new InputError({ message: "the file is not UTF-8", file: name }, { cause: error });
  }
}

function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new InputError(
      {
        message: "the file is not JSON",
        file: name,
        hint: "NaN and Infinity are not JSON: a value that cannot be computed is null",
      },
      { cause: error },
    );
  }
}

/** Deepest nesting of brackets outside strings; stops counting once it is beyond `limit`. */
function measureDepth(text: string, limit: number): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let at = 0; at < text.length && deepest <= limit; at++) {
    const code = text.charCodeAt(at);
    if (inString) {
      if (code === 0x5c) at++;
      else if (code === 0x22) inString = false;
    } else if (code === 0x22) inString = true;
    else if (code === 0x5b || code === 0x7b) deepest = Math.max(deepest, ++depth);
    else if (code === 0x5d || code === 0x7d) depth--;
  }
  return deepest;
}
