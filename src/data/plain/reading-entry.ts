// The thread that reads a part of a plain delimited file: dist/reading.cjs.
import { parentPort } from "node:worker_threads";
import { listBuffers } from "../moved-buffers.ts";
import type { PlainAnswer, PlainOrder } from "./order.ts";
import { profileRange } from "./profile-range.ts";

function listMoved(answer: PlainAnswer): ArrayBuffer[] {
  if (answer.kind !== "shard") return [];
  const { profile, numbers } = answer.shard;
  return listBuffers(
    profile.columns.flatMap(({ values, lengths }) => [values, lengths]),
    numbers.values(),
  );
}

// Only whoever started it ends this thread: one that ends by itself waits for compilers that may wait for it (nodejs/node#54918).
parentPort?.on("message", (order: PlainOrder) => {
  const answer = profileRange(order);
  parentPort?.postMessage(answer, listMoved(answer));
});
