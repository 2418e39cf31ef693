// The thread that counts numbers beside the one that the engine hands them to: dist/counting.cjs.
import { parentPort, workerData } from "node:worker_threads";
import { ModelgateError } from "../errors.ts";
import { type CountingAnswer, type CountingOrder, countRing } from "./count-beside.ts";
import { listBuffers } from "./moved-buffers.ts";

function answer(order: CountingOrder): CountingAnswer {
  try {
    return { counted: countRing(order) };
  } catch (error) {
    if (error instanceof ModelgateError) return { family: error.family, problems: error.problems };
    throw error;
  }
}

parentPort?.postMessage({ ready: true } satisfies CountingAnswer);
const counted = answer(workerData as CountingOrder);
const moved = "counted" in counted ? listBuffers(counted.counted.columns.map(({ values }) => values)) : [];
parentPort?.postMessage(counted, moved);

// Only whoever started it ends this thread: one that ends by itself waits for compilers that may wait for it (nodejs/node#54918).
parentPort?.on("message", () => {});
