// When moved windows are a retraining, whose new evaluation rows need no maintainer's word: time goes forward, no row both trains and judges.
import type { LockedData, LockedModel } from "./lock.ts";

/** Fewer evaluation rows than this judge nothing; a scheduled check proposes none with fewer. */
export const fewestRetrainingRows = 50;

/**
 * Why moved pins are no retraining, as a sentence; null = they are one. New evaluation rows must begin after the training of
 * both models, reach at least as far as the old ones, and be enough. An end that is not a date counts against it.
 */
export function findRetrainingProblem(before: LockedModel, after: LockedModel): string | null {
  if (!before.train || !after.train || !after.evaluation) return "no data is pinned.";
  const from = startOf(after.evaluation);
  const trained = Math.max(endOf(before.train), endOf(after.train));
  if (!(from > trained)) {
    return "the rows that judge do not all come after the training of both models.";
  }
  if (!before.evaluation || !(endOf(after.evaluation) >= endOf(before.evaluation))) {
    return "the rows that judge end before the old ones do.";
  }
  if (!(after.evaluation.rows >= fewestRetrainingRows)) {
    return `only ${after.evaluation.rows} rows would judge, at least ${fewestRetrainingRows} are needed.`;
  }
  return null;
}

/** True when rows of one window of time may lie in both pins: whatever cannot be told apart may. */
export function mayOverlap(left: LockedData, right: LockedData): boolean {
  if (left.source !== right.source) return false;
  return !(startOf(left) > endOf(right) || startOf(right) > endOf(left));
}

const dayMilliseconds = 86_400_000;

/** First instant of a window in milliseconds since 1970; open = before everything. */
function startOf({ window }: LockedData): number {
  return window?.from === undefined ? Number.NEGATIVE_INFINITY : readInstant(window.from);
}

/** Last instant of a window; a day without a time is meant whole, open = after everything. */
function endOf({ window }: LockedData): number {
  if (window?.to === undefined) return Number.POSITIVE_INFINITY;
  return readInstant(window.to) + (isDay(window.to) ? dayMilliseconds - 1 : 0);
}

/** Times without a zone are UTC, as where the rows are read; NaN for what is no date, which no comparison holds for. */
function readInstant(text: string): number {
  const zoned = isDay(text) || /(Z|[+-]\d\d:?\d\d)$/i.test(text) ? text : `${text}Z`;
  return Date.parse(zoned.replace(" ", "T"));
}

function isDay(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text);
}
