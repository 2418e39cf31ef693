// Like season with like: the same days of earlier years as the reference of a window.
import type { MonitoringWindow } from "./findings.ts";

const dayMilliseconds = 86_400_000;
const maximumYears = 30;

/**
 * The same calendar days in each earlier year back to `earliest` (YYYY-MM-DD), newest first, each widened by `widenDays`
 * on both sides; none reaches into the checked window or before `earliest`. A window open on a side, of a year or longer,
 * or without an earlier year gives no windows: compare it with everything before it instead. 29 February becomes the 28th.
 */
export function pickSeasonalWindows(
  window: MonitoringWindow,
  earliest: string,
  widenDays = 0,
): readonly Required<MonitoringWindow>[] {
  const from = parseDay(window.from);
  const to = parseDay(window.to);
  const start = parseDay(earliest);
  if (from === null || to === null || start === null || to - from >= 365 * dayMilliseconds) return [];
  const picked: Required<MonitoringWindow>[] = [];
  for (let years = 1; years <= maximumYears; years++) {
    const low = Math.max(start, moveYears(from, years) - widenDays * dayMilliseconds);
    const high = Math.min(from - dayMilliseconds, moveYears(to, years) + widenDays * dayMilliseconds);
    if (high < start) break;
    if (low <= high) picked.push({ from: formatDay(low), to: formatDay(high) });
  }
  return picked;
}

/** Everything before the window, as one window; null when the window has no beginning. */
export function pickEarlierWindow(window: MonitoringWindow): MonitoringWindow | null {
  const from = parseDay(window.from);
  return from === null ? null : { to: formatDay(from - dayMilliseconds) };
}

function parseDay(text: string | undefined): number | null {
  const instant = text === undefined ? Number.NaN : Date.parse(text.slice(0, 10));
  return Number.isNaN(instant) ? null : instant;
}

function moveYears(day: number, years: number): number {
  const date = new Date(day);
  const month = date.getUTCMonth();
  const moved = Date.UTC(date.getUTCFullYear() - years, month, date.getUTCDate());
  return new Date(moved).getUTCMonth() === month ? moved : Date.UTC(date.getUTCFullYear() - years, month + 1, 0);
}

function formatDay(day: number): string {
  return new Date(day).toISOString().slice(0, 10);
}
