// Finds the reference of a window in the same source: the same season of earlier years, with enough rows.
import type { Context } from "../host/context.ts";
import type { MonitoringWindow } from "../monitoring/findings.ts";
import { pickEarlierWindow, pickSeasonalWindows } from "../monitoring/seasons.ts";
import { withData } from "./open-data.ts";
import { type DataWindow, renderWindow, unknownColumn } from "./window.ts";

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
  return withData(source, settings, context, async (scan) => {
    const time = scan.columns.find((column) => column.name === settings.time);
    if (!time) throw unknownColumn(settings.time, scan.columns, source);
    renderWindow({ time: settings.time, from: "1970-01-01" }, scan.columns, source);
    const [first] = await scan.engine.query(
      `SELECT CAST(CAST(min(${time.expression}) AS DATE) AS VARCHAR) AS day FROM ${scan.relation}`,
    );
    const earliest = [settings.earliest ?? "", String(first?.["day"] ?? "")].sort().at(-1) ?? "";
    const name = (window: MonitoringWindow): DataWindow => ({ time: settings.time, ...window });
    const count = async (windows: readonly DataWindow[]): Promise<number> => {
      const where = renderWindow(windows, scan.columns, source);
      const [row] = await scan.engine.query(`SELECT count(*) AS n FROM ${scan.relation} WHERE ${where}`);
      return Number(row?.["n"] ?? 0);
    };
    let best: SeasonalReference = { windows: [], rows: 0, description: "nothing before the window" };
    for (const days of widenings) {
      const windows = pickSeasonalWindows(settings.window, earliest, days)
        .filter((window) => settings.latest === undefined || window.to <= settings.latest)
        .map(name);
      const rows = await count(windows);
      const widened = days === 0 ? "" : `, ${days} days wider on both sides`;
      best = { windows, rows, description: `the same season of ${windows.length} earlier years${widened}` };
      if (rows >= settings.fewestRows) return best;
    }
    const earlier = pickEarlierWindow(settings.window);
    if (best.rows > 0 || !earlier) return best;
    const windows = [name(earlier)];
    return { windows, rows: await count(windows), description: "everything before the window" };
  });
}
