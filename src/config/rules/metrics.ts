// Rules about metrics that are our own; those of the gate grammar are in gates.ts.
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
