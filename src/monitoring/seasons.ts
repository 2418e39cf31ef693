// Like season with like: which rows of the past the newest window is compared with.

const dayMs = 86_400_000;

/** Days, both ends inclusive, as ISO dates in UTC. */
export interface DayWindow {
  readonly from: string;
  readonly to: string;
}

/** The window of `days` days (at least 1) that ends on the day of `newest` (milliseconds since 1970). */
export function endWindowAt(newest: number, days: number): DayWindow {
  const last = Math.floor(newest / dayMs) * dayMs;
  return { from: toDay(last - (Math.max(1, Math.round(days)) - 1) * dayMs), to: toDay(last) };
}

/**
 * The same days of earlier years, nearest year first, as far back as `oldest` (milliseconds since 1970); a window that
 * begins before it is cut there. A 29 February counts as 1 March in other years. Empty when no year reaches back.
 */
export function listSeasons(window: DayWindow, oldest: number): readonly DayWindow[] {
  const seasons: DayWindow[] = [];
  for (let years = 1; years <= 50; years += 1) {
    const from = shiftYears(window.from, -years);
    const to = shiftYears(window.to, -years);
    if (to < oldest) break;
    if (to >= Date.parse(window.from)) continue;
    seasons.push({ from: toDay(Math.max(from, Math.floor(oldest / dayMs) * dayMs)), to: toDay(to) });
  }
  return seasons;
}

function shiftYears(day: string, years: number): number {
  const date = new Date(day);
  return date.setUTCFullYear(date.getUTCFullYear() + years);
}

function toDay(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
