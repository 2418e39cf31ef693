// What the candidate looks at otherwise than the baseline, in sentences that survive the correction for many columns.
import { formatDifference, formatValue } from "../format-number.ts";
import type { ColumnImportance, Explanation } from "./explanation.ts";

const mostSentences = 5;
/** A change smaller than this share of the largest importance is sure and of no interest. */
const smallestShare = 0.05;

/** Surest first. A column that one model does not use at all needs no test. Names stand between backticks. */
export function describeChanges({
  importances,
  confidence,
}: Pick<Explanation, "importances" | "confidence">): readonly string[] {
  const largest = Math.max(0, ...importances.flatMap((one) => [one.candidate.value, one.baseline?.value ?? 0]));
  return importances
    .filter(({ used }) => used.baseline !== null)
    .filter(
      (one) =>
        one.used.baseline !== one.used.candidate ||
        (isSure(one, confidence) && Math.abs(one.difference?.value ?? 0) >= smallestShare * largest),
    )
    .sort((left, right) => Math.abs(right.difference?.value ?? 0) - Math.abs(left.difference?.value ?? 0))
    .slice(0, mostSentences)
    .map(describeChange);
}

function isSure({ adjustedPValue, difference }: ColumnImportance, confidence: number): boolean {
  return difference !== null && adjustedPValue !== null && adjustedPValue <= 1 - confidence;
}

function describeChange({ column, metric, baseline, candidate, difference, used }: ColumnImportance): string {
  const name = `\`${column.replaceAll("`", "'")}\``;
  const cost = (value: { readonly value: number; readonly interval: readonly [number, number] | null }) =>
    formatValue(value.value, "free", value.interval === null ? undefined : (value.interval[1] - value.interval[0]) / 2);
  if (used.baseline === true && !used.candidate)
    return `${name} is no longer looked at: shuffling it cost ${cost(baseline!)} ${metric}, and now moves no prediction.`;
  if (used.baseline === false && used.candidate)
    return `${name} is looked at for the first time: shuffling it costs ${cost(candidate)} ${metric}.`;
  const word = difference!.value > 0 ? "more" : "less";
  const interval = difference!.interval;
  const range =
    interval === null
      ? ""
      : ` (${formatDifference(interval[0], "free", (interval[1] - interval[0]) / 2)} … ${formatDifference(interval[1], "free", (interval[1] - interval[0]) / 2)})`;
  return `${name} matters ${word}: shuffling it cost ${cost(baseline!)} ${metric}, now ${cost(candidate)}${range}.`;
}
