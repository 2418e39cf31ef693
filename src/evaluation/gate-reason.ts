// The sentence that tells a person why a gate came out as it did.
import type { GateOutcome } from "./comparison.ts";
import { formatDifference, formatExact, formatValue } from "./format-number.ts";
import type { GateDraft } from "./judge-gate.ts";

/** Plain text, one or two sentences, ends with a period. `outcome` is the final one; `rowsNeeded` as in the verdict. */
export function explainGate(draft: GateDraft, outcome: GateOutcome, rowsNeeded: number | null): string {
  const { cause, metric, numbers } = draft;
  switch (cause.kind) {
    case "undefined":
      return `${nameMeasured(draft)} is undefined: ${cause.why}.`;
    case "no-baseline":
      return "There is no baseline to compare with.";
    case "first-version":
      return "This is the first version: there is nothing to compare with.";
    case "unchanged":
      return outcome === "pass"
        ? "Both models predict the same on every row."
        : "Both models predict the same on every row, so there is no gain.";
    case "baseline-not-positive":
      return `A percentage of a baseline of ${formatValue(numbers.baseline, metric.scale)} means nothing; use points or the metric's own unit.`;
    case "too-few":
      return `Nothing is concluded: ${cause.why}.`;
    case "no-variance":
      return outcome === "fail"
        ? `${describeChange(draft)}, by the same amount on every row; ${describeAllowance(draft)}.`
        : "The predictions differ, but the metric does not vary between rows or resamples: the sample cannot show how sure that is.";
    case "estimate":
      return explainEstimate(draft, outcome);
    case "interval":
      return `${explainInterval(draft, outcome)}${outcome === "inconclusive" ? explainRows(draft, rowsNeeded) : ""}`;
  }
}

function isAbsolute({ gate }: GateDraft): boolean {
  return gate.relation === "at-least" || gate.relation === "at-most";
}

function explainEstimate(draft: GateDraft, outcome: GateOutcome): string {
  const { metric, numbers, gate } = draft;
  const value = formatValue(numbers.value, metric.scale);
  if (!isAbsolute(draft))
    return `${describeChange(draft)}; ${describeAllowance(draft)} (compared as reported, not tested).`;
  const bound = gate.relation === "at-least" ? "at least" : "at most";
  return `${nameMeasured(draft)} is ${value}; ${bound} ${gate.amount.written} is asked for${outcome === "pass" ? "" : ", and that is not reached"}.`;
}

function explainInterval(draft: GateDraft, outcome: GateOutcome): string {
  const { metric, numbers, question, confidence } = draft;
  const [low, high] = numbers.interval ?? [Number.NaN, Number.NaN];
  const spread = (high - low) / 2;
  const format = isAbsolute(draft) ? formatValue : formatDifference;
  const range = `${formatExact(confidence * 100)} % interval ${format(low, metric.scale, spread)} … ${format(high, metric.scale, spread)}`;
  const best = format(question.good === "above" ? high : low, metric.scale, spread);
  const worst = format(question.good === "above" ? low : high, metric.scale, spread);
  const head = isAbsolute(draft)
    ? `${nameMeasured(draft)} is ${formatValue(numbers.value, metric.scale, spread)}`
    : describeChange(draft);
  const allowance = describeAllowance(draft);
  if (outcome === "fail")
    return `${head}; ${allowance}, and even the best end of the interval (${best}) is beyond that.`;
  if (outcome === "pass") return `${head}; ${allowance}, and even the worst end of the interval (${worst}) holds that.`;
  return `${head} (${range}); ${allowance}: these rows do not decide it.`;
}

function explainRows({ numbers }: GateDraft, rowsNeeded: number | null): string {
  if (numbers.rows === null) return "";
  if (rowsNeeded === null) return " The estimate lies so close to the limit that no number of rows would settle it.";
  const place = numbers.slice === null ? "" : " of this slice";
  return ` About ${roundRows(rowsNeeded)} rows${place} would, at the present effect; there are ${numbers.rows.toLocaleString("en-US")}.`;
}

/** `accuracy`, or `accuracy[plan=basic]`. */
function nameMeasured({ metric, numbers }: GateDraft): string {
  return numbers.slice === null ? metric.name : `${metric.name}[${numbers.slice}]`;
}

/** `roc_auc falls by 0.228 (0.873 → 0.645)`. */
function describeChange(draft: GateDraft): string {
  const { metric, numbers } = draft;
  const { interval, difference } = numbers;
  const spread = interval === null ? null : (interval[1] - interval[0]) / 2;
  const from = formatValue(numbers.baseline, metric.scale, spread);
  const to = formatValue(numbers.value, metric.scale, spread);
  if (difference === null) return `${nameMeasured(draft)} cannot be compared`;
  if (difference === 0) return `${nameMeasured(draft)} stays at ${to}`;
  const verb = difference > 0 ? "rises" : "falls";
  return `${nameMeasured(draft)} ${verb} by ${formatValue(Math.abs(difference), metric.scale, spread)} (${from} → ${to})`;
}

function describeAllowance({ gate, metric, numbers, question }: GateDraft): string {
  const amount =
    gate.amount.kind === "relative"
      ? `${formatValue(numbers.threshold, metric.scale)} (${formatExact(gate.amount.value * 100)} % of the baseline)`
      : gate.amount.written;
  if (gate.relation === "at-least") return `at least ${question.threshold} is asked for`;
  if (gate.relation === "at-most") return `at most ${question.threshold} is asked for`;
  if (gate.relation === "gain") return `a gain of at least ${amount} is asked for`;
  return `a ${gate.relation} of at most ${amount} is allowed`;
}

/** Two significant digits, rounded up: the number is an order of magnitude, not a promise. */
function roundRows(rows: number): string {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(rows)) - 1);
  return (Math.ceil(rows / step) * step).toLocaleString("en-US");
}
