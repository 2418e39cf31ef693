// Rules about columns: what is predicted must not be an input.
import type { ModelRule } from "./rule.ts";

export const labelIsNotAnInput: ModelRule = (model, report) => {
  const index = model.features?.indexOf(model.label ?? "\u0000") ?? -1;
  if (index < 0) return;
  report({
    path: ["features", index],
    message: `is the label: a model that sees \`${model.label}\` predicts it perfectly and learns nothing`,
    hint: "remove it from `features`",
  });
};

export const labelHasOneRole: ModelRule = (model, report) => {
  for (const role of ["id", "group", "time"] as const) {
    if (model.label !== undefined && model[role] === model.label) {
      report({
        path: [role],
        message: "is the same column as `label`",
        expected: "a column of its own",
        received: model.label,
      });
    }
  }
};

/** A row key as an input lets a model memorise rows. */
export const idIsNotAnInput: ModelRule = (model, report) => {
  const index = model.id === undefined ? -1 : (model.features?.indexOf(model.id) ?? -1);
  if (index < 0) return;
  report({
    path: ["features", index],
    message: "is the row key (`id`): a model can only memorise it",
    hint: "remove it from `features`",
  });
};

export const namesAreNotRepeated: ModelRule = (model, report) => {
  const lists = {
    features: model.features ?? [],
    paths: model.paths ?? [],
    slices: model.slices.map((slice) =>
      typeof slice === "string" ? slice : (slice.name ?? ("columns" in slice ? slice.columns.join(", ") : "")),
    ),
    metrics: (model.metrics ?? []).map((metric) => (typeof metric === "string" ? metric.trim() : metric.id)),
  };
  for (const [list, names] of Object.entries(lists)) {
    const seen = new Set<string>();
    names.forEach((name, index) => {
      if (seen.has(name))
        report({ path: [list, index], message: "is there twice", received: name, hint: "remove one" });
      seen.add(name);
    });
  }
};

/** Rows are drawn by group or by time, not by both. */
export const blocksOrGroups: ModelRule = (model, report) => {
  if (model["block-length"] === undefined || model.group === undefined) return;
  report({
    path: ["block-length"],
    message: "means nothing beside `group`: groups are resampled whole",
    hint: "remove one of the two",
  });
};
