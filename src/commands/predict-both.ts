// Baseline and candidate predict the same rows in the same process; both are opened as data wherever their format allows it.
import type { ModelSettings } from "../config/settings.ts";
import { InputError } from "../errors.ts";
import { checkIds } from "../evaluation/match-rows.ts";
import type { EvaluationRows, Predictions } from "../evaluation/metric-rows.ts";
import { preparePredictions } from "../evaluation/prepare-predictions.ts";
import { prepareRows } from "../evaluation/prepare-rows.ts";
import { layOutTime } from "../evaluation/time-blocks.ts";
import type { Context } from "../host/context.ts";
import { openModel } from "../runtimes/open-model.ts";
import type { LoadedModel, ModelSignature } from "../runtimes/runtime.ts";
import { selectRows } from "../tables/select-rows.ts";
import type { Table } from "../tables/table.ts";
import { type AskableModel, createAskable } from "./ask-model.ts";

/** A model as it lies on disk, with the order of its inputs where the format does not name them. */
export interface ModelFiles {
  readonly path: string;
  readonly features: readonly string[] | null;
}

/** A model that is still open, with what it predicted. */
export interface ProbedModel {
  readonly model: AskableModel;
  readonly predictions: Predictions;
  readonly signature: ModelSignature;
  readonly features: readonly string[] | null;
}

/** Both models while they can be asked more. */
export interface Probing {
  readonly table: Table;
  readonly rows: EvaluationRows;
  readonly candidate: ProbedModel;
  readonly baseline: ProbedModel | null;
}

export interface PredictedRows {
  readonly rows: EvaluationRows;
  readonly candidate: Predictions;
  readonly candidateSignature: ModelSignature;
  readonly baseline: Predictions | null;
  readonly baselineSignature: ModelSignature | null;
}

/**
 * Predicts every row of `table` with the candidate and, if there is one, the baseline; then lets `probe` ask them more before they
 * are closed. The label is withheld from programs.
 * Throws InputError with every problem of labels or predictions: NaN, missing columns, probabilities that are none.
 */
export async function predictBoth(
  settings: ModelSettings,
  table: Table,
  candidate: ModelFiles,
  baseline: ModelFiles | null,
  root: string,
  context: Context,
  probe: (probing: Probing) => Promise<void> = async () => {},
): Promise<PredictedRows> {
  if (settings.task === null) {
    throw new InputError({
      key: `models.${settings.name}.task`,
      message: "is not set, so predictions cannot be judged",
      expected: "binary, multiclass, regression, ranking, forecast or score",
    });
  }
  const task = settings.task;
  const { order, blockLength } = layOutTime(table, { ...settings, task }, findEvaluationSource(settings));
  // Models get the rows as they lie in the file, for predictions that are matched by position; all else happens in time order.
  const ordered = order === null ? table : selectRows(table, order);
  const rows = prepareRows(ordered, {
    task,
    blockLength,
    label: settings.label,
    positive: settings.decision.positive,
    threshold: settings.decision.threshold,
    group: settings.group,
    crossValidation: settings.crossValidation,
    file: findEvaluationSource(settings),
  });
  const key = settings.id ?? (table.columns.has("id") ? "id" : null);
  const problems = key === null ? [] : checkIds({ table, file: findEvaluationSource(settings) }, key);
  if (problems.length > 0) throw new InputError(problems);
  const opened: LoadedModel[] = [];
  const predict = async (files: ModelFiles, shown: string): Promise<ProbedModel> => {
    const model = await openModel(
      files.path,
      {
        task: settings.task,
        features: files.features,
        classes: settings.task === "multiclass" ? rows.classes : null,
        id: settings.id,
        prediction: settings.prediction,
        withheld: settings.label === null ? [] : [settings.label],
        predict: settings.predict,
        folder: root,
        missingValues: settings.missingValues,
      },
      context,
    );
    opened.push(model);
    const predicted = await model.predict(table);
    const columns = order === null ? predicted.columns : reorder(predicted.columns, order);
    const numeric = new Map([...columns].map(([name, values]) => [name, { name, type: "numeric" as const, values }]));
    const predictions = preparePredictions(rows, columns, { name: "prediction", file: shown, columns: numeric });
    const askable = createAskable(model, rows, settings.id);
    return { model: askable, predictions, signature: model.signature, features: files.features };
  };
  const [judged, known] = await disposeAfter(opened, async () => {
    const judged = await predict(candidate, `the candidate of ${settings.name}`);
    const known = baseline === null ? null : await predict(baseline, `the baseline of ${settings.name}`);
    await probe({ table: ordered, rows, candidate: judged, baseline: known });
    return [judged, known] as const;
  });
  return {
    rows,
    candidate: judged.predictions,
    candidateSignature: judged.signature,
    baseline: known?.predictions ?? null,
    baselineSignature: known?.signature ?? null,
  };
}

async function disposeAfter<T>(opened: readonly LoadedModel[], work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    for (const model of opened) await model.dispose();
  }
}

function reorder(columns: ReadonlyMap<string, Float64Array>, order: Int32Array): ReadonlyMap<string, Float64Array> {
  return new Map([...columns].map(([name, values]) => [name, Float64Array.from(order, (row) => values[row]!)]));
}

/** What the rows are called where something is wrong with them. */
function findEvaluationSource({ data, name }: ModelSettings): string {
  return (data?.evaluation.by === "source" ? data.evaluation.source : data?.train?.source) ?? name;
}
