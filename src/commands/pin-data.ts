// Pins a model's data: which rows train and which judge, by their digest, as modelgate.lock keeps them.
import type { LockedData, LockedModel } from "../config/lock.ts";
import type { ModelSettings, WindowSettings } from "../config/settings.ts";
import { describeData } from "../data/describe-data.ts";
import { InputError } from "../errors.ts";
import type { Context } from "../host/context.ts";
import { createNoRowsError } from "./no-rows.ts";
import { locateSource } from "./pinned-data.ts";

/**
 * Describes the data the config names as it is now. When the evaluation rows are a window of the same source, training ends
 * on the day before it, so that no row does both. Throws InputError for data that cannot be read or windows without `time:`.
 */
export async function pinModelData(settings: ModelSettings, root: string, context: Context): Promise<LockedModel> {
  const { data } = settings;
  if (data === null) return { train: null, evaluation: null };
  const { evaluation } = data;
  const pin = (from: string, window: WindowSettings | null) => pinOne(settings, from, window, root, context);
  if (data.train === null) {
    // A model that is trained elsewhere is judged all the same.
    const judged = evaluation.by === "source" ? await pin(evaluation.source, evaluation.window) : null;
    return { train: null, evaluation: judged };
  }
  const { source } = data.train;
  const trainWindow =
    evaluation.by === "time" ? endBefore(data.train.window, evaluation.window, settings) : data.train.window;
  const train = await pin(source, trainWindow);
  if (evaluation.by === "none") return { train, evaluation: null };
  if (evaluation.by === "share") return { train, evaluation: train };
  if (evaluation.by === "time") return { train, evaluation: await pin(source, evaluation.window) };
  return { train, evaluation: await pin(evaluation.source, evaluation.window) };
}

/** Pins one window of a source as it is now. Throws InputError for data that cannot be read. */
export function pinWindow(
  settings: ModelSettings,
  source: string,
  window: WindowSettings,
  root: string,
  context: Context,
): Promise<LockedData> {
  return pinOne(settings, source, window, root, context);
}

async function pinOne(
  settings: ModelSettings,
  source: string,
  window: WindowSettings | null,
  root: string,
  context: Context,
): Promise<LockedData> {
  const open = window === null || (window.from === undefined && window.to === undefined);
  if (!open && settings.time === null) {
    throw new InputError({
      message: "is not set, and the data has a window of time",
      key: `models.${settings.name}.time`,
      hint: "name the time column with `time:`",
    });
  }
  const options = {
    missingValues: settings.missingValues,
    window: open || settings.time === null ? undefined : { time: settings.time, ...window },
  };
  const description = await describeData(locateSource(source, root), options, context);
  if (description.rows === 0) throw createNoRowsError(source, open ? null : window);
  return { source, window: open ? null : window, ...description };
}

/** The training window, ended on the day before `evaluation` begins unless it ends earlier itself. */
function endBefore(
  train: WindowSettings | null,
  evaluation: WindowSettings,
  settings: ModelSettings,
): WindowSettings | null {
  const { from } = evaluation;
  if (from === undefined) {
    if (train?.to !== undefined || train?.from !== undefined) return train;
    throw new InputError({
      message: "training and evaluation would be the same rows",
      key: `models.${settings.name}.data.evaluation`,
      expected: "`from:`, the first day of the evaluation",
    });
  }
  const last = new Date(Date.parse(from.slice(0, 10)) - 86_400_000).toISOString().slice(0, 10);
  return { ...train, to: train?.to !== undefined && train.to < last ? train.to : last };
}
