// The newest window of a source: it ends at the newest row, not at the clock.
import { chooseEngine } from "../data/choose-engine.ts";
import { InputError } from "../errors.ts";
import type { Context } from "../host/context.ts";
import type { MonitoringWindow } from "../monitoring/findings.ts";

const daySeconds = 86_400;

/** Whole days in UTC up to the last one that has a row, at least one. Throws InputError where `time` is no column of times, or an empty one. */
export async function findNewestWindow(
  source: string,
  {
    time,
    windowSeconds,
    missingValues,
  }: {
    readonly time: string;
    readonly windowSeconds: number;
    readonly missingValues: readonly string[];
  },
  context: Context,
): Promise<Required<MonitoringWindow>> {
  const engine = await chooseEngine(source);
  const { lastDay } = await engine.surveyTimes(source, time, { missingValues, windows: [] }, context);
  if (lastDay === null) throw new InputError({ file: source, key: time, message: "the column holds no time" });
  const days = Math.max(1, Math.round(windowSeconds / daySeconds));
  return { from: addDays(lastDay, 1 - days), to: lastDay };
}

/** The day so many days later (or earlier), YYYY-MM-DD. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(day) + days * daySeconds * 1000).toISOString().slice(0, 10);
}
