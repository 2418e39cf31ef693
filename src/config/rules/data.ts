// Rules about where rows come from.
import type { ModelRule } from "./rule.ts";

export const dataHasOneSource: ModelRule = (model, report) => {
  const data = model.data;
  if (data?.source === undefined || data.train === undefined) return;
  report({
    path: ["data", "train"],
    at: "key",
    message: "says a second time where training rows come from",
    expected: "either `source` (with `evaluation` telling rows apart), or `train` and `evaluation`",
    hint: "remove `source` or `train`",
  });
};

export const splitHasSomethingToSplit: ModelRule = (model, report) => {
  const evaluation = model.data?.evaluation;
  if (typeof evaluation !== "object" || "source" in evaluation) return;
  if (model.data?.source === undefined && model.data?.train === undefined) {
    report({
      path: ["data", "evaluation"],
      message: "takes a part of rows, but there is no `source` to take them from",
      hint: "add `source:` under `data`, or give `evaluation` a source of its own",
    });
  }
};

/** A window is a window of time: somebody has to say which column that is. */
export const windowsHaveTime: ModelRule = (model, report) => {
  if (model.time !== undefined) return;
  for (const part of ["train", "evaluation", "holdout"] as const) {
    const source = model.data?.[part];
    if (typeof source !== "object" || !("from" in source || "to" in source)) continue;
    report({
      path: ["data", part],
      message: "selects rows by time, but the model has no `time` column",
      hint: "add `time: COLUMN` to the model",
    });
  }
};

export const windowsAreNotEmpty: ModelRule = (model, report) => {
  for (const part of ["train", "evaluation", "holdout"] as const) {
    const source = model.data?.[part];
    if (typeof source !== "object" || "share" in source) continue;
    if (!("source" in source) && source.from === undefined && source.to === undefined) {
      report({
        path: ["data", part],
        message: "says nothing",
        expected: "`from`, `to`, `share` or `source`",
        received: "an empty map",
      });
    }
    if (source.from !== undefined && source.to !== undefined && source.from > source.to) {
      report({
        path: ["data", part, "to"],
        message: "ends before it begins",
        expected: `${source.from} or later`,
        received: source.to,
      });
    }
  }
};

export const datesExist: ModelRule = (model, report) => {
  for (const part of ["train", "evaluation", "holdout"] as const) {
    const source = model.data?.[part];
    if (typeof source !== "object" || "share" in source) continue;
    for (const end of ["from", "to"] as const) {
      const text = source[end];
      if (text === undefined) continue;
      const [year, month, day] = text.slice(0, 10).split("-").map(Number) as [number, number, number];
      const date = new Date(Date.UTC(year, month - 1, day));
      if (date.getUTCDate() === day && date.getUTCMonth() === month - 1) continue;
      report({ path: ["data", part, end], message: "is a day that no calendar has", received: text });
    }
  }
};
