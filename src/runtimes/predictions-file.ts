// A file of predictions in place of a model: for models that predict somewhere else.
import { readTable } from "../data/read-table.ts";
import { matchPredictions } from "./match-predictions.ts";
import { defineRuntime } from "./runtime.ts";

export const predictionsFile = defineRuntime({
  id: "predictions",
  summary: "A file with the predictions (.csv, .tsv, .parquet, .json, .jsonl, also .gz): id and prediction columns",
  recognizes: async (path, kind) => kind === "file" && /\.(csv|tsv|parquet|json|jsonl|ndjson)(\.gz)?$/i.test(path),
  open: async (path, options, context) => {
    const predictions = await readTable(
      path,
      { missingValues: options.missingValues, keys: [options.id ?? "id"] },
      context,
    );
    return {
      runtime: "predictions",
      engine: { name: "predictions-file", version: "1", threads: 1 },
      signature: {
        inputs: [],
        outputs: [...predictions.columns.values()]
          .filter((column) => column.values instanceof Float64Array)
          .map((column) => ({ name: column.name, type: "float64", shape: [null] })),
      },
      predict: async (table) =>
        matchPredictions(predictions, table, {
          id: options.id ?? null,
          task: options.task ?? null,
          prediction: options.prediction ?? null,
          withheld: options.withheld ?? [],
          file: path,
        }),
      dispose: async () => {},
    };
  },
});
