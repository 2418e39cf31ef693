// The grammar of slices: `plan=basic, age>=65`, `plan=*`, and the same in a config's `where`.
import { InputError } from "../errors.ts";
import type { SliceCondition, SliceOperator, SliceSelector } from "./gate.ts";
import {
  createRuleReader,
  failRule,
  findNextCharacter,
  isAtEnd,
  type RuleReader,
  take,
  takeQuoted,
} from "./rule-reader.ts";

const nameOfColumn = /[\p{L}_][\p{L}\p{N}_.-]*/u;
/** Values may hold spaces inside (`New York`) but end before a bracket, a comma, a comparison or ` and `. */
const bareValue = /(?:(?!\s+and\s)[^\],<>=!])+/;

/** Reads `[…]` behind a metric; the reader stands on `[`. */
export function readSliceSelector(reader: RuleReader): SliceSelector {
  const start = reader.position;
  take(reader, /\[/);
  if (take(reader, /\]/)) failRule(reader, "the slice is empty", { position: start, expected: "[column=value]" });
  const selector = readSelectorBody(reader);
  if (!take(reader, /\]/))
    failRule(reader, "the slice is not closed", { expected: '"]", or "," and another condition' });
  return selector;
}

function readSelectorBody(reader: RuleReader): SliceSelector {
  const before = reader.position;
  const name = takeQuoted(reader) ?? take(reader, nameOfColumn);
  if (name !== undefined && findNextCharacter(reader) === "]")
    return name === "worst" ? { kind: "worst" } : { kind: "named", name };
  reader.position = before;
  return { kind: "conditions", conditions: readConditions(reader) };
}

function readConditions(reader: RuleReader): readonly SliceCondition[] {
  const conditions = [readCondition(reader)];
  while (take(reader, /,|and(?=\s)|&&/)) conditions.push(readCondition(reader));
  return conditions;
}

function readCondition(reader: RuleReader): SliceCondition {
  const column = takeQuoted(reader) ?? take(reader, nameOfColumn);
  if (column === undefined) return failRule(reader, "a column is missing", { expected: "column=value" });
  const at = reader.position;
  const symbol = take(reader, /<=|>=|==|!=|≤|≥|≠|=|<|>/);
  if (symbol === undefined)
    return failRule(reader, `a comparison is missing after "${column}"`, { expected: "one of = != < <= > >=" });
  const operator = normalizeOperator(symbol);
  if (take(reader, /\*(?=\s*(?:[\],]|$|and\s))/)) {
    if (operator !== "=") failRule(reader, '"*" stands for every value and goes with "="', { position: at });
    return { column, operator, value: null };
  }
  const quoted = takeQuoted(reader);
  const bare = quoted ?? take(reader, bareValue)?.trim();
  if (bare === undefined || (quoted === undefined && bare === ""))
    return failRule(reader, `a value is missing after "${column}${symbol}"`, { expected: "a word, number or string" });
  const number = quoted === undefined && bare.trim() !== "" ? Number(bare) : Number.NaN;
  if (operator !== "=" && operator !== "!=" && !Number.isFinite(number) && Number.isNaN(Date.parse(bare)))
    failRule(reader, `"${column} ${operator}" compares with a number or a date`, { position: at });
  return { column, operator, value: Number.isFinite(number) ? number : bare };
}

function normalizeOperator(symbol: string): SliceOperator {
  const plain: Readonly<Record<string, SliceOperator>> = { "==": "=", "≤": "<=", "≥": ">=", "≠": "!=" };
  return Object.hasOwn(plain, symbol) ? plain[symbol]! : (symbol as SliceOperator);
}

/** The conditions of a config's `where: age >= 65 and plan = basic`; throws InputError with the column of the text. */
export function parseWhere(text: string): readonly SliceCondition[] {
  const reader = createRuleReader(text);
  const conditions = readConditions(reader);
  if (!isAtEnd(reader)) failRule(reader, "something is left over", { expected: '"and", or the end' });
  const star = conditions.find(({ value }) => value === null);
  if (star) throw new InputError({ message: `"${star.column}=*" names many slices; list the column itself instead` });
  return conditions;
}
