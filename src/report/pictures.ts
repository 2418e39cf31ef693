// ROC, calibration, confusion and residuals as charts and tables that GitHub draws, the baseline beside the candidate.
import type { CurvesDocument } from "../evidence/curves-document.ts";
import { type Block, tableBlock, textBlock } from "./blocks.ts";
import { escapeMarkdown } from "./escape.ts";
import { chooseDecimals, noNumber, renderCount, renderNumber } from "./numbers.ts";

type Curves = CurvesDocument["candidate"];

/** Nothing without curves. `baseline`, `candidate`: what the two are called, as plain words. */
export function renderPictures(curves: CurvesDocument | null | undefined, candidate = "this change"): Block[] {
  if (!curves) return [];
  return [
    ...drawRoc(curves, candidate),
    ...drawCalibration(curves, candidate),
    ...tabulateConfusion(curves, candidate),
    ...drawResiduals(curves, candidate),
  ];
}

interface Series {
  readonly name: string;
  readonly colour: string;
  readonly values: readonly number[];
}

/** The last of the lines lies on top. */
const colours = { chance: ["pale", "#c4cad1"], baseline: ["grey", "#6e7781"], candidate: ["blue", "#0969da"] } as const;

function drawRoc({ candidate, baseline }: CurvesDocument, name: string): Block[] {
  if (candidate.roc === null) return [];
  const count = candidate.roc.length;
  const grid = candidate.roc.map((_, at) => at / (count - 1));
  const before = baseline?.roc?.length === count ? baseline.roc : null;
  const lines = listSeries(grid, before, candidate.roc, "chance", name);
  const chart = drawLines("ROC", lines, ["false-positive rate", "0", "1"], ["recall", 0, 1]);
  const shown = [1, 2, 4, 10].filter((at) => at < count);
  const row = (title: string, values: readonly number[]): string[] => [
    title,
    ...shown.map((at) => renderNumber(values[at] ?? null, 3)),
  ];
  const rows = [...(before === null ? [] : [row("baseline", before)]), row(name, candidate.roc)];
  const head = ["recall at a false-positive rate of", ...shown.map((at) => renderNumber(grid[at]!, 2))];
  return [chart, tableBlock(head, [":--", ...shown.map(() => "--:")], rows)];
}

function drawCalibration({ candidate, baseline }: CurvesDocument, name: string): Block[] {
  const bins = candidate.calibration;
  if (bins === null || bins.length === 0) return [];
  const earlier = baseline?.calibration?.length === bins.length ? baseline.calibration : null;
  const middle = bins.map((_, at) => (at + 0.5) / bins.length);
  const complete = (list: NonNullable<Curves["calibration"]>): number[] | null =>
    list.every(({ observed }) => observed !== null) ? list.map(({ observed }) => observed!) : null;
  const observed = complete(bins);
  const chart =
    observed === null
      ? []
      : [
          drawLines(
            "Calibration",
            listSeries(middle, earlier === null ? null : complete(earlier), observed, "perfect", name),
            ["predicted probability", String(middle[0]), String(middle.at(-1))],
            ["share that is positive", 0, 1],
          ),
        ];
  const rows = bins.map((bin, at) => {
    const past = earlier?.[at];
    return [
      `${renderNumber(at / bins.length, 1)} … ${renderNumber((at + 1) / bins.length, 1)}`,
      ...(past === undefined ? [] : [`${renderNumber(past.observed, 2)} (${renderCount(past.rows)})`]),
      `${renderNumber(bin.observed, 2)} (${renderCount(bin.rows)})`,
    ];
  });
  const head = ["predicted", ...(earlier === null ? [] : ["positive, baseline (rows)"]), `positive, ${name} (rows)`];
  return [...chart, tableBlock(head, [":--", ...head.slice(1).map(() => "--:")], rows)];
}

/** One row per true class; a cell is what became of the baseline's count. Names of classes are the data's. */
function tabulateConfusion({ candidate, baseline }: CurvesDocument, name: string): Block[] {
  const now = candidate.confusion;
  if (now === null || now.classes.length < 2) return [];
  const past = baseline?.confusion;
  const rows = now.classes.map((label, row) => [
    escapeMarkdown(label, 60),
    ...now.classes.map((_, column) => {
      const after = now.counts[row]?.[column] ?? null;
      const before = past?.classes[column] === now.classes[column] ? (past?.counts[row]?.[column] ?? null) : null;
      const show = (count: number | null): string =>
        count === null ? noNumber : Number.isInteger(count) ? renderCount(count) : renderNumber(count, 1);
      return before === null || before === after ? show(after) : `${show(before)} → ${show(after)}`;
    }),
  ]);
  const head = [
    past ? `truth ↓, decided → (baseline → ${name})` : "truth ↓, decided →",
    ...now.classes.map((label) => escapeMarkdown(label, 60)),
  ];
  return [tableBlock(head, [":--", ...now.classes.map(() => "--:")], rows)];
}

function drawResiduals({ candidate, baseline }: CurvesDocument, name: string): Block[] {
  const now = candidate.residuals;
  if (now === null || now.counts.length < 2) return [];
  const [low, high] = [now.edges[0]!, now.edges.at(-1)!];
  const before = baseline?.residuals?.counts.length === now.counts.length ? baseline.residuals.counts : null;
  const half = (high - low) / now.counts.length / 2;
  const top = Math.max(1, ...now.counts, ...(before ?? []));
  const ends = [low + half, high - half].map((end) => plain(end, chooseDecimals([low, high], low) + 1)) as [
    string,
    string,
  ];
  return [
    drawLines(
      "Residuals",
      listSeries(null, before, now.counts, "", name),
      ["prediction − label", ...ends],
      ["rows", 0, top],
    ),
  ];
}

function listSeries(
  guide: readonly number[] | null,
  before: readonly number[] | null,
  now: readonly number[],
  guideName: string,
  name: string,
): readonly Series[] {
  const one = (kind: keyof typeof colours, title: string, values: readonly number[]): Series => ({
    name: `${title} (${colours[kind][0]})`,
    colour: colours[kind][1],
    values,
  });
  return [
    ...(guide === null ? [] : [one("chance", guideName, guide)]),
    ...(before === null ? [] : [one("baseline", "baseline", before)]),
    one("candidate", name, now),
  ];
}

/** A mermaid chart of lines at equal distances; the title says which is which, in words and colours. */
function drawLines(
  title: string,
  series: readonly Series[],
  [xTitle, from, to]: readonly [string, string, string],
  [yTitle, low, high]: readonly [string, number, number],
): Block {
  const names = [...series].reverse().map(({ name }) => name);
  const palette = series.map(({ colour }) => colour).join(", ");
  return textBlock(
    [
      "```mermaid",
      `%%{init: {"themeVariables": {"xyChart": {"plotColorPalette": "${palette}"}}}}%%`,
      "xychart-beta",
      `  title "${title}: ${names.join(", ")}"`,
      `  x-axis "${xTitle}" ${from} --> ${to}`,
      `  y-axis "${yTitle}" ${plain(low, 4)} --> ${plain(high, 4)}`,
      ...series.map(({ values }) => `  line [${values.map((value) => plain(value, 4)).join(", ")}]`),
      "```",
    ].join("\n"),
  );
}

/** A number mermaid reads: no exponent, no grouping. */
function plain(value: number, decimals: number): string {
  return String(Number(value.toFixed(Math.min(20, Math.max(0, decimals)))));
}
