// Gates that the config has and the evidence is silent about: silence never counts as a pass.
import type { ModelSettings } from "../config/settings.ts";
import { nameBehaviourGate, renderBehaviourRule } from "../evaluation/behaviours/behaviour.ts";
import type { ModelEvidence } from "./evidence.ts";

/** Names of the config's deciding gates that the evidence does not list as deciding; a gate it calls a warning is not told. */
export function findUntoldGates(settings: ModelSettings, model: ModelEvidence): readonly string[] {
  const told = new Set(
    (model.comparison?.gates ?? []).filter((gate) => gate.severity === "fail").map((gate) => gate.rule),
  );
  const behaviours = settings.behaviours.map((behaviour) => ({
    id: nameBehaviourGate(behaviour.id),
    rule: renderBehaviourRule(behaviour),
    severity: behaviour.severity,
  }));
  return [...settings.gates, ...behaviours]
    .filter((gate) => gate.severity === "fail" && !told.has(gate.rule))
    .map((gate) => gate.id ?? gate.rule);
}
