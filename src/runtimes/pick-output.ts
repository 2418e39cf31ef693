// Which output of a model is its prediction, and what its columns mean for the task.
import { InputError } from "../errors.ts";
import type { Task } from "../evaluation/comparison.ts";
import type { TensorInfo } from "./runtime.ts";

/** Names of prediction columns: `prediction`, or `prediction_<class>` with several classes. */
export const predictionColumn = "prediction";

/** The output to read. Per row it holds `width` numbers; `columns` says which of them become which prediction column. */
export interface ChosenOutput {
  readonly name: string;
  readonly columns: readonly { readonly index: number; readonly name: string }[];
}

const numeric = new Set(["float32", "float64", "int64", "int32", "float16", "uint8", "int8"]);

/**
 * Chooses by type and name: for classes the floating-point output called after probabilities, else the first one; for
 * values the first numeric output. Labels (int64, strings) that a classifier gives beside its probabilities are never used:
 * engines disagree about them. Throws InputError when no output is fit.
 */
export function pickOutput(outputs: readonly TensorInfo[], task: Task | null, file: string): string {
  const classes = task === "binary" || task === "multiclass";
  const fit = outputs.filter((output) =>
    classes ? output.type.startsWith("float") && output.shape.length <= 2 : numeric.has(output.type),
  );
  const floats = fit.filter((output) => output.type.startsWith("float"));
  const ordered = floats.length > 0 ? floats : fit;
  const chosen =
    ordered.find((output) => output.name === predictionColumn) ??
    ordered.find((output) => /prob/i.test(output.name)) ??
    ordered[0];
  if (chosen) return chosen.name;
  throw new InputError({
    message: "the model has no output that can be judged",
    file,
    expected: classes ? "a floating-point output with the probabilities" : "a numeric output with one value per row",
    received: outputs.map((output) => `${output.name}: ${output.type}`).join(", ") || "no outputs",
    hint: classes
      ? "export the probabilities as a tensor (skl2onnx: options={'zipmap': False})"
      : "export the prediction as a tensor",
  });
}

/**
 * What the `width` numbers per row are. Binary with two is [negative, positive] unless `classes` puts `positive` first.
 * Throws InputError when the width does not fit the task or the classes.
 */
export function nameOutputColumns(
  name: string,
  width: number,
  task: Task | null,
  classes: readonly string[] | null,
  file: string,
): ChosenOutput {
  if (width === 1 && task !== "multiclass") return { name, columns: [{ index: 0, name: predictionColumn }] };
  if (width === 2 && task === "binary") return { name, columns: [{ index: 1, name: predictionColumn }] };
  if (task === "multiclass" && classes && classes.length === width) {
    return { name, columns: classes.map((label, index) => ({ index, name: `${predictionColumn}_${label}` })) };
  }
  throw new InputError({
    message: "the model's output does not fit the task",
    file,
    key: name,
    expected:
      task === "multiclass"
        ? `one probability for each of ${classes ? `${classes.length} classes (${classes.join(", ")})` : "the classes"}`
        : task === "binary"
          ? "one or two probabilities per row"
          : "one value per row",
    received: `${width} values per row`,
    hint: "set `task:` in the config to what the model does",
  });
}
