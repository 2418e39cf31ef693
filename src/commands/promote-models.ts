// After a publish: takes each version through the stages, in their order, as far as their rules let the one who merged.
import { RefusedError } from "../errors.ts";
import type { Context } from "../host/context.ts";
import { UnservableError } from "../registry/servable.ts";
import { judgeHoldout } from "./judge-holdout.ts";
import { findModel, loadConfig } from "./load-config.ts";
import type { Outcome } from "./outcome.ts";
import { promote } from "./promote.ts";
import type { HoldoutQuestion } from "./recall-holdout.ts";
import type { StageChangeDocument } from "./registry-documents.ts";
import type { RegistrySession } from "./registry-session.ts";

export interface PromoteModelsSettings {
  readonly versions: readonly { readonly model: string; readonly version: string }[];
  /** The last stage to go to; null = as far as the rules allow. */
  readonly upTo: string | null;
  readonly reason: string | null;
  readonly configFile: string | undefined;
  readonly dryRun: boolean;
}

/** Kind `stage-changes`. `held` says where a version stopped and why: an approval that is missing is no failure. */
export interface StageChangesDocument {
  readonly kind: "stage-changes";
  readonly schemaVersion: 1;
  readonly changes: readonly StageChangeDocument[];
  readonly held: readonly {
    readonly model: string;
    readonly version: string;
    readonly stage: string;
    readonly reason: string;
  }[];
}

/** Exit 0 also when a rule holds a version back; failures of GitHub, and a release that was meddled with, are thrown. */
export async function promoteModels(
  settings: PromoteModelsSettings,
  opened: RegistrySession,
  context: Context,
): Promise<Outcome<StageChangesDocument>> {
  const loaded = await loadConfig(settings.configFile, context);
  const session = opened.under(loaded.config);
  const changes: StageChangeDocument[] = [];
  const held: StageChangesDocument["held"][number][] = [];
  for (const { model, version } of settings.versions) {
    const ofModel = findModel(loaded, model);
    const { stages } = ofModel;
    const judge = (question: HoldoutQuestion) => judgeHoldout(ofModel, loaded.root, question, session, context);
    const holdout = { settings: ofModel, judge };
    const last = settings.upTo === null ? stages.length : stages.findIndex(({ name }) => name === settings.upTo) + 1;
    for (const { name: stage } of stages.slice(0, last)) {
      try {
        const { reason, dryRun } = settings;
        const asked = { model, version, stage, reason, actor: null, stages, holdout, dryRun };
        const outcome = await promote(asked, session, context);
        changes.push(outcome.document);
      } catch (error) {
        if (!(error instanceof RefusedError) || error instanceof UnservableError) throw error;
        held.push({ model, version, stage, reason: error.problems.map((problem) => problem.message).join("; ") });
        break;
      }
    }
  }
  const lines = [
    ...changes.map(({ model, stage, from, to, state }) => `${model} ${stage}: ${from ?? "nothing"} → ${to} (${state})`),
    ...held.map(({ model, version, stage, reason }) => `${model} ${version} does not go to ${stage}: ${reason}`),
  ];
  return {
    exitCode: 0,
    document: { kind: "stage-changes", schemaVersion: 1, changes, held },
    text: lines.join("\n") || "nothing was published: no stage to move",
  };
}
