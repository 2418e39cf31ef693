// The pictures in the details: golden files of what GitHub draws, and bounds on what they may say.
import { describe, expect, it } from "vitest";
import { traceCurves } from "../../src/evaluation/curves.ts";
import { CurvesDocument } from "../../src/evidence/curves-document.ts";
import { renderBlocks } from "../../src/report/blocks.ts";
import { renderPictures } from "../../src/report/pictures.ts";
import { createRandom } from "../../src/statistics/rng.ts";
import { makePair, makePredictions, makeRows } from "../evaluation/example-models.ts";
import { drawChart } from "../github/pages/chart.ts";

const golden = (name: string) => `../golden/pictures/${name}.md`;
const render = (curves: CurvesDocument | null) => `${renderBlocks(renderPictures(curves), 60_000)}\n`;
const read = (curves: ReturnType<typeof traceCurves>) => CurvesDocument.nullable().parse(curves);

describe("pictures", () => {
  it("of two classifiers: ROC, calibration, confusion, each with its numbers", async () => {
    const { rows, baseline, candidate } = makePair("pictures", 600, 0.8, 0.4);
    const text = render(read(traceCurves(rows, candidate, baseline)));
    for (const [, chart] of text.matchAll(/```mermaid\n([\s\S]*?)\n```/g)) {
      expect(drawChart(chart!)).toContain("<polyline");
      // What mermaid's grammar of an xychart takes: quoted titles, ranges and lists of plain numbers.
      for (const line of chart!.split("\n").slice(2))
        expect(line).toMatch(
          /^ {2}(title "[^"]+"|[xy]-axis "[^"]+" -?[\d.]+ --> -?[\d.]+|line \[-?[\d.]+(, -?[\d.]+)*\])$/,
        );
    }
    await expect(text).toMatchFileSnapshot(golden("binary"));
  });

  it("of a regression: residuals, outliers in the outer bins", async () => {
    const random = createRandom("residuals");
    const labels = Array.from({ length: 500 }, () => 100 * random.nextFloat());
    const noisy = (size: number) => makePredictions(labels.map((label) => label + size * random.nextNormal()));
    const worse = noisy(9);
    worse.values[0] = 1e9;
    const curves = traceCurves(makeRows("regression", labels), worse, noisy(6))!;
    expect(curves.candidate.residuals!.edges.at(-1)).toBeLessThan(40);
    expect(curves.candidate.residuals!.counts.reduce((sum, count) => sum + count, 0)).toBe(500);
    await expect(render(read(curves))).toMatchFileSnapshot(golden("regression"));
  });

  it("ROC points are those of the curve: perfect, useless, reversed", () => {
    const labels = Array.from({ length: 40 }, (_, row) => row % 2);
    const rows = makeRows("binary", labels);
    const roc = (score: (label: number) => number) =>
      traceCurves(rows, makePredictions(labels.map(score)), null)!.candidate.roc!;
    expect(roc((label) => label).every((recall) => recall === 1)).toBe(true);
    expect(
      roc(() => 0.5)
        .map((recall, at) => recall - at / 20)
        .every((gap) => Math.abs(gap) < 1e-4),
    ).toBe(true);
    expect(
      roc((label) => 1 - label)
        .slice(0, 20)
        .every((recall) => recall === 0),
    ).toBe(true);
  });

  it("hides what few rows would show", () => {
    const labels = [...Array.from({ length: 30 }, () => 0), 1, 1, 1];
    const { candidate } = traceCurves(
      makeRows("binary", labels),
      makePredictions(labels.map((label) => (label ? 0.95 : 0.05))),
      null,
    )!;
    expect(candidate.roc).toBeNull();
    expect(candidate.calibration!.at(-1)).toEqual({ rows: 3, predicted: null, observed: null });
    expect(traceCurves(makeRows("binary", []), makePredictions([]), null)).toBeNull();
  });

  it("shows names of classes as inert text, and stays small", () => {
    const hostile = "| @org/team </details>```";
    const classes = [hostile, "b", "c"];
    const labels = Array.from({ length: 90 }, (_, row) => row % 3);
    const rows = { ...makeRows("multiclass", labels), classes };
    const probabilities = classes.map((_, at) => Float64Array.from(labels, (label) => (label === at ? 0.8 : 0.1)));
    const predictions = { values: new Float64Array(0), probabilities, columns: new Map() };
    const text = render(read(traceCurves(rows, predictions, predictions)));
    expect(text).not.toMatch(/<\/details>|@org|```/);
    expect(text.length).toBeLessThan(2000);
  });
});
