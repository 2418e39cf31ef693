// Finds the reference of a window in the same source: the same season of earlier years, with enough rows.
import type { Context } from "../host/context.ts";
import type { MonitoringWindow } from "../monitoring/findings.ts";
import { pickEarlierWindow, pickSeasonalWindows } from "../monitoring/seasons.ts";
import { chooseEngine } from "./choose-engine.ts";
import type { DataWindow, DataWindows } from "./window.ts";

/** Days the season is widened by, step by step, until there are enough rows. */
const widenings = [0, 7, 15, 30] as const;

export interface SeasonalReference {
  /** Read them together; empty when there is nothing before the window. */
  readonly windows: readonly DataWindow[];
  readonly rows: number;
  /** In words, for reports. */
  readonly description: string;
}

/**
 * The same days of earlier years, widened by up to 30 days on both sides until they hold `fewestRows`; without an earlier
 * year everything before the window. Throws what `readTable` throws.
 */
export async function findSeasonalReference(
  source: string,
  settings: {
    readonly time: string;
    readonly window: MonitoringWindow;
    readonly missingValues?: readonly string[] | undefined;
    readonly fewestRows: number;
    /** Rows before this day belong to no reference. */
    readonly earliest?: string | undefined;
    /** Rows after this day belong to no reference. */
    readonly latest?: string | undefined;
  },
  context: Context,
): Promise<SeasonalReference> {
  const { time, missingValues } = settings;
  const engine = await chooseEngine(source);
  const name = (window: MonitoringWindow): DataWindow => ({ time, ...window });
  const survey = (windows: readonly DataWindows[]) =>
    engine.surveyTimes(source, time, { missingValues, windows }, context);
  const { firstDay } = await survey([]);
  const earliest = [settings.earliest ?? "", String(firstDay ?? "")].sort().at(-1) ?? "";
  const choices = widenings.map((days) =>
    pickSeasonalWindows(settings.window, earliest, days)
      .filter((window) => settings.latest === undefined || window.to <= settings.latest)
      .map(name),
  );
  const earlier = pickEarlierWindow(settings.window);
  const counted = await survey([...choices, earlier ? [name(earlier)] : []]);
  let best: SeasonalReference = { windows: [], rows: 0, description: "nothing before the window" };
  for (const [index, days] of widenings.entries()) {
    const windows = choices[index] ?? [];
    const rows = counted.rows[index] ?? 0;
    const widened = days === 0 ? "" : `, ${days} days wider on both sides`;
    best = { windows, rows, description: `the same season of ${windows.length} earlier years${widened}` };
    if (rows >= settings.fewestRows) return best;
  }
  if (best.rows > 0 || !earlier) return best;
  return {
    windows: [name(earlier)],
    rows: counted.rows[widenings.length] ?? 0,
    description: "everything before the window",
  };
}
