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

/** Rates of groups are shares decided positive: there must be a positive class. */
export const fairnessNeedsDecisions: ModelRule = (model, report) => {
  if (model.fairness === undefined || model.task === "binary") return;
  report({
    path: ["fairness"],
    at: "key",
    message: `compares decisions between groups, and the task is ${model.task ?? "not set"}`,
    expected: "`task: binary`",
    hint: "for other tasks, name the columns as `slices` and gate `[column=*]`",
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
