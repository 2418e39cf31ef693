// One signal stops a whole process, however much is under way.
import { getEventListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { createStop, createStopWithin } from "../../src/host/stop.ts";

test.each([
  ["of its own", createStop],
  [
    "within another",
    () => {
      const outer = createStop();
      return { signal: createStopWithin(outer.signal).signal, abort: () => outer.abort() };
    },
  ],
  ["within another, by itself", () => createStopWithin(createStop().signal)],
])("50 waits at once end with one %s, without a warning and with nothing left behind", async (_, create) => {
  const warnings: Error[] = [];
  const note = (warning: Error) => void warnings.push(warning);
  process.on("warning", note);
  onTestFinished(() => void process.off("warning", note));
  const stop = create();
  const waits = Array.from({ length: 50 }, () => sleep(60_000, undefined, { signal: stop.signal }));
  expect(getEventListeners(stop.signal, "abort")).toHaveLength(50);
  stop.abort();
  const ended = await Promise.allSettled(waits);
  expect(ended.every(({ status }) => status === "rejected")).toBe(true);
  await sleep(1);
  expect(warnings).toEqual([]);
  expect(getEventListeners(stop.signal, "abort")).toEqual([]);
});
