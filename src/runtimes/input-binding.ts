// Which columns of a table go into which input of a model, and how a batch of rows becomes its tensors.
import { InputError } from "../errors.ts";
import type { Column, Table } from "../tables/table.ts";
import { findColumn, readNumber } from "./column-values.ts";
import type { TensorInfo } from "./runtime.ts";

/** Data of one tensor as the engine takes it. */
export interface TensorData {
  readonly name: string;
  readonly type: string;
  readonly data: Float32Array | Float64Array | BigInt64Array | Int32Array | Uint8Array | string[];
  readonly dims: readonly number[];
}

/** An input with the columns that fill it: one, or the features of the matrix in order. */
export interface InputBinding {
  readonly input: TensorInfo;
  readonly columns: readonly Column[];
}

/**
 * Finds the columns of every input: an input of one value per row takes the column of its name; the only input of a model
 * with [N, F] takes `features` in order. Throws InputError naming all inputs that find no column.
 */
export function bindInputs(
  inputs: readonly TensorInfo[],
  table: Table,
  features: readonly string[] | null,
  file: string,
): readonly InputBinding[] {
  const only = inputs.length === 1 ? inputs[0] : undefined;
  if (only && !table.columns.has(only.name) && only.shape.length === 2) {
    return [{ input: only, columns: bindMatrix(only, table, features, file) }];
  }
  const problems = inputs.flatMap((input) => {
    const width = input.shape.slice(1).reduce<number>((product, length) => product * (length ?? Number.NaN), 1);
    if (input.shape.length > 2 || !(width === 1)) {
      return [
        {
          message: `the model's input ${input.name} takes more than one value per row`,
          file,
          key: input.name,
          expected: "inputs of shape [N, 1], each named as its column, or one input of shape [N, features]",
          received: describeShape(input.shape),
        },
      ];
    }
    if (table.columns.has(input.name)) return [];
    const hint = "name the model's inputs as the columns, or set `features` if they changed";
    return [
      {
        message: `the data has no column for the model's input ${input.name}`,
        file,
        key: input.name,
        expected: `a column named ${JSON.stringify(input.name)}`,
        received: [...table.columns.keys()].join(", "),
        hint,
      },
    ];
  });
  if (problems.length > 0) throw new InputError(problems);
  return inputs.map((input) => ({ input, columns: [findColumn(table, input.name, file)] }));
}

function bindMatrix(
  input: TensorInfo,
  table: Table,
  features: readonly string[] | null,
  file: string,
): readonly Column[] {
  const width = input.shape[1] ?? null;
  if (features === null) {
    throw new InputError({
      message: `the model has one input of ${width ?? "several"} values per row, and nothing says which columns these are`,
      file,
      key: input.name,
      hint: "list the columns in the model's order under `features:` in the config",
    });
  }
  if (width !== null && width !== features.length) {
    throw new InputError({
      message: "the model takes another number of features",
      file,
      key: input.name,
      expected: `${width} columns`,
      received: `${features.length}: ${features.join(", ")}`,
      hint: "list the columns in the model's order under `features:` in the config",
    });
  }
  return features.map((name) => findColumn(table, name, file));
}

/**
 * The tensor of rows `from` to `from + count`; a model of a fixed batch is padded with the last row up to `length`.
 * Throws InputError for text where the model wants numbers and for missing values where it wants integers.
 */
export function fillTensor(
  binding: InputBinding,
  from: number,
  count: number,
  length: number,
  file: string,
): TensorData {
  const { input, columns } = binding;
  const width = columns.length;
  const data = allocate(input, length * width, file);
  for (let column = 0; column < width; column += 1) {
    const source = columns[column] as Column;
    for (let row = 0; row < length; row += 1) {
      const index = from + Math.min(row, count - 1);
      const at = row * width + column;
      if (Array.isArray(data)) data[at] = readText(source, index);
      else if (data instanceof BigInt64Array) data[at] = BigInt(readInteger(source, index, input, file));
      else if (data instanceof Float32Array || data instanceof Float64Array)
        data[at] = readNumber(source, index, input.name, file);
      else data[at] = readInteger(source, index, input, file);
    }
  }
  return { name: input.name, type: input.type, data, dims: input.shape.length === 1 ? [length] : [length, width] };
}

function allocate(input: TensorInfo, length: number, file: string): TensorData["data"] {
  switch (input.type) {
    case "float32":
      return new Float32Array(length);
    case "float64":
      return new Float64Array(length);
    case "int64":
      return new BigInt64Array(length);
    case "int32":
      return new Int32Array(length);
    case "bool":
      return new Uint8Array(length);
    case "string":
      return new Array<string>(length).fill("");
    default:
      throw new InputError({
        message: `the model's input ${input.name} is of a type that tables do not fill`,
        file,
        key: input.name,
        expected: "float32, float64, int64, int32, bool or string",
        received: input.type,
      });
  }
}

function readText(column: Column, row: number): string {
  const value = column.values[row];
  return value === null || value === undefined || Number.isNaN(value) ? "" : String(value);
}

function readInteger(column: Column, row: number, input: TensorInfo, file: string): number {
  const value = readNumber(column, row, input.name, file);
  if (Number.isSafeInteger(value)) return value;
  throw new InputError({
    message: `the model's input ${input.name} takes whole numbers`,
    file,
    key: column.name,
    expected: `${input.type} in every row`,
    received: `${Number.isNaN(value) ? "a missing value" : value} in data row ${row + 1}`,
  });
}

/** `[N, 1]` as people write shapes. */
export function describeShape(shape: readonly (number | null)[]): string {
  return `[${shape.map((length) => length ?? "N").join(", ")}]`;
}
