// What each gate of a model can show with today's evaluation rows.
import { resolve } from "node:path";
import { InputError } from "../errors.ts";
import { type GatePlan, planGates as plan } from "../evaluation/plan-gates.ts";
import { prepareRows } from "../evaluation/prepare-rows.ts";
import { layOutTime } from "../evaluation/time-blocks.ts";
import type { Context } from "../host/context.ts";
import { renderGatePlan } from "../report/gate-plan-text.ts";
import { selectRows } from "../tables/select-rows.ts";
import { findModel, loadConfig, loadLock } from "./load-config.ts";
import type { Outcome } from "./outcome.ts";
import { pinModelData } from "./pin-data.ts";
import { readEvaluationRows } from "./pinned-data.ts";
import { predictBoth } from "./predict-both.ts";
import { prepareData } from "./train.ts";

export interface PlanGatesSettings {
  readonly model: string;
  /** A model on disk whose spread is taken; null: one of middling strength is assumed. */
  readonly candidate: string | null;
  readonly configFile: string | undefined;
}

export interface GatePlanDocument extends GatePlan {
  readonly kind: "gate-plan";
  readonly schemaVersion: 1;
  readonly model: string;
}

/** Reads config, lock and evaluation rows of the checkout; throws InputError when there are none. */
export async function planGates(settings: PlanGatesSettings, context: Context): Promise<Outcome<GatePlanDocument>> {
  const loaded = await loadConfig(settings.configFile, context);
  const model = findModel(loaded, settings.model);
  const lock = await loadLock(loaded.root);
  await prepareData(model, loaded.root, context);
  const pin =
    lock.models.get(model.name)?.evaluation ??
    (model.data === null ? null : (await pinModelData(model, loaded.root, context)).evaluation);
  if (pin === null || model.task === null)
    throw new InputError({
      file: loaded.file,
      key: `models.${model.name}.${model.task === null ? "task" : "data"}`,
      message: "is not set, so there are no rows to plan with",
      hint: "name the task, the label and the evaluation data",
    });
  const table = await readEvaluationRows(model, pin, loaded.root, context);
  const predicted =
    settings.candidate === null
      ? null
      : await predictBoth(
          model,
          table,
          { path: resolve(context.folder, settings.candidate), features: model.features },
          null,
          loaded.root,
          context,
        );
  const blocks = layOutTime(table, { ...model, task: model.task }, pin.source);
  const rows =
    predicted?.rows ??
    prepareRows(blocks.order === null ? table : selectRows(table, blocks.order), {
      task: model.task,
      blockLength: blocks.blockLength,
      label: model.label,
      positive: model.decision.positive,
      threshold: model.decision.threshold,
      group: model.group,
      file: pin.source,
    });
  const document: GatePlanDocument = {
    kind: "gate-plan",
    schemaVersion: 1,
    model: model.name,
    ...plan({
      rows,
      model: predicted?.candidate ?? null,
      gates: model.gates,
      metrics: model.metrics,
      slices: model.slices,
      confidence: model.confidence,
      seed: pin.sha256,
    }),
  };
  return { exitCode: 0, document, text: renderGatePlan(document, model.name) };
}
