// Rules about stages and what points at them.
import { valid as isSemver } from "semver";
import { findNearestName } from "../../nearest-name.ts";
import { defaultStages } from "../resolve-stages.ts";
import type { ModelFile } from "../schema.ts";
import type { ModelRule, Report } from "./rule.ts";

export const stageNamesAreDistinct: ModelRule = (model, report) => {
  const seen = new Set<string>();
  (model.stages ?? []).forEach((stage, index) => {
    if (seen.has(stage.name)) {
      report({ path: ["stages", index, "name"], message: "names a stage that is there already", received: stage.name });
    }
    seen.add(stage.name);
  });
};

/** A stage name may not look like a version: `rain@1.0.0` must mean one thing. */
export const stageNamesAreNotVersions: ModelRule = (model, report) => {
  (model.stages ?? []).forEach((stage, index) => {
    if (isSemver(stage.name) !== null || stage.name === "base-branch") {
      report({
        path: ["stages", index, "name"],
        message: "cannot name a stage",
        expected: "a word such as `staging`, not a version and not `base-branch`",
        received: stage.name,
      });
    }
  });
};

/** `promotes-from` names a stage further up, so promotion has one direction and no circle. */
export const promotionGoesForward: ModelRule = (model, report) => {
  const names = (model.stages ?? []).map((stage) => stage.name);
  (model.stages ?? []).forEach((stage, index) => {
    const from = stage["promotes-from"];
    if (from === undefined || names.slice(0, index).includes(from)) return;
    const known = names.includes(from);
    const nearest = findNearestName(from, names.slice(0, index));
    report({
      path: ["stages", index, "promotes-from"],
      message: known ? "names a stage that does not come before this one" : "names a stage that does not exist",
      expected: index === 0 ? "nothing: this is the first stage" : `one of ${names.slice(0, index).join(", ")}`,
      received: from,
      hint: nearest
        ? `did you mean \`${nearest}\`?`
        : known
          ? "put the stages in the order of promotion"
          : "add the stage above this one",
    });
  });
};

/** A stage that asks for the holdout needs one to ask. */
export const holdoutIsThere: ModelRule = (model, report) => {
  if (model.data?.holdout !== undefined) return;
  (model.stages ?? []).forEach((stage, index) => {
    if (!stage.requires?.includes("holdout")) return;
    report({
      path: ["stages", index, "requires"],
      message: "asks for a holdout, and the model has none",
      expected: "`holdout:` under `data` of the model",
      hint: "name rows that no pull request sees, or leave `requires` out",
    });
  });
};

/** A stage that asks for gates that were passed needs a model that has some. */
export const gatesAreThere: ModelRule = (model, report) => {
  if (model.gates.length > 0) return;
  (model.stages ?? []).forEach((stage, index) => {
    if (!stage.requires?.includes("gates")) return;
    report({
      path: ["stages", index, "requires"],
      message: "asks for gates, and the model has none",
      expected: "`gates:` of the model",
      hint: "write the rules that a version has to pass, or leave `gates` out here",
    });
  });
};

export const baselineExists: ModelRule = (model, report) => {
  if (model.baseline === undefined) return;
  checkStageOrVersion(model, model.baseline, ["baseline"], ["base-branch"], report);
};

export const gatesCompareWithSomethingThatExists: ModelRule = (model, report) => {
  model.gates.forEach((gate, index) => {
    if (typeof gate === "string" || gate.against === undefined) return;
    checkStageOrVersion(model, gate.against, ["gates", index, "against"], [], report);
  });
};

function checkStageOrVersion(
  model: ModelFile,
  value: string,
  path: readonly (string | number)[],
  words: readonly string[],
  report: Report,
): void {
  const names = [...(model.stages ?? defaultStages).map((stage) => stage.name), ...words];
  if (names.includes(value) || isSemver(value) === value) return;
  const nearest = findNearestName(value, names);
  report({
    path,
    message: "is neither a stage nor a version",
    expected: `one of ${names.join(", ")}, or a version such as 1.2.0`,
    received: value,
    ...(nearest ? { hint: `did you mean \`${nearest}\`?` } : {}),
  });
}
