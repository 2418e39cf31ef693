// What the models look at: importances with their change, the parts of predictions, dependence; folded, its summary says the essence.
import type { ModelEvidence } from "../evidence/evidence.ts";
import type { ExplanationDocument } from "../evidence/explanation-document.ts";
import { type Block, foldBlock, tableBlock, textBlock } from "./blocks.ts";
import { escapeMarkdown, renderName, renderProse } from "./escape.ts";
import { nameBaseline } from "./gate-table.ts";
import {
  chooseDecimals,
  noNumber,
  renderCount,
  renderDifference,
  renderInterval,
  renderNumber,
  renderPercent,
  renderPlural,
} from "./numbers.ts";
import type { ModelStanding } from "./standing.ts";
import { renderSparkline, renderTextBar } from "./text-pictures.ts";

type Importance = ExplanationDocument["importances"][number];

const shownColumns = 15;
const shownCurves = 6;

/** Nothing without an explanation that was asked for; why there is none is a line of the details. */
export function renderExplanation({ evidence: model }: ModelStanding, alone: boolean): Block[] {
  const explanation = model?.evaluation?.explanation;
  if (!explanation || explanation.reason !== null || explanation.importances.length === 0) return [];
  const of = alone ? "the model" : escapeMarkdown(model.model);
  const summary = `What ${of} looks at: ${summarize(explanation)}`;
  return [
    foldBlock(summary, [
      ...renderImportances(explanation, nameBaseline(model), "this change"),
      ...renderSentences(explanation.changes),
      ...renderParts(explanation, nameBaseline(model), "this change"),
      ...renderCurves(explanation, nameBaseline(model), "this change"),
      ...renderSentences(explanation.remarks),
    ]),
  ];
}

/** A line for the quote under the gates when the model looks elsewhere than its baseline did. */
export function renderShift(model: ModelEvidence | null): string[] {
  const changes = model?.evaluation?.explanation?.changes ?? [];
  const more = changes.length > 2 ? ` And ${renderPlural(changes.length - 2, "other change")}.` : "";
  const told = changes.slice(0, 2).map((change) => renderProse(change, 400));
  return told.length === 0 ? [] : [`**Looks elsewhere:** ${told.join(" ")}${more}`];
}

/** `Not explained: …`; nothing when there is an explanation or none was asked for. */
export function renderUnexplained(model: ModelEvidence): Block[] {
  const reason = model.evaluation?.explanation?.reason ?? null;
  return reason === null ? [] : [textBlock(`Not explained: ${renderProse(reason)}.`)];
}

/** The three columns that matter most to either model: `temp_max 0.39 → 0.20`. */
function summarize({ importances }: ExplanationDocument): string {
  const top = [...importances].sort((left, right) => sizeOf(right) - sizeOf(left)).slice(0, 3);
  const texts = top.map(({ column, baseline, candidate, used }) => {
    const decimals = chooseDecimals(candidate.interval ?? baseline?.interval ?? null, candidate.value);
    const own = used.candidate ? renderNumber(candidate.value, decimals) : "not used";
    const before = used.baseline === false ? "not used" : renderNumber(baseline?.value ?? null, decimals);
    return `${escapeMarkdown(column, 60)} ${baseline === null || before === own ? own : `${before} → ${own}`}`;
  });
  return texts.join(", ");
}

function sizeOf({ baseline, candidate }: Importance): number {
  return Math.max(candidate.value, baseline?.value ?? 0);
}

/** Importances as a table with bars; also of a model card, which has no baseline. */
export function renderImportances(
  explanation: ExplanationDocument,
  baselineName: string,
  candidateName: string,
): Block[] {
  const { importances, metric, rows, shuffles, confidence } = explanation;
  const largest = Math.max(0, ...importances.map(sizeOf));
  const compared = importances.some(({ baseline }) => baseline !== null);
  const cell = (value: Importance["candidate"] | null, used: boolean | null, decimals: number) => {
    if (value === null) return noNumber;
    if (used === false) return "not used";
    return `${renderNumber(value.value, decimals)} ${renderTextBar(value.value, largest)}`.trimEnd();
  };
  const shown = importances.slice(0, shownColumns).map((one) => {
    const decimals = chooseDecimals(one.candidate.interval ?? one.baseline?.interval ?? null, one.candidate.value);
    const interval =
      one.candidate.interval && one.used.candidate ? renderInterval(one.candidate.interval, decimals, false) : noNumber;
    if (!compared) return [renderName(one.column, 100), cell(one.candidate, one.used.candidate, decimals), interval];
    const { difference } = one;
    const range = difference?.interval ? ` (${renderInterval(difference.interval, decimals, true)})` : "";
    return [
      renderName(one.column, 100),
      cell(one.baseline, one.used.baseline, decimals),
      cell(one.candidate, one.used.candidate, decimals),
      difference ? renderDifference(difference.value, decimals) + range : noNumber,
    ];
  });
  const left = importances.length - shown.length;
  const unit = `${renderPercent(confidence)} interval`;
  const head = compared
    ? ["column", baselineName, candidateName, `difference (${unit})`]
    : ["column", candidateName, unit];
  const align = compared ? [":--", ":--", ":--", ":--"] : [":--", ":--", ":--"];
  const name = escapeMarkdown(metric ?? "", 120);
  const what = `**Importance:** what ${name} loses when a column is shuffled (${renderCount(shuffles)} shuffles, ${renderPlural(rows, "row")}).`;
  const rest = left > 0 ? [textBlock(`${renderPlural(left, "column")} that matter less are in the evidence.`)] : [];
  return shown.length === 0 ? [] : [textBlock(what), tableBlock(head, align, shown), ...rest];
}

function renderSentences(sentences: readonly string[]): Block[] {
  return sentences.length === 0
    ? []
    : [textBlock(sentences.map((sentence) => `- ${renderProse(sentence)}`).join("\n"))];
}

function renderParts({ shapley, output }: ExplanationDocument, baselineName: string, candidateName: string): Block[] {
  if (shapley === null || shapley.columns.length === 0) return [];
  const compared = shapley.base.baseline !== null;
  const largest = Math.max(0, ...shapley.columns.flatMap(({ baseline, candidate }) => [baseline ?? 0, candidate]));
  const cell = (value: number | null) =>
    value === null
      ? noNumber
      : `${renderNumber(value, chooseDecimals(null, largest))} ${renderTextBar(value, largest)}`.trimEnd();
  const rows = shapley.columns
    .slice(0, shownColumns)
    .map(({ column, baseline, candidate }) => [
      renderName(column, 100),
      ...(compared ? [cell(baseline)] : []),
      cell(candidate),
    ]);
  const error = Math.max(shapley.largestError.candidate, shapley.largestError.baseline ?? 0);
  const check = shapley.addsUp
    ? `base + parts = prediction for every row (largest error ${renderError(error)})`
    : `**the parts do not add up** (largest error ${renderError(error)}): the model does not answer the same row the same way twice`;
  const head = ["column", ...(compared ? [baselineName] : []), candidateName];
  return [
    textBlock(
      `**Shapley values:** the mean size of each column's part in the ${renderProse(output ?? "prediction", 200)}, over ${renderPlural(shapley.rows, "row")} against ${renderPlural(shapley.background, "background row")}; ${check}.`,
    ),
    tableBlock(
      head,
      head.map(() => ":--"),
      rows,
    ),
    ...renderExamples(shapley.examples),
  ];
}

type Examples = NonNullable<ExplanationDocument["shapley"]>["examples"];

function renderExamples(examples: Examples): Block[] {
  const lines = examples.map(({ row, prediction, baselinePrediction, parts }) => {
    const before = baselinePrediction === null ? "" : `${renderNumber(baselinePrediction, 3)} → `;
    const named = parts
      .slice(0, 4)
      .map(({ column, value }) => `${renderName(column, 60)} ${renderDifference(value, 3)}`);
    return `- row ${renderCount(row)}: ${before}${renderNumber(prediction, 3)}, made of ${named.join(", ")}`;
  });
  return lines.length === 0 ? [] : [textBlock(`Predictions that moved most:\n${lines.join("\n")}`)];
}

function renderCurves(explanation: ExplanationDocument, baselineName: string, candidateName: string): Block[] {
  const order = new Map(
    [...explanation.importances].sort((a, b) => sizeOf(b) - sizeOf(a)).map(({ column }, at) => [column, at]),
  );
  const curves = [...explanation.dependence]
    .sort((left, right) => (order.get(left.column) ?? 1e9) - (order.get(right.column) ?? 1e9))
    .slice(0, shownCurves);
  const compared = curves.some(({ points }) => points.some(({ baseline }) => baseline !== null));
  const rows = curves.map(({ column, points }) => {
    const candidate = points.map((point) => point.candidate);
    const baseline = points.flatMap((point) => point.baseline ?? []);
    const range = [Math.min(...candidate, ...baseline), Math.max(...candidate, ...baseline)] as const;
    const decimals = chooseDecimals(null, range[1]);
    const curve = (values: readonly number[]) =>
      values.length === 0
        ? noNumber
        : `${renderNumber(values[0] ?? null, decimals)} ${renderSparkline(values, range)} ${renderNumber(values.at(-1) ?? null, decimals)}`;
    const ends = [points[0]?.value, points.at(-1)?.value].map((value) =>
      typeof value === "number" ? renderNumber(value, chooseDecimals(null, value)) : escapeMarkdown(value ?? "", 60),
    );
    return [renderName(column, 100), ends.join(" … "), ...(compared ? [curve(baseline)] : []), curve(candidate)];
  });
  const head = ["column", "from … to", ...(compared ? [baselineName] : []), candidateName];
  if (rows.length === 0) return [];
  const what = `**Dependence:** the mean ${renderProse(explanation.output ?? "prediction", 200)} when every row gets the same value.`;
  return [
    textBlock(what),
    tableBlock(
      head,
      head.map(() => ":--"),
      rows,
    ),
  ];
}

function renderError(error: number): string {
  return error === 0 ? "0" : error.toExponential(0).replace("-", "−");
}
