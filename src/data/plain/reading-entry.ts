// The thread that reads a part of plain delimited files: dist/reading.mjs.
import { parentPort, workerData } from "node:worker_threads";
import type { PlainOrder } from "./order.ts";
import { profileRanges } from "./profile-ranges.ts";

const answer = profileRanges(workerData as PlainOrder);
const kept =
  answer.kind === "shard" ? [...answer.shard.numbers.values()].map(({ buffer }) => buffer as ArrayBuffer) : [];
parentPort?.postMessage(answer, kept);
