// Makes evaluation rows from a table: labels in the form the task needs, groups as numbers, order and weights.
import { InputError, type Problem } from "../errors.ts";
import { findNearestName } from "../nearest-name.ts";
import type { Column, Table } from "../tables/table.ts";
import type { Task } from "./comparison.ts";
import type { EvaluationRows, Splits } from "./metric-rows.ts";
import { readSplits } from "./split-rows.ts";

export interface RowsOptions {
  readonly task: Task;
  /** Null only for `score`. */
  readonly label: string | null;
  /** Binary: the label that counts as positive; null = `1`, `true`, `yes`, … or the one that sorts last of two. */
  readonly positive: string | null;
  /** Binary: a probability ≥ this means positive. */
  readonly threshold: number;
  /** Multiclass: classes the models know; labels beyond them are added behind. */
  readonly classes?: readonly string[];
  readonly group?: string | null;
  readonly weight?: string | null;
  /** Rows are in time order and hang together: resample runs of this many rows (`layOutTime`). Default null. */
  readonly blockLength?: number | null;
  /** Predictions are those of cross-validation: column of the fold, of the repetition, and rows trained on where they are not the others. */
  readonly crossValidation?: CrossValidation | null;
  /** For messages. */
  readonly file: string;
}

export interface CrossValidation {
  readonly fold: string;
  readonly repeat: string | null;
  readonly trainRows: number | null;
}

/** The table's rows in their order. Throws InputError with all problems: missing or unfit labels, more than two classes for binary, bad weights. */
export function prepareRows(table: Table, options: RowsOptions): EvaluationRows {
  const problems: Problem[] = [];
  const labels = readLabels(table, options, problems);
  const group = options.group ? findColumn(table, options.group, "group", options, problems) : null;
  const weight = options.weight ? findColumn(table, options.weight, "weight", options, problems) : null;
  const weights = weight === null ? null : readWeights(weight, options, problems);
  const splits = options.crossValidation ? findSplits(table, options.crossValidation, options, problems) : null;
  if (problems.length > 0) throw new InputError(problems);
  return {
    task: options.task,
    rows: table.rows,
    ...labels,
    threshold: options.threshold,
    weights,
    clusters: group === null ? null : numberGroups(group),
    blockLength: options.blockLength ?? null,
    splits,
    columns: table.columns,
  };
}

function findSplits(table: Table, asked: CrossValidation, options: RowsOptions, problems: Problem[]): Splits | null {
  const fold = findColumn(table, asked.fold, "fold", options, problems);
  const repeat = asked.repeat === null ? null : findColumn(table, asked.repeat, "repetition", options, problems);
  if (fold === null || (asked.repeat !== null && repeat === null)) return null;
  return readSplits({ fold, repeat, trainRows: asked.trainRows }, options.file, problems);
}

/** Two-valued labels whose positive member is plain. */
const usualPairs = [
  ["0", "1"],
  ["-1", "1"],
  ["false", "true"],
  ["no", "yes"],
  ["n", "y"],
  ["f", "t"],
  ["negative", "positive"],
] as const;

type Labels = Pick<EvaluationRows, "labels" | "classes">;

function readLabels(table: Table, options: RowsOptions, problems: Problem[]): Labels {
  const nothing: Labels = { labels: new Float64Array(0), classes: [] };
  if (options.label === null) {
    if (options.task !== "score")
      problems.push({
        message: `the task ${options.task} needs a label`,
        file: options.file,
        expected: "the column with what is true",
        hint: "name it: `--label COLUMN` for compare, `label:` of the model in the config",
      });
    return nothing;
  }
  const column = findColumn(table, options.label, "label", options, problems);
  if (column === null) return nothing;
  if (options.task !== "binary" && options.task !== "multiclass") return readNumbers(column, options, problems);
  const names = readNames(column);
  const missing = names.indexOf(null);
  if (missing >= 0) {
    const count = names.filter((name) => name === null).length;
    problems.push({
      message: `${count === 1 ? "a label is" : `${count} labels are`} missing`,
      file: options.file,
      key: options.label,
      expected: "a label in every row",
      received: `nothing in row ${missing + 1}`,
    });
    return nothing;
  }
  const classes =
    options.task === "binary"
      ? chooseBinary(new Set(names as string[]), options, problems)
      : [...new Set([...(options.classes ?? []), ...[...new Set(names as string[])].sort()])];
  const indexOf = new Map(classes.map((name, index) => [name, index]));
  return { labels: Float64Array.from(names as string[], (name) => indexOf.get(name) ?? Number.NaN), classes };
}

function readNumbers(column: Column, options: RowsOptions, problems: Problem[]): Labels {
  if (column.type !== "numeric") {
    problems.push({
      message: "the label is not a number",
      file: options.file,
      key: column.name,
      expected: `numbers for the task ${options.task}`,
      received: `a ${column.type} column`,
    });
    return { labels: new Float64Array(0), classes: [] };
  }
  const bad = column.values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0)
    problems.push({
      message: "a label is missing or not finite",
      file: options.file,
      key: column.name,
      expected: "a finite number in every row",
      received: `${column.values[bad]} in row ${bad + 1}`,
    });
  return { labels: column.values, classes: [] };
}

/** Cells as names; numbers as they print, missing as null. */
function readNames(column: Column): readonly (string | null)[] {
  const { values } = column;
  if (!(values instanceof Float64Array)) return values;
  return Array.from(values, (value) => (Number.isNaN(value) ? null : String(value)));
}

function chooseBinary(names: ReadonlySet<string>, options: RowsOptions, problems: Problem[]): readonly string[] {
  const sorted = [...names].sort();
  const fail = (message: string, hint: string): readonly string[] => {
    const received = sorted.slice(0, 5).join(", ") + (sorted.length > 5 ? ", …" : "");
    problems.push({ message, file: options.file, key: options.label!, expected: "two classes", received, hint });
    return ["", ""];
  };
  if (sorted.length > 2) return fail(`the label has ${sorted.length} classes`, "set the task to multiclass");
  if (options.positive !== null) {
    const positive = sorted.find((name) => name === options.positive || Number(name) === Number(options.positive));
    const others = sorted.filter((name) => name !== positive);
    if (positive === undefined && sorted.length === 2)
      return fail(`no row has the positive class "${options.positive}"`, "name one of the two classes as positive");
    return [others[0] ?? "", positive ?? options.positive];
  }
  const pair = usualPairs.find((known) => sorted.every((name) => known.some((word) => word === name.toLowerCase())));
  if (pair) {
    const spell = (word: string): string => sorted.find((name) => name.toLowerCase() === word) ?? word;
    return [spell(pair[0]), spell(pair[1])];
  }
  if (sorted.length === 2) return sorted;
  return fail("the label has one class only, and which one it is cannot be told", "name the positive class");
}

function findColumn(
  table: Table,
  name: string,
  role: string,
  { file }: RowsOptions,
  problems: Problem[],
): Column | null {
  const column = table.columns.get(name);
  if (column) return column;
  const nearest = findNearestName(name, table.columns.keys());
  problems.push({
    message: `there is no column "${name}" for the ${role}`,
    file,
    received: [...table.columns.keys()].slice(0, 20).join(", "),
    ...(nearest === undefined ? {} : { hint: `did you mean ${nearest}?` }),
  });
  return null;
}

function readWeights(column: Column, options: RowsOptions, problems: Problem[]): Float64Array {
  const values = column.type === "numeric" ? column.values : new Float64Array(0);
  const bad = values.findIndex((value) => !(value >= 0 && Number.isFinite(value)));
  const total = values.reduce((sum, value) => sum + value, 0);
  if (column.type !== "numeric" || bad >= 0 || !(total > 0))
    problems.push({
      message: "the weights are not fit",
      file: options.file,
      key: column.name,
      expected: "finite numbers of at least 0, not all 0",
      received:
        column.type !== "numeric"
          ? `a ${column.type} column`
          : bad >= 0
            ? `${values[bad]} in row ${bad + 1}`
            : "only 0",
    });
  return values;
}

/** Groups as numbers by first appearance; a missing group is a group of its own row. */
function numberGroups(column: Column): Int32Array {
  const numbers = new Map<string | number, number>();
  let next = 0;
  return Int32Array.from({ length: column.values.length }, (_, row) => {
    const cell = column.values[row] ?? null;
    if (cell === null || Number.isNaN(cell)) return next++;
    const known = numbers.get(cell);
    if (known !== undefined) return known;
    numbers.set(cell, next);
    return next++;
  });
}
