// The thread that sorts beside the reading of data: dist/sorting.mjs. The memory that comes goes back.
import { parentPort } from "node:worker_threads";
import type { SortingOrder } from "./number-sorter.ts";
import { sortAndCompare } from "./sort-and-compare.ts";

parentPort?.on("message", (order: SortingOrder) => {
  const { sorted, values } = order;
  const memory = sorted ? [sorted.buffer, values.buffer] : [values.buffer];
  parentPort?.postMessage(sortAndCompare(order), memory as ArrayBuffer[]);
});
