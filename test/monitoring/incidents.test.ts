// From findings to a decision: warn first, retrain when it stays, roll back what is wrong now; like season with like.
import { describe, expect, it } from "vitest";
import { compareProfiles } from "../../src/monitoring/compare-profiles.ts";
import { findDataFaults } from "../../src/monitoring/data-faults.ts";
import type { Finding, PastCheck } from "../../src/monitoring/findings.ts";
import { decideIncident } from "../../src/monitoring/incidents.ts";
import { checkPerformance, describePerformance, type WatchedMetric } from "../../src/monitoring/performance.ts";
import { profileTable } from "../../src/monitoring/profile-table.ts";
import { pickEarlierWindow, pickSeasonalWindows } from "../../src/monitoring/seasons.ts";
import { createRandom } from "../../src/statistics/rng.ts";

const random = createRandom("incidents");
const makeProfile = (values: readonly number[]) =>
  profileTable({
    rows: values.length,
    columns: new Map([["temp", { name: "temp", type: "numeric" as const, values: Float64Array.from(values) }]]),
  });
const celsius = (rows: number, shift = 0): number[] =>
  Array.from({ length: rows }, () => 9 + shift + 4 * random.nextNormal());
const reference = makeProfile(celsius(400));
const drifted = compareProfiles(reference, makeProfile(celsius(200, 4)));
const calm = compareProfiles(reference, makeProfile(celsius(200)));

const window = { from: "2014-12-01", to: "2015-02-28" };
const past = (to: string, kinds: PastCheck["kinds"], decision: PastCheck["decision"] = "warn"): PastCheck => ({
  window: { from: "2014-12-01", to },
  decision,
  kinds,
  streak: 1,
});
const base = { window, drift: drifted, findings: [], history: [], recentSeconds: null };

describe("decisions", () => {
  it("the first drifted window warns", () => {
    expect(decideIncident(base)).toMatchObject({ decision: "warn", streak: 1 });
  });
  it("drift in two of the last three windows retrains, also with a calm one between", () => {
    const january = past("2015-01-31", ["drift"]);
    expect(decideIncident({ ...base, history: [january] })).toMatchObject({ decision: "retrain", streak: 2 });
    const ok = past("2015-02-15", [], "ok");
    expect(decideIncident({ ...base, history: [ok, january] })).toMatchObject({ decision: "retrain", streak: 1 });
    expect(decideIncident({ ...base, history: [ok, past("2015-02-10", [], "ok"), january] }).decision).toBe("warn");
  });
  it("a check of the same window again is the same check", () => {
    expect(decideIncident({ ...base, history: [past("2015-02-28", ["drift"])] }).decision).toBe("warn");
  });
  it("a window that ended long ago is not one of the last three", () => {
    const old = { ...base, history: [past("2014-06-30", ["drift"])], recentSeconds: 60 * 86_400 };
    expect(decideIncident(old).decision).toBe("warn");
  });
  it("a data fault or a drop of performance rolls back at once, whatever drifted", () => {
    for (const kind of ["data", "performance"] as const) {
      const fault: Finding = { kind, subject: "temp", severity: "critical", summary: "wrong", value: 1, threshold: 0 };
      const decided = decideIncident({ ...base, findings: [fault], history: [past("2015-01-31", ["drift"])] });
      expect(decided).toMatchObject({ decision: "rollback", reason: "wrong" });
      expect(decided.findings[0]).toBe(fault);
    }
  });
  it("nothing found is ok; notices decide nothing", () => {
    const notice: Finding = {
      kind: "performance",
      subject: "auc",
      severity: "notice",
      summary: "",
      value: 0,
      threshold: 0,
    };
    expect(decideIncident({ ...base, drift: calm, findings: [notice] })).toMatchObject({ decision: "ok", streak: 0 });
  });
});

describe("faults of the data", () => {
  const faultsOf = (values: readonly number[]) => findDataFaults(reference, makeProfile(values));
  it("degrees Fahrenheit are recognised", () => {
    const [fault] = faultsOf(celsius(200).map((value) => value * 1.8 + 32));
    expect(fault).toMatchObject({ kind: "data", subject: "temp", severity: "critical" });
    expect(fault?.summary).toContain("Fahrenheit instead of Celsius");
  });
  it("so is a factor of a thousand", () => {
    expect(faultsOf(celsius(200).map((value) => value * 1000))[0]?.summary).toContain("1000 times as large");
  });
  it("a warm winter is drift and no fault", () => {
    expect(faultsOf(celsius(200, 4))).toEqual([]);
  });
  it("impossible values, a column that is gone, one that is empty", () => {
    const broken = celsius(200).map((value, i) => (i % 10 === 0 ? -999 : value));
    expect(faultsOf(broken)[0]?.summary).toMatch(/10 % of the values of temp are far out/);
    expect(findDataFaults(reference, { rows: 5, columns: [] })[0]?.summary).toContain("no longer in the data");
    expect(faultsOf(Array(100).fill(Number.NaN))[0]?.summary).toContain("is missing in 100 %");
  });
});

describe("labelled performance", () => {
  const metric = (value: number | null, low: number, high: number, rows = 500): WatchedMetric => ({
    metric: "roc_auc",
    direction: "higher",
    rows,
    value,
    interval: value === null ? null : [low, high],
  });
  const evaluated = metric(0.87, 0.84, 0.9);
  it("is a drop only when even the best end is below the evaluation's worst", () => {
    const check = checkPerformance(evaluated, metric(0.7, 0.65, 0.75));
    expect(check.outcome).toBe("drop");
    expect(describePerformance(check)).toMatchObject({ kind: "performance", severity: "critical", threshold: 0.84 });
    expect(checkPerformance(evaluated, metric(0.8, 0.72, 0.88)).outcome).toBe("inconclusive");
    expect(checkPerformance(evaluated, metric(0.86, 0.8, 0.92)).outcome).toBe("kept");
  });
  it("knows that a loss is worse when it is higher", () => {
    const loss = { ...metric(0.3, 0.28, 0.32), direction: "lower" as const };
    expect(checkPerformance(loss, { ...loss, value: 0.5, interval: [0.45, 0.55] }).outcome).toBe("drop");
    expect(checkPerformance(loss, { ...loss, value: 0.1, interval: [0.05, 0.15] }).outcome).toBe("kept");
  });
  it("few rows or no value are insufficient, never kept", () => {
    expect(checkPerformance(evaluated, metric(0.9, 0.8, 1, 49)).outcome).toBe("insufficient");
    expect(checkPerformance(evaluated, metric(null, 0, 0)).outcome).toBe("insufficient");
    expect(describePerformance(checkPerformance(evaluated, metric(null, 0, 0)))).toBeNull();
  });
});

describe("seasons", () => {
  it("are the same days of earlier years, newest first, cut at the beginning of the data", () => {
    expect(pickSeasonalWindows(window, "2012-01-01")).toEqual([
      { from: "2013-12-01", to: "2014-02-28" },
      { from: "2012-12-01", to: "2013-02-28" },
      { from: "2012-01-01", to: "2012-02-28" },
    ]);
  });
  it("widened never reach into the window", () => {
    const [first] = pickSeasonalWindows({ from: "2014-02-01", to: "2014-12-30" }, "2012-01-01", 60);
    expect(first).toEqual({ from: "2012-12-03", to: "2014-01-31" });
  });
  it("29 February is the 28th elsewhere; a year or longer has no season", () => {
    expect(pickSeasonalWindows({ from: "2016-02-29", to: "2016-02-29" }, "2015-01-01")).toEqual([
      { from: "2015-02-28", to: "2015-02-28" },
    ]);
    expect(pickSeasonalWindows({ from: "2015-01-01", to: "2015-12-31" }, "2012-01-01")).toHaveLength(3);
    expect(pickSeasonalWindows({ from: "2015-01-01", to: "2016-12-31" }, "2012-01-01")).toEqual([]);
    expect(pickEarlierWindow(window)).toEqual({ to: "2014-11-30" });
  });
});
