// Evaluates GitHub's expressions over plain JSON contexts, with the status functions of a job or a step.
import { data, Evaluator, Lexer, Parser } from "@actions/expressions";
import type { FunctionDefinition } from "@actions/expressions/funcs/info";
import { type Token, TokenType } from "@actions/expressions/lexer";
import { truthy } from "@actions/expressions/result";

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** What went before: of the needed jobs when a job is decided, of the earlier steps when a step is. */
export interface Progress {
  /** Everything before succeeded: nothing failed, was cancelled or (among jobs) skipped. */
  readonly succeeded: boolean;
  readonly failed: boolean;
  readonly cancelled: boolean;
}

export interface Scope {
  readonly contexts: Readonly<Record<string, JsonValue>>;
  readonly progress?: Progress;
  /** SHA-256 over the files of the workspace that match; "" when none does. */
  readonly hashFiles?: (patterns: readonly string[]) => string;
}

const contextNames = [
  ...["github", "env", "vars", "secrets", "inputs", "needs", "strategy", "matrix", "steps", "job", "jobs", "runner"],
];

/** Evaluates one expression (without its braces). Throws an Error that names the expression when it does not parse. */
export function evaluateExpression(source: string, scope: Scope): JsonValue {
  return toJson(evaluate(source, scope));
}

/** Evaluates an `if`, with GitHub's idea of what is true ("" and 0 and null are not). */
export function evaluateCondition(source: string, scope: Scope): boolean {
  return truthy(evaluate(source, scope));
}

function evaluate(source: string, scope: Scope): data.ExpressionData {
  const functions = defineFunctions(scope);
  try {
    const tokens = new Lexer(source).lex().tokens.map(unescapeString);
    const expression = new Parser(tokens, contextNames, [...functions.values()]).parse();
    return new Evaluator(expression, toDictionary(scope.contexts), functions).evaluate();
  } catch (error) {
    throw new Error(`The expression \`${source}\` cannot be evaluated: ${(error as Error).message}`);
  }
}

/** The lexer undoes only the first doubled quote of a string (0.3.61); a script with an expression in it holds many. */
function unescapeString(token: Token): Token {
  return token.type === TokenType.STRING ? { ...token, value: token.lexeme.slice(1, -1).replaceAll("''", "'") } : token;
}

function defineFunctions(scope: Scope): Map<string, FunctionDefinition> {
  const { succeeded, failed, cancelled } = scope.progress ?? { succeeded: true, failed: false, cancelled: false };
  const answers: Record<string, boolean> = {
    always: true,
    success: succeeded,
    failure: failed,
    cancelled,
  };
  const definitions = Object.entries(answers).map(
    ([name, answer]): FunctionDefinition => ({
      name,
      minArgs: 0,
      maxArgs: 0,
      call: () => new data.BooleanData(answer),
    }),
  );
  definitions.push({
    name: "hashFiles",
    minArgs: 1,
    maxArgs: 255,
    call: (...patterns) => new data.StringData(scope.hashFiles?.(patterns.map((item) => item.coerceString())) ?? ""),
  });
  return new Map(definitions.map((definition) => [definition.name.toLowerCase(), definition]));
}

function toDictionary(contexts: Scope["contexts"]): data.Dictionary {
  const all = Object.fromEntries(contextNames.map((name) => [name, contexts[name] ?? {}]));
  return toData(all) as data.Dictionary;
}

function toData(value: JsonValue): data.ExpressionData {
  return JSON.parse(JSON.stringify(value), data.reviver) as data.ExpressionData;
}

function toJson(value: data.ExpressionData): JsonValue {
  switch (value.kind) {
    case data.Kind.String:
    case data.Kind.Boolean:
    case data.Kind.Number:
      return (value as data.StringData | data.BooleanData | data.NumberData).value;
    case data.Kind.Array:
      return (value as data.Array).values().map(toJson);
    case data.Kind.Dictionary:
      return Object.fromEntries((value as data.Dictionary).pairs().map((pair) => [pair.key, toJson(pair.value)]));
    default:
      return null;
  }
}
