// Rules about metrics and expectations that are our own; those of the gate grammar are in gates.ts.
import type { ModelRule } from "./rule.ts";

export const ratioHasTwoColumns: ModelRule = (model, report) => {
  (model.metrics ?? []).forEach((metric, index) => {
    if (typeof metric === "string" || !("column" in metric)) return;
    if (metric.aggregate === "ratio" && metric.denominator === undefined) {
      report({ path: ["metrics", index], message: "is a ratio of one column", hint: "add `denominator: COLUMN`" });
    }
    if (metric.aggregate !== "ratio" && metric.denominator !== undefined) {
      report({
        path: ["metrics", index, "denominator"],
        at: "key",
        message: `means nothing for \`aggregate: ${metric.aggregate}\``,
        hint: "use `aggregate: ratio` or remove it",
      });
    }
  });
};

export const expectationsExpectSomething: ModelRule = (model, report) => {
  model.expect.forEach((expectation, index) => {
    const { between } = expectation;
    if (between && between[0] !== null && between[1] !== null && between[0] > between[1]) {
      report({ path: ["expect", index, "between"], message: "has its lower end above its upper end" });
    }
    const asks =
      between ??
      expectation.in ??
      expectation.type ??
      expectation.matches ??
      expectation["newest-within"] ??
      (expectation.unique || expectation.required || undefined);
    if (asks !== undefined && expectation.column === undefined) {
      report({ path: ["expect", index], message: "names no column", expected: "`column`, or `rows` alone" });
    }
    if ((asks ?? expectation.rows) !== undefined) return;
    report({
      path: ["expect", index],
      message: "expects nothing",
      expected: "at least one of `between`, `in`, `type`, `matches`, `unique`, `required`, `newest-within`, `rows`",
    });
  });
};
