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
}));

/** Stages of one model. */
export function resolveStages(stages: ModelFile["stages"]): readonly StageSettings[] {
  if (!stages) return defaultStages;
  return stages.map((stage) => ({
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
  }));
}

/** `production` where there is one, else the last stage: what serves. */
export function chooseBaseline(stages: readonly StageSettings[]): string {
  const last = stages.at(-1)?.name ?? "production";
  return stages.some(({ name }) => name === "production") ? "production" : last;
}
