// A workflow file's values before evaluation: plain data in which an expression is a node of its own.
import { isBasicExpression, isBoolean, isMapping, isNumber, isSequence, isString } from "@actions/workflow-parser";
import type { TemplateToken } from "@actions/workflow-parser/templates/tokens/template-token";
import { TokenType } from "@actions/workflow-parser/templates/tokens/types";
import { evaluateExpression, type JsonValue, type Scope } from "./expressions.ts";

/** The source of one `${{ … }}`, without its braces; mixed text and expressions arrive here as one `format(…)`. */
export class Expression {
  readonly source: string;
  constructor(source: string) {
    this.source = source;
  }
}

export type TemplateMapping = ReadonlyMap<string, TemplateValue>;
export type TemplateValue =
  | string
  | number
  | boolean
  | null
  | Expression
  | readonly TemplateValue[]
  | { readonly entries: TemplateMapping };

/** Turns the parser's token tree into plain template data; throws on `${{ insert }}`, which no workflow here uses. */
export function readTemplate(token: TemplateToken): TemplateValue {
  if (isBasicExpression(token)) return new Expression(token.expression);
  if (isString(token) || isNumber(token) || isBoolean(token)) return token.value;
  if (isSequence(token)) return [...token].map(readTemplate);
  if (isMapping(token)) return { entries: readMapping(token) };
  if (token.templateTokenType === TokenType.Null) return null;
  throw new Error(`${token.typeName()} is not supported (line ${token.line ?? "?"})`);
}

/** The entries of a mapping token in the order of the file; an absent or non-mapping token has none. */
export function readMapping(token: TemplateToken | undefined): TemplateMapping {
  if (token === undefined || !isMapping(token)) return new Map();
  return new Map([...token].map(({ key, value }) => [key.toString(), readTemplate(value)]));
}

/** Evaluates every expression inside a value. Throws what the expression throws, with its source in the message. */
export function evaluateTemplate(value: TemplateValue, scope: Scope): JsonValue {
  if (value instanceof Expression) return evaluateExpression(value.source, scope);
  if (value === null || typeof value !== "object") return value;
  if (isList(value)) return value.map((item) => evaluateTemplate(item, scope));
  return Object.fromEntries(evaluateMapping(value.entries, scope));
}

/** Evaluates each entry by itself. */
export function evaluateMapping(mapping: TemplateMapping, scope: Scope): Map<string, JsonValue> {
  return new Map([...mapping].map(([key, value]) => [key, evaluateTemplate(value, scope)]));
}

/** Evaluates each entry to the string that an environment variable or an action's input gets. */
export function evaluateStrings(mapping: TemplateMapping, scope: Scope): Record<string, string> {
  return Object.fromEntries([...evaluateMapping(mapping, scope)].map(([key, value]) => [key, renderScalar(value)]));
}

/** How GitHub writes an expression's result into text: null is empty, structures are JSON. */
export function renderScalar(value: JsonValue): string {
  if (value === null) return "";
  return typeof value === "object" ? JSON.stringify(value, null, 2) : String(value);
}

export function isTemplateMapping(value: TemplateValue | undefined): value is { readonly entries: TemplateMapping } {
  return typeof value === "object" && value !== null && "entries" in value && value.entries instanceof Map;
}

function isList(value: object): value is readonly TemplateValue[] {
  return Array.isArray(value);
}
