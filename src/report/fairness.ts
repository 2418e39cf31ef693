// How groups of people fare, in the details of a comment: which group, how much, how sure.
import type { FairnessDocument } from "../evidence/fairness-document.ts";
import { type Block, tableBlock, textBlock } from "./blocks.ts";
import { escapeMarkdown } from "./escape.ts";
import {
  chooseDecimals,
  noNumber,
  renderCount,
  renderDifference,
  renderInterval,
  renderNumber,
  renderPercent,
} from "./numbers.ts";

type Rate = FairnessDocument["groups"][number]["selectionRate"];

const shownGroups = 20;
const rateWords = {
  selectionRate: "decided positive",
  truePositiveRate: "recall",
  falsePositiveRate: "false-positive rate",
  precision: "precision",
} as const;

/** Nothing where nothing was asked for. Names of groups are the data's: escaped, cut. */
export function renderFairness(reports: readonly FairnessDocument[] | undefined): Block[] {
  return (reports ?? []).flatMap((report): Block[] => {
    const by = escapeMarkdown(report.by.join(" + "), 120);
    if (report.groups.length === 0)
      return [textBlock(`By ${by}: ${escapeMarkdown(report.reason ?? "nothing to show", 300)}`)];
    return [textBlock(describeWidestGap(report, by)), renderGroups(report, by), renderMeasures(report)];
  });
}

/** The pair whose difference is surest, as a sentence. */
function describeWidestGap({ pairs, confidence }: FairnessDocument, by: string): string {
  const sure = pairs
    .filter(({ interval: [low, high] }) => low > 0 || high < 0)
    .sort((left, right) => Math.abs(right.difference) - Math.abs(left.difference));
  const [widest] = sure;
  const level = renderPercent(confidence);
  if (widest === undefined)
    return `By ${by}: no difference between groups is shown at ${level}, which does not show that they are treated alike.`;
  const { rate, first, second, difference, interval } = widest;
  const [more, less] = difference > 0 ? [first, second] : [second, first];
  const ends = (difference > 0 ? interval : [-interval[1], -interval[0]]).map((end) => 100 * end) as [number, number];
  const points = renderNumber(100 * Math.abs(difference), 1);
  return `By ${by}: ${escapeMarkdown(more, 80)} is above ${escapeMarkdown(less, 80)} in ${rateWords[rate]} by ${points} points (${renderInterval(ends, 1, false)}; all pairs at once, ${level})${sure.length > 1 ? `; ${sure.length - 1} more pairs differ` : ""}.`;
}

function renderGroups({ groups }: FairnessDocument, by: string): Block {
  const rows = groups.slice(0, shownGroups).map((group) => {
    const cell = (name: keyof typeof rateWords): string => {
      const before = group.baseline?.[name].value ?? null;
      const earlier = before === null || before === group[name].value ? "" : `${renderNumber(before, 3)} → `;
      return group[name].value === null ? renderRate(group[name]) : earlier + renderRate(group[name]);
    };
    const note = group.outcome === "insufficient" ? "insufficient" : "";
    return [
      escapeMarkdown(group.group, 120),
      renderCount(group.rows),
      renderCount(group.positives),
      ...(Object.keys(rateWords) as (keyof typeof rateWords)[]).map(cell),
      note,
    ];
  });
  if (groups.length > shownGroups) rows.push([`… ${groups.length - shownGroups} more`, "", "", "", "", "", "", ""]);
  const head = [by, "rows", "positive", ...Object.values(rateWords), ""];
  return tableBlock(head, [":--", "--:", "--:", ":--", ":--", ":--", ":--", ":--"], rows);
}

function renderRate({ value, interval }: Rate): string {
  if (value === null) return "insufficient";
  const decimals = chooseDecimals(interval, value);
  return `${renderNumber(value, decimals)}${interval === null ? "" : ` (${renderInterval(interval, decimals, false)})`}`;
}

function renderMeasures({ measures }: FairnessDocument): Block {
  const rows = measures.map(({ metric, baseline, value, interval, difference, differenceInterval, reason }) => {
    const decimals = chooseDecimals(interval, value);
    const change = chooseDecimals(differenceInterval, difference);
    return [
      escapeMarkdown(metric, 120),
      renderNumber(baseline, decimals),
      renderNumber(value, decimals) + (interval === null ? "" : ` (${renderInterval(interval, decimals, false)})`),
      difference === null
        ? noNumber
        : renderDifference(difference, change) +
          (differenceInterval === null ? "" : ` (${renderInterval(differenceInterval, change, true)})`),
      escapeMarkdown(reason ?? "", 200),
    ];
  });
  return tableBlock(
    ["measure", "baseline", "this change (interval)", "difference (interval)", ""],
    [":--", "--:", ":--", ":--", ":--"],
    rows,
  );
}
