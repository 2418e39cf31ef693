// Rules about expectations that their shapes cannot say.
import type { ModelRule } from "./rule.ts";

const ranges = ["between", "length", "sum", "mean", "rows"] as const;
const ofColumn = [
  "between",
  "in",
  "type",
  "matches",
  "length",
  "monotonic",
  "pair",
  "row-sum",
  "sum",
  "mean",
  "shares",
  "smallest-share",
  "like",
  "newest-within",
] as const;

export const expectationsExpectSomething: ModelRule = (model, report) => {
  model.expect.forEach((expectation, index) => {
    for (const key of ranges) {
      const [low, high] = expectation[key] ?? [null, null];
      if (low === null || high === null) continue;
      const path = ["expect", index, key];
      if (typeof low !== typeof high) report({ path, message: "has a number at one end and a date at the other" });
      else if (low > high) report({ path, message: "has its lower end above its upper end" });
    }
    for (const [value, [low, high]] of Object.entries(expectation.shares ?? {})) {
      if (low > high) {
        report({ path: ["expect", index, "shares", value], message: "has its lower end above its upper end" });
      }
    }
    const asks = ofColumn.some((key) => expectation[key] !== undefined) || expectation.unique || expectation.required;
    if (asks && expectation.column === undefined) {
      report({ path: ["expect", index], message: "names no column", expected: "`column`, or `rows` alone" });
    }
    if (asks || expectation.rows !== undefined) return;
    report({
      path: ["expect", index],
      message: "expects nothing",
      expected: `at least one of ${[...ofColumn, "unique", "required", "rows"].map((key) => `\`${key}\``).join(", ")}`,
    });
  });
};
