// How groups of people fare, as a terminal shows it.
import type { Fairness } from "../evaluation/comparison.ts";
import { chooseDecimals, renderCount, renderDifference, renderInterval, renderNumber } from "./numbers.ts";
import { cleanForTerminal, renderTextTable } from "./text-table.ts";

/** A table of groups and one of measures per attribute; empty without any. */
export function renderFairnessText(reports: readonly Fairness[]): string {
  return reports.map(renderReport).join("\n\n");
}

function renderReport({ by, groups, measures, reason }: Fairness): string {
  const name = cleanForTerminal(by.join("+"));
  const note = reason === null ? [] : [`fairness by ${name}: ${cleanForTerminal(reason)}`];
  if (groups.length === 0) return note.join("\n");
  const shown = renderTextTable(
    [name, "rows", "positive", "selected", "recall", "false positives", "precision"],
    groups.map(({ group, rows, positives, ...rates }) => [
      cleanForTerminal(group),
      renderCount(rows),
      renderCount(positives),
      ...[rates.selectionRate, rates.truePositiveRate, rates.falsePositiveRate, rates.precision].map(
        ({ value, interval }) => (value === null ? "insufficient" : renderWithInterval(value, interval, false)),
      ),
    ]),
    ["left", "right", "right", "left", "left", "left", "left"],
  );
  const compared = measures.some(({ difference }) => difference !== null);
  const table = renderTextTable(
    ["measure", ...(compared ? ["baseline"] : []), "value (interval)", ...(compared ? ["difference (interval)"] : [])],
    measures.map(({ metric, baseline, value, interval, difference, differenceInterval, reason: why }) => [
      metric,
      ...(compared ? [renderNumber(baseline, chooseDecimals(interval, baseline))] : []),
      value === null ? cleanForTerminal(why ?? "undefined") : renderWithInterval(value, interval, false),
      ...(compared ? [difference === null ? "" : renderWithInterval(difference, differenceInterval, true)] : []),
    ]),
    compared ? ["left", "right", "left", "left"] : ["left", "left"],
  );
  return [...note, shown, "", table].join("\n");
}

function renderWithInterval(value: number, interval: readonly [number, number] | null, signed: boolean): string {
  const decimals = chooseDecimals(interval, value);
  const number = signed ? renderDifference(value, decimals) : renderNumber(value, decimals);
  return interval === null ? number : `${number} (${renderInterval(interval, decimals, signed)})`;
}
