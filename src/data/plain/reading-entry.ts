// The thread that reads a part of a plain delimited file: dist/reading.cjs.
import { parentPort, workerData } from "node:worker_threads";
import type { PlainOrder } from "./order.ts";
import { profileRange } from "./profile-range.ts";

const answer = profileRange(workerData as PlainOrder);
const kept =
  answer.kind === "shard" ? [...answer.shard.numbers.values()].map(({ buffer }) => buffer as ArrayBuffer) : [];
parentPort?.postMessage(answer, kept);

// Only whoever started it ends this thread: one that ends by itself waits for compilers that may wait for it (nodejs/node#54918).
parentPort?.on("message", () => {});
