// The label as numbers to learn.
import { InputError } from "../errors.ts";
import type { Column, Table } from "../tables/table.ts";

export interface Target {
  readonly kind: "binary" | "classes" | "value";
  /** Binary: 1 = positive. Classes: index into `classes`. Value: the number. */
  readonly values: Float64Array;
  /** Binary: [negative, positive]; classes: sorted; value: empty. */
  readonly classes: readonly string[];
}

/**
 * Reads the label. `positive` null = the label that sorts last of two. Throws InputError when it or the task is not said or not in the data, is
 * missing in a row, has one class only, more than two where two are asked for, or is text where a number is.
 */
export function readTarget(table: Table, label: string | null, task: string | null, positive: string | null): Target {
  if (label === null)
    throw new InputError({ message: "nothing says what to learn", key: "label", hint: "set `label:`" });
  if (task === null) {
    throw new InputError({
      message: "nothing says what kind of prediction the label is",
      key: "task",
      expected: "binary, multiclass or regression",
      hint: "set `task:`",
    });
  }
  const column = table.columns.get(label);
  if (!column) {
    const received = [...table.columns.keys()].join(", ");
    throw new InputError({ message: "the training data has no label column", key: label, received });
  }
  refuseMissing(column);
  if (task === "binary" || task === "multiclass") return readClasses(column, task, positive);
  if (column.values instanceof Float64Array) return { kind: "value", values: column.values, classes: [] };
  throw new InputError({
    message: `the label is text, and the task ${task} learns numbers`,
    key: label,
    expected: "a numeric column",
    received: JSON.stringify(column.values[0]),
    hint: "set `task: binary` or `task: multiclass`",
  });
}

function refuseMissing(column: Column): void {
  const missing = Array.from(column.values as ArrayLike<number | string | null>, (value) => value).flatMap(
    (value, row) => (value === null || Number.isNaN(value) ? [row] : []),
  );
  if (missing.length === 0) return;
  throw new InputError({
    message: `the label is missing in ${missing.length} of ${column.values.length} training rows`,
    key: column.name,
    expected: "a label in every row",
    received: `nothing in data row ${(missing[0] ?? 0) + 1}`,
    hint: "move the training window to rows whose label is known, or remove the rows",
  });
}

function readClasses(column: Column, task: "binary" | "multiclass", positive: string | null): Target {
  const labels = Array.from(column.values as ArrayLike<number | string | null>, (value) => String(value));
  const classes = [...new Set(labels)].sort();
  const wrong =
    classes.length < 2
      ? "one class only"
      : task === "binary" && classes.length > 2
        ? `${classes.length} classes`
        : null;
  if (wrong) {
    throw new InputError({
      message: `the label has ${wrong} in the training rows`,
      key: column.name,
      expected: task === "binary" ? "two classes" : "at least two classes",
      received: classes.slice(0, 10).join(", "),
    });
  }
  if (task === "multiclass") {
    const positions = new Map(classes.map((label, position) => [label, position]));
    return { kind: "classes", values: Float64Array.from(labels, (label) => positions.get(label) ?? 0), classes };
  }
  const chosen = positive ?? classes[1] ?? "";
  if (!classes.includes(chosen)) {
    throw new InputError({
      message: "the positive class is not among the labels",
      key: "decision.positive",
      expected: `one of ${classes.join(", ")}`,
      received: chosen,
    });
  }
  const negative = classes.find((label) => label !== chosen) ?? "";
  const values = Float64Array.from(labels, (label) => (label === chosen ? 1 : 0));
  return { kind: "binary", values, classes: [negative, chosen] };
}
