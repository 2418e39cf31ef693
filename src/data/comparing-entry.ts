// The thread that compares every second column of exact comparisons: dist/comparing.mjs. The memory that comes goes back.
import { parentPort } from "node:worker_threads";
import { type ComparisonOrder, compareOne } from "./compare-samples.ts";

parentPort?.on("message", (order: ComparisonOrder) => {
  const result = compareOne(order);
  parentPort?.postMessage(result, [order.reference.buffer, order.current.buffer] as ArrayBuffer[]);
});
