// Stages with their defaults.
import type { ModelFile } from "./schema.ts";
import type { StageSettings } from "./settings.ts";

/** Without `stages:` there are two, and either can be set directly: an order is enforced only when the config asks for it. */
export const defaultStages: readonly StageSettings[] = ["staging", "production"].map((name) => ({
  name,
  promotesFrom: null,
  who: { stated: false, permission: "write", users: [], teams: [] },
  approvals: 0,
  notify: [],
  requiresHoldout: false,
  requiresGates: false,
}));

/** Stages of one model; the last asks for the holdout, where there is one, unless it says otherwise. */
export function resolveStages(stages: ModelFile["stages"], hasHoldout: boolean): readonly StageSettings[] {
  const isLast = (index: number, all: readonly unknown[]) => index === all.length - 1;
  if (!stages) {
    return defaultStages.map((stage, index, all) => ({ ...stage, requiresHoldout: hasHoldout && isLast(index, all) }));
  }
  return stages.map((stage, index, all) => ({
    name: stage.name,
    promotesFrom: stage["promotes-from"] ?? null,
    who: {
      stated: stage.who !== undefined,
      permission: stage.who?.permission ?? "write",
      users: stage.who?.users ?? [],
      teams: stage.who?.teams ?? [],
    },
    approvals: stage.approvals,
    notify: stage.notify,
    requiresHoldout: stage.requires?.includes("holdout") ?? (hasHoldout && isLast(index, all)),
    requiresGates: stage.requires?.includes("gates") ?? false,
  }));
}

/** `production` where there is one, else the last stage: what serves. */
export function chooseBaseline(stages: readonly StageSettings[]): string {
  const last = stages.at(-1)?.name ?? "production";
  return stages.some(({ name }) => name === "production") ? "production" : last;
}
