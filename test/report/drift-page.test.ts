// The drift report as a page and as JUnit: what it shows, how large it gets, and that names from data stay text.
import { describe, expect, it } from "vitest";
import { categoryHash } from "../../src/json/digest.ts";
import { pairColumns } from "../../src/monitoring/column-pair.ts";
import { compareProfiles } from "../../src/monitoring/compare-profiles.ts";
import { describeDistribution } from "../../src/monitoring/distribution.ts";
import type { DriftReport } from "../../src/monitoring/drift-report.ts";
import { profileTable } from "../../src/monitoring/profile-table.ts";
import { renderDriftMarkdown, renderDriftText } from "../../src/report/drift.ts";
import { driftPageLimitBytes, renderDriftPage } from "../../src/report/drift-page.ts";
import { countBytes } from "../../src/report/escape.ts";
import { renderJunit } from "../../src/report/junit.ts";
import { listDriftCases } from "../../src/report/junit-cases.ts";
import { createRandom } from "../../src/statistics/rng.ts";
import type { Column, Table } from "../../src/tables/table.ts";

const at = new Date("2026-03-01T12:00:00Z");
const random = createRandom("pages");
const hostile = `<script>alert(1)</script>"'&\u0007\u202e @org`;

function makeTable(names: readonly string[], rows: number, shift: number): Table {
  const columns = names.map((name, i): [string, Column] => [
    name,
    i % 3 === 2
      ? { name, type: "categorical", values: Array.from({ length: rows }, () => `c${random.nextInteger(30)}`) }
      : {
          name,
          type: "numeric",
          values: Float64Array.from({ length: rows }, () => random.nextNormal() + (i % 2) * shift),
        },
  ]);
  return { rows, columns: new Map(columns) };
}

function compare(names: readonly string[], rows: number, shift: number): DriftReport {
  return compareProfiles(profileTable(makeTable(names, rows, 0)), profileTable(makeTable(names, rows, shift)), {
    measures: "all",
  });
}

describe("the drift page", () => {
  it("shows the verdict, every column with its picture, worst first, and how numbers are made", () => {
    const page = renderDriftPage(compare(["a", "moved", "c"], 400, 1), at);
    expect(page).toContain('<h1 class="drift">');
    expect(page.indexOf("moved<small>")).toBeLessThan(page.indexOf("a<small>"));
    expect(page.match(/<svg viewBox="0 0 160 36"/g)).toHaveLength(3);
    expect(page).toContain("How these numbers are made");
    expect(page).toContain("2026-03-01 12:00 UTC");
  });

  it("shows the rows as a whole, groups, learned thresholds and importance; JUnit has a case for the rows as a whole", () => {
    const plain = compare(["a", "b"], 400, 0);
    expect(renderDriftPage(plain, at)).not.toContain("rows as a whole");
    const report: DriftReport = {
      ...plain,
      groupedBy: "customer",
      referenceWindows: 9,
      importance: { driftedShare: 0.4, threshold: 0.25 },
      columns: plain.columns.map((column) => ({ ...column, learnedEffect: 0.17, threshold: 0.17 })),
      multivariate: {
        outcome: "drift",
        reason: `told apart by ${hostile}`,
        rows: { reference: 3000, current: 2000 },
        units: { reference: 3000, current: 2000 },
        features: 2,
        classifier: { area: 0.61, pValue: 0.001, adjustedPValue: 0.002, permutations: 999, effect: 0.3, terms: [] },
        reconstruction: null,
        embeddings: [],
        drivers: [{ name: hostile, lostArea: 0.08 }],
      },
    };
    const page = renderDriftPage(report, at);
    expect(page).toContain("The rows as a whole: drift");
    expect(page).toContain("an area of 0.610");
    expect(page).toContain("&lt;script&gt;alert(1)");
    expect(page).not.toContain("<script");
    expect(page).toContain("Rows of one customer depend on each other");
    expect(page).toContain("learned from 9 reference windows for 2 columns: up to 17.0 points");
    expect(page).toContain("carry 40 % of the importance");
    const failed = listDriftCases(report).filter(({ outcome }) => outcome === "failed");
    expect(failed.map(({ name, group }) => [name, group])).toEqual([["rows as a whole", "drift.multivariate"]]);
  });

  it("lets no name become markup, and forbids scripts", () => {
    const page = renderDriftPage(compare([hostile], 300, 0), at);
    for (const bad of ["<script", "\u0007", "\u202e"]) expect(page).not.toContain(bad);
    expect(page).toContain("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp; @org");
    expect(page).toContain("default-src 'none'");
  });

  it("names categories where names were read, as text that cannot become markup", () => {
    const values = (share: number): readonly string[] =>
      Array.from({ length: 300 }, (_, i) => (i < 300 * share ? hostile : i < 290 ? "basic" : "rare"));
    const side = (share: number) =>
      profileTable({
        rows: 300,
        columns: new Map([["plan", { name: "plan", type: "categorical", values: values(share) }]]),
      });
    const names = new Map([["plan", new Map([hostile, "basic"].map((name) => [categoryHash(name), name]))]]);
    const report = compareProfiles(side(0.2), side(0.6), { names });
    expect(report.columns[0]?.distribution.names).toEqual(["basic", hostile, null]);
    const page = renderDriftPage(report, at);
    expect(page).not.toContain("<script");
    expect(page).toContain("<title>basic: 76.7 % → 36.7 %</title>");
    expect(page).toContain("<td>basic</td><td>76.7 %</td><td>36.7 %</td>");
    expect(page).toMatch(
      /aria-label="plan: most of the reference, 76.7 % basic; most of the current data, 60.0 % &lt;script/,
    );
    const nameless = renderDriftPage(compareProfiles(side(0.2), side(0.6)), at);
    expect(nameless).not.toContain("basic");
    expect(nameless).toContain("76.7 % in category 1 of 3");
  });

  it("tells of columns that go together otherwise, and of characters", () => {
    const plain = compare(["a", "b"], 400, 0);
    expect(renderDriftPage(plain, at)).not.toContain("go together otherwise");
    const changed = [{ x: hostile, y: "b", reference: 0.8, current: -0.1 }];
    const report = { ...plain, correlations: { pairs: 3, changed } };
    for (const text of [renderDriftPage(report, at), renderDriftMarkdown(report), renderDriftText(report)]) {
      expect(text).toMatch(/go together otherwise/);
      expect(text).toMatch(/0\.80/);
      expect(text).toMatch(/-0\.10/);
    }
    expect(renderDriftPage(report, at)).not.toContain("<script");
  });

  it("of 1,000 columns stays under a megabyte with a picture of each; of 5,000 with the worst", {
    timeout: 60_000,
  }, () => {
    const few = compare(
      Array.from({ length: 50 }, (_, i) => `feature_with_a_long_name_${i}`),
      250,
      1,
    );
    const repeat = (times: number): DriftReport => ({
      ...few,
      columns: Array.from({ length: times }, () => few.columns).flat(),
    });
    const thousand = renderDriftPage(repeat(20), at);
    expect(countBytes(thousand)).toBeLessThan(driftPageLimitBytes);
    expect(thousand.match(/<svg viewBox="0 0 160 36"/g)).toHaveLength(1000);
    const many = renderDriftPage(repeat(100), at);
    expect(countBytes(many)).toBeLessThan(driftPageLimitBytes);
    expect(many).toMatch(/and 4,200 columns more/);
  });
});

describe("the distribution of a picture", () => {
  const picture = (reference: readonly number[], current: readonly number[]) => {
    const profile = (values: readonly number[]) => {
      const column = { name: "x", type: "numeric", values: Float64Array.from(values) } as const;
      const [found] = profileTable({ rows: values.length, columns: new Map([["x", column]]) }).columns;
      if (!found) throw new Error("no column");
      return found;
    };
    return describeDistribution(pairColumns(profile(reference), profile(current)));
  };

  it("has shares that add up to one on both sides, infinities and outliers in the outer cells", () => {
    const values = Array.from({ length: 999 }, (_, i) => i % 100);
    const { edges, reference, current } = picture([...values, Number.NEGATIVE_INFINITY], [...values, 1e300]);
    expect(edges).toHaveLength(21);
    expect(edges?.[0]).toBeGreaterThanOrEqual(0);
    expect(edges?.at(-1)).toBeLessThanOrEqual(99);
    for (const side of [reference, current]) expect(side.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 2);
  });

  it("of one value is one cell; of no value is empty; an empty side is zero", () => {
    expect(picture([3, 3, 3], [3])).toMatchObject({ edges: [3, 3], reference: [1], current: [1] });
    expect(picture([], [])).toMatchObject({ edges: [], reference: [], current: [] });
    expect(picture([1, 2], []).current.every((share) => share === 0)).toBe(true);
  });
});

describe("JUnit", () => {
  it("counts drift as failures and what could not be told as skipped, never as passed", () => {
    const report = compare(["same", "moved"], 400, 1);
    const xml = renderJunit("drift", listDriftCases(report), at);
    expect(xml).toContain('tests="2" failures="1" errors="0"');
    expect(xml).toMatch(/<testcase classname="drift.numeric" name="moved"><failure message="drift: .*points/);
    const few = renderJunit("drift", listDriftCases(compare(["x"], 30, 0)), at);
    expect(few).toContain('failures="0" errors="0" skipped="1"');
    expect(few).toContain("<skipped");
  });

  it("is XML whatever the names are", () => {
    const xml = renderJunit("drift", listDriftCases(compare([hostile], 300, 0)), at);
    expect(xml).toContain('name="&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp; @org"');
    expect(xml).not.toContain("\u0007");
  });
});
