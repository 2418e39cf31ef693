// `lock`: pins the data of models in modelgate.lock as it is now.
import { join } from "node:path";
import { lockFileName, renderLock, withLockedModel } from "../config/parse-lock.ts";
import type { Context } from "../host/context.ts";
import { writeFileAtomically } from "../host/files.ts";
import { findModel, loadConfig, loadLock } from "./load-config.ts";
import type { Outcome } from "./outcome.ts";
import { pinModelData } from "./pin-data.ts";
import { prepareData } from "./train.ts";

export interface LockSettings {
  /** Null = every model of the config that names data. */
  readonly model: string | null;
  readonly configFile: string | undefined;
  /** Say what would be written and write nothing. */
  readonly dryRun: boolean;
}

export interface LockDocument {
  readonly kind: "lock-change";
  readonly schemaVersion: 1;
  readonly state: "written" | "unchanged" | "planned";
  readonly models: readonly { readonly model: string; readonly trainRows: number; readonly evaluationRows: number }[];
}

/** Rewrites the entries of the chosen models and leaves the others as they are. Throws InputError for config and data. */
export async function lock(settings: LockSettings, context: Context): Promise<Outcome<LockDocument>> {
  const loaded = await loadConfig(settings.configFile, context);
  const chosen =
    settings.model === null
      ? [...loaded.config.models.values()].filter((model) => model.data?.train)
      : [findModel(loaded, settings.model)];
  const before = await loadLock(loaded.root);
  let after = before;
  const models: LockDocument["models"][number][] = [];
  for (const model of chosen) {
    await prepareData(model, loaded.root, context);
    const pins = await pinModelData(model, loaded.root, context);
    after = withLockedModel(after, model.name, pins);
    models.push({
      model: model.name,
      trainRows: pins.train?.rows ?? 0,
      evaluationRows: pins.evaluation?.rows ?? 0,
    });
  }
  const text = renderLock(after);
  const state = text === renderLock(before) ? "unchanged" : settings.dryRun ? "planned" : "written";
  if (state === "written") await writeFileAtomically(join(loaded.root, lockFileName), text);
  const lines = models.map(
    (model) => `  ${model.model}: ${model.trainRows} training rows, ${model.evaluationRows} for evaluation`,
  );
  return {
    exitCode: 0,
    document: { kind: "lock-change", schemaVersion: 1, state, models },
    text: [`${lockFileName} ${state}`, ...lines, ...(settings.dryRun ? [text.trimEnd()] : [])].join("\n"),
  };
}
