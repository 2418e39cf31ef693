// Columns of one kind beside each other are read in one loop.
import { expect, it } from "vitest";
import { listRuns } from "../../../src/data/plain/list-runs.ts";

it("puts columns of one kind beside each other together", () => {
  expect(listRuns(["number", "number", "text", "skipped", "skipped", "time"])).toEqual([
    { kind: "number", column: 0, count: 2 },
    { kind: "text", column: 2, count: 1 },
    { kind: "skipped", column: 3, count: 2 },
    { kind: "time", column: 5, count: 1 },
  ]);
});

it("leaves the last column for itself, whose fields end with the line", () => {
  expect(listRuns(["number", "number", "number"])).toEqual([
    { kind: "number", column: 0, count: 2 },
    { kind: "number", column: 2, count: 1 },
  ]);
  expect(listRuns(["text"])).toEqual([{ kind: "text", column: 0, count: 1 }]);
});

it("tells numbers that may be missing from those that may not", () => {
  expect(listRuns(["number", "numberOrNothing", "numberOrNothing"])).toHaveLength(3);
});
