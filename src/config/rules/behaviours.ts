// Rules about behaviours and explanations: what they name must make sense before a model is asked.
import { InputError } from "../../errors.ts";
import { parseMetric } from "../../evaluation/gate-grammar.ts";
import { parseWhere } from "../../evaluation/slice-expression.ts";
import type { ModelRule } from "./rule.ts";

export const behavioursAreWhole: ModelRule = (model, report) => {
  const seen = new Set<string>();
  model.behaviours.forEach((behaviour, index) => {
    const at = (key: string | null, message: string, hint: string) =>
      report({ path: key === null ? ["behaviours", index] : ["behaviours", index, key], message, hint });
    if (seen.has(behaviour.id)) at("id", `is there twice: \`${behaviour.id}\``, "give one of them an id of its own");
    seen.add(behaviour.id);
    const { kind, change, expect, cases } = behaviour;
    const direction = expect === "increase" || expect === "decrease";
    if (kind !== "minimum-functionality" && Object.keys(change ?? {}).length === 0)
      at(null, `says no \`change\`, which \`${kind}\` is about`, "add `change: { COLUMN: VALUE }`");
    if (kind === "minimum-functionality" && change !== undefined)
      at("change", "goes with `invariance` and `directional`", "remove it, or choose another `kind`");
    if (kind === "directional" && !direction)
      at(null, "says no direction", "add `expect: increase` or `expect: decrease`");
    if (kind === "invariance" && expect !== undefined)
      at("expect", "has no meaning for `invariance`: the prediction must stay", "remove it");
    if (kind === "minimum-functionality" && direction)
      at("expect", "goes with `directional`", "say `label`, `{ class: … }` or `{ between: [low, high] }`");
    if (kind === "minimum-functionality" && expect === undefined && !cases?.every((one) => one.expect !== undefined))
      at(null, "does not say what is expected", "add `expect`, or one for every case");
    if (cases !== undefined && expect === "label")
      at("expect", "cases have no label", "say `{ class: … }` or `{ between: [low, high] }`");
    if (kind !== "minimum-functionality" && cases?.some((one) => one.expect !== undefined))
      at("cases", "have an `expect` of their own, which only `minimum-functionality` reads", "remove it");
    if (cases !== undefined && behaviour.where !== undefined)
      at("where", "chooses evaluation rows, and there are `cases`", "remove one of them");
    const answers = [expect, ...(cases ?? []).map((one) => one.expect)];
    const asksNumber = kind === "directional" || answers.some((one) => typeof one === "object" && "between" in one);
    if (model.task === "multiclass" && behaviour.class === undefined && asksNumber)
      at(null, "does not say whose probability is meant", "add `class: NAME`");
    if (model.task !== undefined && model.task !== "multiclass" && behaviour.class !== undefined)
      at("class", "goes with `task: multiclass`", "remove it");
    const decides = model.task === undefined || model.task === "binary" || model.task === "multiclass";
    if (!decides && answers.some((one) => typeof one === "object" && "class" in one))
      at("expect", `names a class, and the task is ${model.task}`, "say `{ between: [low, high] }`");
    for (const column of Object.keys(change ?? {})) {
      if (column === model.label || column === model.id)
        at("change", `changes \`${column}\`, which the model does not see`, "change an input");
    }
    if (behaviour.where !== undefined)
      tryReading(
        () => parseWhere(behaviour.where ?? ""),
        (message) => at("where", message, "write it as a slice: `age >= 65 and plan = basic`"),
      );
  });
};

export const explanationMakesSense: ModelRule = (model, report) => {
  const { metric, columns } = typeof model.explain === "object" ? model.explain : {};
  columns?.forEach((column, index) => {
    if (column !== model.label && column !== model.id) return;
    report({
      path: ["explain", "columns", index],
      message: `is \`${column}\`, which the model does not see`,
      hint: "name an input",
    });
  });
  if (metric === undefined) return;
  tryReading(
    () => {
      const { tasks, id } = parseMetric(metric).metric;
      if (model.task !== undefined && tasks.length > 0 && !tasks.includes(model.task))
        throw new InputError(`\`${id}\` is not defined for \`task: ${model.task}\``);
    },
    (message) => report({ path: ["explain", "metric"], message, received: metric }),
  );
};

function tryReading(read: () => unknown, tell: (message: string) => void): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    for (const { message } of error.problems) tell(message);
  }
}
