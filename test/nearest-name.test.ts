// "Did you mean …?"
import { expect, it } from "vitest";
import { findNearestName } from "../src/nearest-name.ts";

it.each<[string, readonly string[], string | undefined]>([
  ["lable", ["label", "table"], "label"],
  ["roc_auk", ["roc_auc", "accuracy"], "roc_auc"],
  ["ROC_AUC", ["roc_auc"], "roc_auc"],
  ["severty", ["rule", "severity"], "severity"],
  ["x", ["label"], undefined],
  ["", ["a"], "a"],
  ["mae", ["max_error", "mean_absolute_error"], "mean_absolute_error"],
  ["auc", ["accuracy_x", "roc_auc"], "roc_auc"],
  ["accuracy_score", ["recall", "accuracy"], "accuracy"],
  ["a", ["a_b", "b_a_c"], undefined],
  ["zzzz", [], undefined],
  ["a".repeat(5000), ["a"], undefined],
])("%s of %j means %s", (name, known, expected) => {
  expect(findNearestName(name, known)).toBe(expected);
});
