// The plan of a model's gates as a terminal shows it.
import type { GatePlan, PlannedGate } from "../evaluation/plan-gates.ts";
import { chooseDecimals, noNumber, renderAbout, renderCount, renderNumber } from "./numbers.ts";
import { cleanForTerminal, renderTextTable } from "./text-table.ts";

const changes: Readonly<Record<string, string>> = {
  "0.95": "a small change of the same model (scores correlate 0.95)",
  "0.8": "a model made anew (scores correlate 0.8)",
};

/** Plain text; ends without a newline. */
export function renderGatePlan(plan: GatePlan, model: string): string {
  const assumed =
    plan.assumed === "labels"
      ? "A model of middling strength is assumed; give --candidate to take a real one."
      : "Taken from the model that was given.";
  const [first] = plan.cases;
  if (!first || first.gates.length === 0) return `${cleanForTerminal(model)} has no gates to plan.`;
  const head = `${cleanForTerminal(model)}: what its gates can show with ${renderCount(plan.rows)} rows. ${assumed}`;
  const tables = plan.cases.map(
    ({ correlation, gates }) =>
      `${changes[String(correlation)] ?? `correlation ${correlation}`}\n${renderTable(gates)}`,
  );
  const weak = plan.cases.at(-1)!.gates.filter(({ passChance }) => passChance !== null && passChance < 0.5);
  const advice = weak.map((gate) => {
    const needs = gate.rowsNeeded === null ? "" : `, or take ${renderAbout(gate.rowsNeeded)} rows`;
    return cleanForTerminal(
      `${gate.id}: an equal model would mostly stay inconclusive; allow ${renderMargin(gate.passableMargin)}${needs}.`,
    );
  });
  return [head, ...tables, ...(advice.length > 0 ? [advice.join("\n")] : [])].join("\n\n");
}

function renderTable(gates: readonly PlannedGate[]): string {
  const rows = gates.map((gate) => [
    gate.id,
    renderCount(gate.rows),
    renderMargin(gate.margin),
    renderMargin(gate.passableMargin),
    gate.passChance === null ? noNumber : `${Math.round(gate.passChance * 100)} %`,
    gate.rowsNeeded === null ? noNumber : renderAbout(gate.rowsNeeded),
    renderMargin(gate.smallestDetectableEffect),
    gate.note ?? "",
  ]);
  return renderTextTable(
    ["gate", "rows", "margin", "passable margin", "equal model passes", "rows for 80 %", "loss seen as fail", ""],
    rows,
    ["left", "right", "right", "right", "right", "right", "right", "left"],
  );
}

function renderMargin(value: number | null): string {
  return renderNumber(value, value === null ? 0 : chooseDecimals(null, value));
}
