// Which rows a model should be trained and judged on next, when what production sees has drifted.
import type { Lock, LockedModel } from "../config/lock.ts";
import { fewestRetrainingRows } from "../config/retraining.ts";
import type { ModelSettings } from "../config/settings.ts";
import type { ModelFindings } from "../evidence/findings.ts";
import type { Context } from "../host/context.ts";
import type { MonitoringWindow } from "../monitoring/findings.ts";
import { addDays } from "./newest-window.ts";
import { pinWindow } from "./pin-data.ts";

/**
 * Both windows move: the evaluation keeps its length and ends with the checked window, training goes up to the day before
 * it. Null when that leaves too few rows to judge by or brings no new rows to train on.
 */
export async function proposeRetraining(
  model: ModelSettings,
  lock: Lock,
  root: string,
  window: Required<MonitoringWindow>,
  context: Context,
): Promise<ModelFindings["proposal"]> {
  const locked = lock.models.get(model.name);
  if (!locked?.train) return null;
  const judgedFrom = findEvaluationStart(locked, window);
  const from = locked.train.window?.from;
  const to = addDays(judgedFrom, -1);
  const pin = (rows: MonitoringWindow) => pinWindow(model, locked.train?.source ?? "", rows, root, context);
  const train = await pin(from === undefined ? { to } : { from, to });
  const evaluation = await pin({ from: judgedFrom, to: window.to });
  if (evaluation.rows < fewestRetrainingRows || train.rows <= locked.train.rows) return null;
  const plain = (data: typeof train) => ({
    ...data,
    window: data.window && { ...data.window },
    columns: [...data.columns],
  });
  return { train: plain(train), evaluation: plain(evaluation) };
}

/** As long before the window's end as the old evaluation was, but never within the old training. */
function findEvaluationStart(locked: LockedModel, window: Required<MonitoringWindow>): string {
  const before = locked.evaluation?.window;
  if (before?.from === undefined || before.to === undefined) return window.from;
  const length = Math.round((Date.parse(before.to.slice(0, 10)) - Date.parse(before.from.slice(0, 10))) / 86_400_000);
  const start = addDays(window.to, -length);
  const trainedTo = locked.train?.window?.to?.slice(0, 10);
  return trainedTo !== undefined && start <= trainedTo ? window.from : start;
}
