import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InputError } from "../../src/errors.ts";
import { parseGate, parseGates } from "../../src/evaluation/gate-grammar.ts";

describe("a gate is read", () => {
  test.each([
    ["roc_auc >= 0.80", { id: "roc_auc >=", relation: "at-least", amount: { kind: "absolute", value: 0.8 } }],
    ["roc_auc drop <= 0.5pp", { id: "roc_auc drop", relation: "drop", amount: { kind: "absolute", value: 0.005 } }],
    ["roc_auc drop ≤ 0.5 pp at 99%", { relation: "drop", confidence: 0.99 }],
    ["latency_p50 rise <= 5%", { relation: "rise", amount: { kind: "relative", value: 0.05 } }],
    ["latency_p99 <= 20 ms", { relation: "at-most", amount: { kind: "absolute", value: 0.02 } }],
    ["size <= 2MiB", { amount: { kind: "absolute", value: 2097152 } }],
    ["memory rise <= 3MB", { amount: { kind: "absolute", value: 3e6 } }],
    ["log_loss rise <= 0.01", { relation: "rise", amount: { kind: "absolute", value: 0.01 } }],
    ["f1(average=macro)[plan=*] drop <= 3pp", { id: "f1(average=macro)[plan=*] drop" }],
    ["accuracy gain >= 10% of baseline", { relation: "gain", amount: { kind: "relative", value: 0.1 } }],
    ["accuracy[worst] drop <= 5pp", { slice: { kind: "worst" } }],
    ["accuracy[seniors] drop <= 5pp", { slice: { kind: "named", name: "seniors" } }],
    ["accuracy >= 0.9 at 95%", { relation: "at-least", confidence: 0.95 }],
    ["recall_at_fpr(fpr=0.05) >= 0.5", { id: "recall_at_fpr(fpr=0.05) >=" }],
  ])("%s", (rule, expected) => expect(parseGate(rule)).toMatchObject(expected));

  test("conditions of a slice keep numbers, words, strings and stars apart", () => {
    const gate = parseGate('recall[plan=basic, age>=65, "home town"="New York, NY", region=*] drop <= 2% of baseline');
    expect(gate.slice).toEqual({
      kind: "conditions",
      conditions: [
        { column: "plan", operator: "=", value: "basic" },
        { column: "age", operator: ">=", value: 65 },
        { column: "home town", operator: "=", value: "New York, NY" },
        { column: "region", operator: "=", value: null },
      ],
    });
    expect(gate.amount).toEqual({ kind: "relative", value: 0.02, written: "2% of baseline" });
  });

  test("the long form names, softens and narrows it", () => {
    const gate = parseGate({
      rule: "f1 drop <= 1pp",
      id: "quality",
      severity: "warn",
      minRows: 200,
      against: "staging",
    });
    expect(gate).toMatchObject({ id: "quality", severity: "warn", minRows: 200, against: "staging" });
  });
});

describe("a gate that makes no sense is refused with the place and the fix", () => {
  test.each([
    ["roc_auk >= 0.8", 1, "not known", "did you mean roc_auc?"],
    ["constructor >= 0.8", 1, 'the metric "constructor" is not known', ""],
    ["| @org/team </details> >= 1", 1, "a metric is missing", ""],
    ["roc_auc rise <= 1pp", 8, "harmless direction (higher is better)", "drop <="],
    ["log_loss drop <= 0.1", 9, "harmless direction (lower is better)", "rise <="],
    ["roc_auc <= 0.8", 8, "harmless direction", "roc_auc >="],
    ["roc_auc drop >= 1pp", 8, "asks for harm", "drop <="],
    ["roc_auc gain <= 1pp", 8, "asks for harm", "gain >="],
    ["recall drop <= 2%", 16, "a bare % is ambiguous", "2% of baseline (relative), or 2pp (points)"],
    ["roc_auc >= 80%", 12, "an absolute gate takes no percentage", "write 0.8"],
    ["latency_p50 rise <= 5pp", 21, '"pp" does not fit latency_p50', "ms, s or min"],
    ["latency_p50 <= 5", 16, "needs a unit", "ms, s or min"],
    ["roc_auc drop <= 5ms", 17, '"ms" does not fit roc_auc', "points such as 1pp"],
    ["size <= 3 parsec", 10, '"parsec" is not a unit', "MiB"],
    ["roc_auc drop <= -1pp", 17, "a margin is not negative", ""],
    ["roc_auc drop <= 150pp", 17, "no change of roc_auc reaches this margin", ""],
    ["roc_auc >= 80", 12, "lives in [0, 1], so 80 says nothing", "80 per cent is 0.8"],
    ["brier_score <= 25", 16, "lives in [0, 1], so 25 says nothing", "25 per cent is 0.25"],
    ["roc_auc >= 101pp", 12, "so 1.01 says nothing", "between 0 and 1"],
    ["roc_auc >= -0.1", 12, "so -0.1 says nothing", "between 0 and 1"],
    ["mae rise <= 1", 1, "not known", "did you mean mean_absolute_error?"],
    ["auc drop <= 1pp", 1, "not known", "did you mean roc_auc?"],
    ["roc_auc drop <= 0.01 at 40%", 21, "between 50% and 100%", ""],
    ["roc_auc drop <=", 16, "a number is missing", "0.5pp"],
    ["roc_auc drop <= NaN", 16, "a number is missing", ""],
    ["roc_auc", 8, "a relation is missing", ">="],
    ["roc_auc == 0.8", 9, "a relation is missing", ">="],
    ["roc_auc[] drop <= 1pp", 8, "the slice is empty", ""],
    ["roc_auc[plan=basic drop <= 1pp", 25, "", ""],
    ["roc_auc[plan>basic] >= 0.5", 13, "compares with a number or a date", ""],
    ["latency_p50[plan=basic] rise <= 5%", 12, "has no slices", ""],
    ["f1(averag=macro) drop <= 1pp", 3, "averag", ""],
    ["roc_auc drop <= 1pp please", 20, "something is left over", ""],
    ["expected_calibration_error rise <= 1pp", 1, "no interval that could be trusted", "brier_score"],
    ["max_error <= 3 at 95%", 1, "no interval that could be trusted", "root_mean_squared_error"],
  ])("%s", (rule, column, message, fix) => {
    const error = catchInput(() => parseGate(rule));
    const [problem] = error.problems;
    expect(problem.message).toContain(message);
    expect(problem.column).toBe(column);
    expect([problem.expected, problem.hint, problem.message].join(" ")).toContain(fix);
  });

  test("an absolute gate on a metric without an interval is fine", () => {
    expect(parseGate("expected_calibration_error <= 0.05").relation).toBe("at-most");
  });

  test("all problems of a list come together, with their index", () => {
    const { gates, problems } = parseGates(["roc_auc >= 0.8", "nope >= 1", "roc_auc >= 0.9", "roc_auc rise <= 1pp"]);
    expect(gates).toHaveLength(2);
    expect(problems.map(({ key }) => key)).toEqual(["gates[1]", "gates[2]", "gates[3]"]);
  });

  test("whatever is written, it is a gate or an InputError", () => {
    const piece = fc.constantFrom(
      "roc_auc",
      "drop",
      "<=",
      ">=",
      "[",
      "]",
      "(",
      ")",
      "=",
      "%",
      "pp",
      "1",
      ",",
      "*",
      "at",
      " ",
      '"',
      "x",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece).map((parts) => parts.join("")),
        ),
        (rule) => {
          try {
            return parseGate(rule).rule === rule.trim();
          } catch (error) {
            return error instanceof InputError;
          }
        },
      ),
      { seed: 1, numRuns: 500 },
    );
  });
});

function catchInput(run: () => unknown): InputError {
  try {
    run();
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}
