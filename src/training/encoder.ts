// Turns columns of a table into the standardised matrix a network learns from; the same steps are saved inside the model.

import { InputError } from "../errors.ts";
import type { Matrix } from "../statistics/linear-models.ts";
import type { Column, Table } from "../tables/table.ts";

/** A number: (x − mean) / deviation; a missing value becomes the mean. Both hold as 32-bit floats, as the model keeps them. */
export interface NumericInput {
  readonly kind: "numeric";
  readonly name: string;
  readonly mean: number;
  readonly deviation: number;
}

/** Text: one column of 0 and 1 per known text; unknown and missing text is all zeros. */
export interface CategoryInput {
  readonly kind: "category";
  readonly name: string;
  readonly vocabulary: readonly string[];
}

export type EncodedInput = NumericInput | CategoryInput;

/** Name of a model's output, and how the names of its inner values begin. */
export const outputName = "prediction";
export const ownPrefix = "modelgate_";

const mostTexts = 500;

/**
 * Learns the encoding of `features`, in order. A column that never changes keeps deviation 1. Throws InputError for columns
 * that are missing, repeat or are named as the model's own values, hold no value at all, or more than 500 different texts.
 */
export function fitEncoder(table: Table, features: readonly string[]): readonly EncodedInput[] {
  const problems = features
    .filter((name) => !table.columns.has(name))
    .map((name) => ({
      message: `the training data has no column ${JSON.stringify(name)}`,
      key: "features",
      received: [...table.columns.keys()].join(", "),
    }));
  const reserved = features.filter(
    (name, index) => name === outputName || name.startsWith(ownPrefix) || features.indexOf(name) !== index,
  );
  const refused = reserved.map((name) => ({
    message: `the feature ${JSON.stringify(name)} cannot be an input of its own`,
    key: "features",
    expected: `different names, none of them ${outputName} or starting with ${ownPrefix}`,
  }));
  if (problems.length + refused.length > 0) throw new InputError([...problems, ...refused]);
  if (features.length === 0) throw new InputError({ message: "there are no features to learn from", key: "features" });
  return features.map((name) => fitInput(table.columns.get(name) as Column));
}

function fitInput(column: Column): EncodedInput {
  if (column.type === "categorical" || column.type === "text") return fitCategory(column.name, column.values);
  const values = readNumbers(column);
  let count = 0;
  let mean = 0;
  let squares = 0;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    if (!Number.isFinite(value)) throw refuseInfinite(column.name, values);
    count += 1;
    const before = value - mean;
    mean += before / count;
    squares += before * (value - mean);
  }
  if (count === 0) throw new InputError({ message: "the feature has no value in any training row", key: column.name });
  const deviation = Math.fround(Math.sqrt(squares / count));
  return { kind: "numeric", name: column.name, mean: Math.fround(mean), deviation: deviation > 0 ? deviation : 1 };
}

function refuseInfinite(name: string, values: Float64Array): InputError {
  const row = values.findIndex((value) => Math.abs(value) === Number.POSITIVE_INFINITY);
  return new InputError({
    message: "the feature is not a finite number in every training row",
    key: name,
    expected: "numbers, or nothing where the value is missing",
    received: `${values[row]} in data row ${row + 1}`,
    hint: "correct the value, or list how it is written under `missing-values` of the model",
  });
}

function fitCategory(name: string, values: readonly (string | null)[]): CategoryInput {
  const vocabulary = [...new Set(values.filter((value) => value !== null))].sort();
  if (vocabulary.length >= 1 && vocabulary.length <= mostTexts) return { kind: "category", name, vocabulary };
  throw new InputError({
    message: "the feature's texts cannot be learned from",
    key: name,
    expected: `1 to ${mostTexts} different texts`,
    received: String(vocabulary.length),
    hint: "leave the column out of `features`, or group its values",
  });
}

/** Number of columns the inputs become. */
export function countColumns(inputs: readonly EncodedInput[]): number {
  return inputs.reduce((sum, input) => sum + (input.kind === "numeric" ? 1 : input.vocabulary.length), 0);
}

/** The matrix of a table that has all inputs; columns in the order of the inputs. */
export function encode(table: Table, inputs: readonly EncodedInput[]): Matrix {
  const width = countColumns(inputs);
  const values = new Float64Array(table.rows * width);
  let offset = 0;
  for (const input of inputs) {
    const column = table.columns.get(input.name) as Column;
    if (input.kind === "numeric") {
      const numbers = readNumbers(column);
      for (let row = 0; row < table.rows; row += 1) {
        const value = numbers[row] ?? Number.NaN;
        values[row * width + offset] = Number.isNaN(value) ? 0 : (value - input.mean) / input.deviation;
      }
      offset += 1;
      continue;
    }
    const positions = new Map(input.vocabulary.map((text, position) => [text, position]));
    for (let row = 0; row < table.rows; row += 1) {
      const position = positions.get(String(column.values[row] ?? ""));
      if (position !== undefined) values[row * width + offset + position] = 1;
    }
    offset += input.vocabulary.length;
  }
  return { rows: table.rows, width, values };
}

/** Booleans as 0 and 1; missing as NaN. */
function readNumbers(column: Column): Float64Array {
  if (column.values instanceof Float64Array) return column.values;
  return Float64Array.from(column.values, (value) => (value === null ? Number.NaN : value === "true" ? 1 : 0));
}
