// Numbers as people read them.
import { describe, expect, it } from "vitest";
import {
  chooseDecimals,
  chooseUnit,
  renderAbout,
  renderCount,
  renderDifference,
  renderInterval,
  renderNumber,
  renderPercent,
  renderPlural,
} from "../../src/report/numbers.ts";

describe("rounding follows the interval", () => {
  it.each<[[number, number] | null, number, number]>([
    [[-0.283, -0.173], 0.645, 3],
    [[-0.11, 0.05], 0.78, 2],
    [[-0.0011, 0.0019], 0.9135, 4],
    [[-12, 30], 480, 0],
    [[0, 0], 0.8732, 3],
    [null, 0.8732, 3],
    [null, 48_201, 0],
    [null, 0, 3],
    [[Number.NaN, 1], 0.5, 3],
    [[-1e-12, 1e-12], 0.5, 6],
  ])("interval %j of a value %d bears %d decimals", (interval, value, decimals) => {
    expect(chooseDecimals(interval, value)).toBe(decimals);
  });
});

describe("signs", () => {
  it.each<[number | null, string, string]>([
    [-0.2281, "−0.228", "−0.228"],
    [0.2281, "0.228", "+0.228"],
    [0, "0.000", "0.000"],
    [-0, "0.000", "0.000"],
    [-0.0001, "0.000", "0.000"],
    [1_234_567.5, "1,234,567.500", "+1,234,567.500"],
    [null, "–", "–"],
    [Number.NaN, "–", "–"],
    [Number.POSITIVE_INFINITY, "–", "–"],
  ])("%d", (value, plain, signed) => {
    expect(renderNumber(value, 3)).toBe(plain);
    expect(renderDifference(value, 3)).toBe(signed);
  });

  it("intervals show a sign at both ends", () => {
    expect(renderInterval([-0.11, 0.05], 2, true)).toBe("−0.11 … +0.05");
  });
});

it("counts, shares and plurals", () => {
  expect(renderCount(48_201)).toBe("48,201");
  expect(renderAbout(1873)).toBe("~1,900");
  expect(renderAbout(7)).toBe("~7");
  expect(renderAbout(2e12)).toBe("more than a billion");
  expect(renderPercent(0.95)).toBe("95 %");
  expect(renderPercent(0.999)).toBe("99.9 %");
  expect(renderPlural(1, "gate")).toBe("1 gate");
  expect(renderPlural(0, "gate")).toBe("0 gates");
});

it.each([
  ["latency_p50", 10.9e-6, " µs"],
  ["latency_p99", 0.0031, " ms"],
  ["latency_p50", 61, " min"],
  ["size", 1204, " kB"],
  ["memory", 58e6, " MB"],
  ["roc_auc", 0.8, ""],
])("%s of %d is shown in%s", (metric, value, symbol) => {
  expect(chooseUnit(metric, value).symbol).toBe(symbol);
});
