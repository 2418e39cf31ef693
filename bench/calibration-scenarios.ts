// What is simulated: eight gates on equal models, on a model exactly at one margin, and on one that is clearly worse.
import { measureDetectable, type Scenario, type ValueScenario } from "./calibration.ts";

interface Setting {
  readonly rows: number;
  readonly correlation: number;
  readonly pairs: number;
}

const base = { area: 0.856, areaLoss: 0, resamples: 1000 };
const margin = 0.02;

/** Six margins and two limits; `last` are the fifth and sixth margin. */
function listGates(area: string, rest: string, last: readonly string[]): readonly string[] {
  return [
    `roc_auc drop <= ${area}`,
    `accuracy drop <= ${rest}`,
    `recall drop <= ${rest}`,
    `f1 drop <= ${rest}`,
    ...last,
    "roc_auc >= 0.7",
    "accuracy >= 0.6",
  ];
}

/** Equal models, margins that they may or may not pass. */
export function equalScenario(setting: Setting): Scenario {
  return {
    ...base,
    ...setting,
    gates: listGates("3pp", "3pp", ["log_loss rise <= 0.03", "brier_score rise <= 3pp"]),
  };
}

/** The candidate's AUC is exactly at its margin, all else far inside. */
export function marginScenario(setting: Setting): Scenario {
  const gates = listGates("2pp", "30pp", ["specificity drop <= 30pp", "precision drop <= 40pp"]);
  return { ...base, ...setting, areaLoss: margin, gates };
}

/** The AUC's loss is its margin + 2 · (smallest detectable − margin), as 20 pairs of equal models print it. */
export function lossScenario(setting: Setting): Scenario {
  const scenario = marginScenario(setting);
  const detectable = measureDetectable({ ...scenario, areaLoss: 0, pairs: 20 }, "roc_auc drop");
  return { ...scenario, areaLoss: margin + 2 * (detectable - margin) };
}

/** Changes over all rows and on a slice of a tenth of them; margins do not matter. */
export function sliceScenario(setting: Setting, areaLoss: number): Scenario {
  const gates = ["", "[plan=small]"].flatMap((slice) => [
    `roc_auc${slice} drop <= 30pp`,
    `recall${slice} drop <= 30pp`,
    `f1${slice} drop <= 30pp`,
    `log_loss${slice} rise <= 0.3`,
    `brier_score${slice} rise <= 30pp`,
  ]);
  return { ...base, ...setting, areaLoss, gates };
}

/** Changes of shares that are nearly always hits: there are few disagreements to learn from. */
export function shareScenario(setting: Setting): Scenario {
  const gates = ["accuracy", "recall", "specificity"].map((id) => `${id} drop <= 30pp`);
  return { ...base, ...setting, area: 0.99, gates };
}

/** A model's own values, over all rows and by slice. */
export function valueScenario(setting: Setting): ValueScenario {
  const metrics = ["roc_auc", "log_loss", "f1", "accuracy", "recall"];
  return { ...base, ...setting, metrics };
}

/** A good model's own shares. */
export function shareValueScenario(setting: Setting): ValueScenario {
  return { ...base, ...setting, area: 0.99, metrics: ["accuracy", "recall", "specificity"] };
}

const fewMetrics = ["roc_auc", "log_loss", "brier_score", "accuracy", "recall", "precision", "f1"];

/** Changes on as few rows as a slice is shown with. */
export function fewScenario(setting: Setting, area: number, areaLoss: number): Scenario {
  const gates = fewMetrics.map((id) => {
    if (id === "log_loss") return "log_loss rise <= 30";
    return `${id} ${id === "brier_score" ? "rise" : "drop"} <= 90pp`;
  });
  return { ...base, ...setting, area, areaLoss, gates };
}

/** A model's own values on as few rows, slices left out. */
export function fewValueScenario(setting: Setting, area: number): ValueScenario {
  return { ...base, ...setting, area, metrics: fewMetrics, slices: false };
}
