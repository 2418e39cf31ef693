// The thread that digests a large file as a whole beside whatever its process does: dist/digesting.cjs.
import { closeSync, openSync, readSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { type DigestOrder, digestReadBytes, startWholeDigest } from "./digest-parts.ts";

const { path, partBytes } = workerData as DigestOrder;
const digest = startWholeDigest(partBytes);
const buffer = Buffer.allocUnsafe(digestReadBytes);
const file = openSync(path, "r");
for (let count = readSync(file, buffer); count > 0; count = readSync(file, buffer))
  digest.update(buffer.subarray(0, count));
closeSync(file);
parentPort?.postMessage(digest.finish());

// Only whoever started it ends this thread: one that ends by itself waits for compilers that may wait for it (nodejs/node#54918).
parentPort?.on("message", () => {});
