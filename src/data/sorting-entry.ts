// The thread that sorts beside the reading of data: dist/sorting.mjs. The memory that comes goes back.
import { parentPort } from "node:worker_threads";
import { measureSamples } from "../monitoring/sample-distances.ts";
import { sortNumbers } from "../statistics/sort-numbers.ts";
import type { SortingOrder, SortingResult } from "./number-sorter.ts";

let scratch = new Float64Array(0);

parentPort?.on("message", ({ sorted, values }: SortingOrder) => {
  if (scratch.length < values.length) scratch = new Float64Array(values.length);
  sortNumbers(values, scratch);
  const distances = sorted && measureSamples({ reference: sorted, current: values });
  const result: SortingResult = { sorted, values, distances };
  const memory = sorted ? [sorted.buffer, values.buffer] : [values.buffer];
  parentPort?.postMessage(result, memory as ArrayBuffer[]);
});
