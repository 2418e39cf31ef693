// `modelgate compare`: two predictions files, without a config.
import { InputError } from "../errors.ts";
import type { Task } from "../evaluation/comparison.ts";
import { type CommandInput, defineCommand } from "./command.ts";

const tasks: readonly Task[] = ["binary", "multiclass", "regression", "ranking", "forecast", "score"];

export const compare = defineCommand({
  name: "compare",
  summary: "compare two predictions files row by row and judge gates",
  options: [
    { flags: "--baseline <file>", summary: "predictions of the model to compare with", required: true },
    { flags: "--candidate <file>", summary: "predictions of the new model", required: true },
    { flags: "--task <task>", summary: tasks.join(", "), required: true },
    { flags: "--label <column>", summary: "column with what is true (not needed for score)" },
    {
      flags: "--prediction <column>",
      summary: "the positive class's probability, the value, or the prefix of one column per class",
      required: true,
    },
    { flags: "--id <column>", summary: "row key (default: `id` if both have it, else the position)" },
    { flags: "--gate <rule...>", summary: 'a gate, such as "roc_auc drop <= 1pp" (repeatable)' },
    { flags: "--metric <metric...>", summary: "metrics to show (default: the usual ones of the task)" },
    {
      flags: "--slice <slice...>",
      summary: 'columns ("plan", "plan,region") or a condition ("age >= 65") to look at apart',
    },
    { flags: "--fairness <columns...>", summary: 'how groups of people fare: "gender", or "gender,region" together' },
    { flags: "--group <column>", summary: "rows with the same value depend on each other" },
    { flags: "--time <column>", summary: "rows depend on their neighbours in time: resampled in blocks of this order" },
    {
      flags: "--block-length <points>",
      summary: "points of time in a block (default with --time, and for forecasts: auto)",
    },
    { flags: "--fold <column>", summary: "rows are test rows of cross-validation: the split that tested them" },
    { flags: "--repeat <column>", summary: "which repetition of the cross-validation" },
    { flags: "--train-rows <number>", summary: "rows each split trained on (default: the other folds)" },
    {
      flags: "--positive <label>",
      summary: "the positive class (default: 1, true, yes, … or the one that sorts last)",
    },
    { flags: "--threshold <number>", summary: "probability from which the positive class is decided", default: "0.5" },
    { flags: "--confidence <share>", summary: "of the intervals, two-sided", default: "0.95" },
  ],
  examples: [
    'modelgate compare --baseline main.parquet --candidate pr.parquet --task binary --label churned --prediction p --gate "roc_auc drop <= 1pp"',
    "modelgate compare --baseline a.csv --candidate b.csv --task regression --label price --prediction yhat --json",
  ],
  run: async (input, context) => {
    const useCase = await import("../commands/compare.ts");
    const { parseMetricChoice } = await import("../evaluation/metric-choice.ts");
    const { parseSliceChoice } = await import("../evaluation/slice-choice.ts");
    return useCase.compare(
      {
        baseline: readText(input, "baseline") ?? "",
        candidate: readText(input, "candidate") ?? "",
        task: readTask(input),
        label: readText(input, "label"),
        prediction: readText(input, "prediction") ?? "",
        id: readText(input, "id"),
        group: readText(input, "group"),
        time: readText(input, "time"),
        blockLength: readBlockLength(input),
        crossValidation: readCrossValidation(input),
        positive: readText(input, "positive"),
        threshold: readNumber(input, "threshold", 0, 1),
        confidence: readNumber(input, "confidence", 0.5, 1),
        gates: readList(input, "gate"),
        metrics: readList(input, "metric").map(parseMetricChoice),
        slices: readList(input, "slice").map(parseSliceChoice),
        fairness: readList(input, "fairness").map((text) => ({
          columns: text.split(",").map((column) => column.trim()),
          privileged: null,
          minRows: 10,
        })),
      },
      context,
    );
  },
});

function readText({ options }: CommandInput, name: string): string | null {
  const value = options[name];
  return typeof value === "string" ? value : null;
}

function readList({ options }: CommandInput, name: string): readonly string[] {
  const value = options[name];
  return Array.isArray(value) ? value : [];
}

function readCrossValidation(input: CommandInput) {
  const fold = readText(input, "fold");
  const repeat = readText(input, "repeat");
  const trainRows = readText(input, "trainRows");
  if (fold !== null)
    return { fold, repeat, trainRows: trainRows === null ? null : readNumber(input, "train-rows", 0, 1e12) };
  if (repeat !== null || trainRows !== null)
    throw new InputError({
      message: "means nothing without --fold",
      key: repeat === null ? "--train-rows" : "--repeat",
    });
  return null;
}

/** Naming the time says that rows depend on it: a comparison has no other use for it. */
function readBlockLength(input: CommandInput): number | "auto" | null {
  const text = readText(input, "blockLength");
  const given = text === null ? readText(input, "time") : text;
  if (given !== null && readText(input, "group") !== null)
    throw new InputError({
      message: "means nothing beside --group: groups are resampled whole",
      key: text === null ? "--time" : "--block-length",
    });
  if (text === null || text === "auto") return given === null ? null : "auto";
  return Math.max(1, Math.round(readNumber(input, "block-length", 0, 1e9)));
}

function readTask(input: CommandInput): Task {
  const given = readText(input, "task");
  const task = tasks.find((known) => known === given);
  if (task === undefined)
    throw new InputError({
      message: "the task is not known",
      key: "--task",
      expected: tasks.join(", "),
      received: given ?? "nothing",
    });
  return task;
}

/** A number strictly between the two. */
function readNumber(input: CommandInput, name: string, low: number, high: number): number {
  const text =
    readText(
      input,
      name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase()),
    ) ?? "";
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (!(value > low && value < high))
    throw new InputError({
      message: "the number does not fit",
      key: `--${name}`,
      expected: `a number between ${low} and ${high}`,
      received: text,
    });
  return value;
}
