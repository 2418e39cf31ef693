// Asks an open model about rows that were never in the data: changed copies of them, many tables in as few calls as its kind allows.
import { ModelgateError, shortenMessage } from "../errors.ts";
import {
  type Answer,
  type Perturbation,
  splitAnswers,
  stackPerturbations,
} from "../evaluation/explanation/perturbation.ts";
import type { EvaluationRows } from "../evaluation/metric-rows.ts";
import { listClasses } from "../evaluation/prepare-predictions.ts";
import type { LoadedModel, PredictedColumns } from "../runtimes/runtime.ts";
import type { Column, Table } from "../tables/table.ts";

/** Rows of one call to a model in this process: enough to be quick, few enough to look at the clock between calls. */
const rowsPerCall = 8192;

export interface AskableModel {
  /** Why it cannot be asked, a sentence without its period; null = it can. */
  readonly deaf: string | null;
  /** Its own program answers: every call is a process. */
  readonly isProgram: boolean;
  /** Answers to all rows of a table, in one call. Throws what the model throws. */
  readonly answer: (table: Table) => Promise<Answer>;
}

/** `id` is the column that a program's predictions are matched by; asked rows get keys of their own in it. */
export function createAskable(model: LoadedModel, rows: EvaluationRows, id: string | null): AskableModel {
  return {
    deaf: model.runtime === "predictions" ? "a predictions file cannot be asked again" : null,
    isProgram: model.runtime === "command",
    answer: async (table) => {
      if (table.rows === 0) return { values: new Float64Array(0), probabilities: null };
      return readAnswer(await model.predict(renumber(table, id)), rows, table.rows);
    },
  };
}

/** Thrown when answering takes longer than was allowed. */
export class TookTooLong extends Error {}

/**
 * One answer per perturbation. Between calls `mayGoOn` is asked; false ends in TookTooLong. A program gets everything in one call.
 */
export async function askPerturbed(
  model: AskableModel,
  table: Table,
  perturbations: readonly Perturbation[],
  mayGoOn: () => boolean,
): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  for (let from = 0; from < perturbations.length; ) {
    if (!mayGoOn()) throw new TookTooLong();
    let [to, rows] = [from, 0];
    while (to < perturbations.length && (to === from || model.isProgram || rows < rowsPerCall)) {
      rows += perturbations[to]!.rows.length;
      to += 1;
    }
    const asked = perturbations.slice(from, to);
    answers.push(...splitAnswers(await model.answer(stackPerturbations(table, asked)), asked));
    from = to;
  }
  return answers;
}

/** What a model refuses or fails on, as a sentence without its period; anything else is thrown on. */
export function describeRefusal(error: unknown): string {
  if (!(error instanceof ModelgateError) || error.family === "provider") throw error;
  const [problem] = error.problems;
  const received = problem.received === undefined ? "" : ` (${problem.received})`;
  return `${shortenMessage(problem)}${received}`.slice(0, 500);
}

function renumber(table: Table, id: string | null): Table {
  const column = table.columns.get(id ?? "id");
  if (column === undefined) return table;
  const keys: Column =
    column.values instanceof Float64Array
      ? { name: column.name, type: "numeric", values: Float64Array.from({ length: table.rows }, (_, row) => row + 1) }
      : {
          name: column.name,
          type: "categorical",
          values: Array.from({ length: table.rows }, (_, row) => `asked-${row + 1}`),
        };
  return { rows: table.rows, columns: new Map(table.columns).set(column.name, keys) };
}

/** Without the checks of predictions that are judged: what is no number is for the asker to see. */
function readAnswer({ columns }: PredictedColumns, { task, classes }: EvaluationRows, rows: number): Answer {
  const nothing = () => new Float64Array(rows).fill(Number.NaN);
  if (task !== "multiclass") return { values: columns.get("prediction") ?? nothing(), probabilities: null };
  const named = listClasses(columns.keys(), "prediction");
  // A class that the model does not know has probability 0.
  const probabilities = classes.map((name) => columns.get(named.get(name) ?? "") ?? new Float64Array(rows));
  return { values: new Float64Array(0), probabilities };
}
