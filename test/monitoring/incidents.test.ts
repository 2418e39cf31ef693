import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decideIncident, type EarlierCheck, type Finding } from "../../src/monitoring/incidents.ts";
import { endWindowAt, listSeasons } from "../../src/monitoring/seasons.ts";

const drift: Finding = {
  kind: "drift",
  subject: "temp_max",
  severity: "warning",
  summary: "temp_max moved.",
  value: 0.24,
  threshold: 0.1,
};
const fault: Finding = { ...drift, kind: "data", severity: "critical", summary: "temp_max is out of bounds." };
const before: EarlierCheck = { decision: "warn", kinds: ["drift"], to: "2015-01-31" };
const situation = { findings: [drift], earlier: [], to: "2015-02-28", lastGoodVersion: "1.0.0", canRetrain: true };

describe("decideIncident", () => {
  test("the first drifted check warns, the second in a row retrains", () => {
    expect(decideIncident(situation)).toMatchObject({ decision: "warn", streak: 1 });
    expect(decideIncident({ ...situation, earlier: [before] })).toMatchObject({ decision: "retrain", streak: 2 });
  });

  test("the same data looked at twice is one check", () => {
    const earlier = [{ ...before, to: "2015-02-28" }];
    expect(decideIncident({ ...situation, earlier })).toMatchObject({ decision: "warn", streak: 1 });
  });

  test("a quiet check between two drifted ones breaks the row", () => {
    const quiet: EarlierCheck = { decision: "ok", kinds: [], to: "2015-02-14" };
    expect(decideIncident({ ...situation, earlier: [quiet, before] })).toMatchObject({ decision: "warn", streak: 1 });
  });

  test("without newer rows a second drift is a warning, not an empty pull request", () => {
    expect(decideIncident({ ...situation, earlier: [before], canRetrain: false })).toMatchObject({ decision: "warn" });
  });

  test("broken data or proven loss proposes the rollback and names the last good version", () => {
    const decided = decideIncident({ ...situation, findings: [drift, fault] });
    expect(decided.decision).toBe("rollback");
    expect(decided.reason).toContain("1.0.0");
  });

  test("drift alone never rolls back, and notices decide nothing", () => {
    const kinds = fc.constantFrom<Finding["kind"]>("drift", "data", "performance", "freshness", "anomaly");
    const findings = fc.array(kinds.map((kind): Finding => ({ ...drift, kind, severity: "notice" })));
    fc.assert(
      fc.property(findings, (list) => {
        expect(decideIncident({ ...situation, findings: list }).decision).toBe("ok");
        expect(decideIncident({ ...situation, findings: [...list, drift] }).decision).not.toBe("rollback");
      }),
    );
  });
});

describe("seasons", () => {
  test("a window ends on the newest row's day", () => {
    expect(endWindowAt(Date.parse("2015-02-28T13:00:00Z"), 90)).toEqual({ from: "2014-12-01", to: "2015-02-28" });
    expect(endWindowAt(Date.parse("2015-02-28"), 1)).toEqual({ from: "2015-02-28", to: "2015-02-28" });
  });

  test("the same days of earlier years, cut where the data begins", () => {
    const window = { from: "2014-12-01", to: "2015-02-28" };
    expect(listSeasons(window, Date.parse("2012-01-01"))).toEqual([
      { from: "2013-12-01", to: "2014-02-28" },
      { from: "2012-12-01", to: "2013-02-28" },
      { from: "2012-01-01", to: "2012-02-28" },
    ]);
    expect(listSeasons(window, Date.parse("2014-06-01"))).toEqual([]);
  });

  test("seasons never overlap the window itself", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 900 }), (days) => {
        const window = endWindowAt(Date.parse("2015-06-30"), days);
        for (const season of listSeasons(window, Date.parse("2000-01-01"))) expect(season.to < window.from).toBe(true);
      }),
    );
  });
});
