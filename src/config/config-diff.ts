// What a pull request does to the rules it is judged by and to the data that judges it: sentences for reviewers.
// The base's rules judge all the same; what is here is told, and evaluation data needs a maintainer's word.
import type { Lock, LockedData, LockedModel } from "./lock.ts";
import { findRetrainingProblem, mayOverlap } from "./retraining.ts";
import type { Config, ModelSettings, WindowSettings } from "./settings.ts";

/** As `ProposedChange` of the evidence. */
export interface ConfigChange {
  readonly what: "config" | "gates" | "evaluation-data" | "training-window" | "lock";
  /** One sentence, names between backticks. */
  readonly summary: string;
  readonly needsAccept: boolean;
}

interface Side {
  readonly config: Config;
  readonly lock: Lock;
}

/** Changes by model, of models that either side has; models without any are left out. */
export function describeConfigChanges(base: Side, head: Side): ReadonlyMap<string, readonly ConfigChange[]> {
  const names = new Set([...base.config.models.keys(), ...head.config.models.keys()]);
  const changes = new Map<string, readonly ConfigChange[]>();
  for (const name of names) {
    const found = describeModelChanges(name, base, head);
    if (found.length > 0) changes.set(name, found);
  }
  return changes;
}

/**
 * True when all that a change does to the model's rules and data is to move windows of the same sources forward in time, the
 * training's among them (`findRetrainingProblem`): it is judged on the old evaluation data as well and needs no word for the new.
 */
export function isRetraining(name: string, base: Side, head: Side): boolean {
  const [before, after] = [base.lock.models.get(name), head.lock.models.get(name)];
  if (!before || !after || !movesOnlyWindows(name, base, head, before, after)) return false;
  return findRetrainingProblem(before, after) === null;
}

function movesOnlyWindows(name: string, base: Side, head: Side, before: LockedModel, after: LockedModel): boolean {
  if (!before.train || !after.train) return false;
  if (!sameValue(base.config.models.get(name), head.config.models.get(name))) return false;
  if (sameValue(before.train, after.train) || !movesWindow(before.train, after.train)) return false;
  if (sameValue(before.evaluation, after.evaluation)) return true;
  return before.evaluation !== null && after.evaluation !== null && movesWindow(before.evaluation, after.evaluation);
}

function describeModelChanges(name: string, base: Side, head: Side): ConfigChange[] {
  const before = base.config.models.get(name);
  const after = head.config.models.get(name);
  if (!after) return [tell("config", `\`${name}\` is removed from the config.`)];
  if (!before) return [tell("config", `\`${name}\` is new in the config; its gates judge from the next change on.`)];
  return [
    ...describeGates(before, after),
    ...describeBehaviours(before, after),
    ...describeSettings(before, after),
    ...describeLock(name, base, head),
  ];
}

function describeGates(before: ModelSettings, after: ModelSettings): ConfigChange[] {
  const old = new Map(before.gates.map((gate) => [gate.id, gate]));
  const now = new Map(after.gates.map((gate) => [gate.id, gate]));
  const removed = before.gates
    .filter(({ id }) => !now.has(id))
    .map(({ rule }) => tell("gates", `The gate \`${rule}\` is removed.`));
  const added = after.gates
    .filter(({ id }) => !old.has(id))
    .map(({ rule }) => tell("gates", `The gate \`${rule}\` is added.`));
  const changed = after.gates.flatMap((gate) => {
    const was = old.get(gate.id);
    if (!was || sameValue(was, gate)) return [];
    if (was.rule !== gate.rule) return [tell("gates", `The gate \`${was.rule}\` becomes \`${gate.rule}\`.`)];
    if (was.severity !== gate.severity) {
      const only = gate.severity === "warn" ? "only warns from now on" : "decides from now on";
      return [tell("gates", `The gate \`${gate.rule}\` ${only}.`)];
    }
    return [tell("gates", `The settings of the gate \`${gate.rule}\` change.`)];
  });
  return [...removed, ...changed, ...added];
}

function describeBehaviours(before: ModelSettings, after: ModelSettings): ConfigChange[] {
  const ids = new Set([...before.behaviours, ...after.behaviours].map(({ id }) => id));
  return [...ids].flatMap((id) => {
    const [was, is] = [before, after].map(({ behaviours }) => behaviours.find((one) => one.id === id));
    if (sameValue(was, is)) return [];
    const verb = is === undefined ? "is removed" : was === undefined ? "is added" : "changes";
    return [tell("gates", `The behaviour \`${id}\` ${verb}.`)];
  });
}

/** The settings that judge, and what to call them; gates and data have sentences of their own. */
const judgingKeys = {
  task: "`task`",
  label: "`label`",
  id: "`id`",
  group: "`group`",
  decision: "`decision`",
  metrics: "`metrics`",
  slices: "`slices`",
  baseline: "`baseline`",
  firstVersion: "`first-version`",
  confidence: "`confidence`",
  inconclusive: "`inconclusive`",
  evidence: "`evidence`",
  expect: "`expect`",
  stages: "`stages`",
  predict: "`predict`",
  missingValues: "`missing-values`",
  paths: "`paths`",
} as const satisfies Partial<Record<keyof ModelSettings, string>>;

function describeSettings(before: ModelSettings, after: ModelSettings): ConfigChange[] {
  const keys = Object.keys(judgingKeys) as (keyof typeof judgingKeys)[];
  const found = keys.flatMap((key) => {
    if (sameValue(before[key], after[key])) return [];
    const from = renderScalar(before[key]);
    const to = renderScalar(after[key]);
    const how = from === null || to === null ? "changes" : `changes from \`${from}\` to \`${to}\``;
    return [tell("config", `${judgingKeys[key]} ${how}.`)];
  });
  const data = (["evaluation", "holdout"] as const).filter((key) => !sameValue(before.data?.[key], after.data?.[key]));
  return [
    ...found,
    ...data.map((key): ConfigChange => {
      return { what: "evaluation-data", summary: `\`data.${key}\` changes.`, needsAccept: true };
    }),
  ];
}

function describeLock(name: string, base: Side, head: Side): ConfigChange[] {
  const before = base.lock.models.get(name) ?? { train: null, evaluation: null };
  const after = head.lock.models.get(name) ?? { train: null, evaluation: null };
  const changes: ConfigChange[] = [];
  if (!sameValue(before.train, after.train)) {
    changes.push(tell("training-window", describeData("training", before.train, after.train)));
  }
  const retraining = isRetraining(name, base, head);
  if (!sameValue(before.evaluation, after.evaluation)) {
    const summary = describeData("evaluation", before.evaluation, after.evaluation);
    const problem = movesOnlyWindows(name, base, head, before, after) ? findRetrainingProblem(before, after) : null;
    changes.push({
      what: "evaluation-data",
      summary: problem === null ? summary : `${summary} This is no retraining: ${problem}`,
      needsAccept: !retraining,
    });
  }
  if (!retraining && reachesIn(before, after)) {
    const summary = "The training now reaches into the evaluation rows: what they say of this model is worth little.";
    changes.push({ what: "evaluation-data", summary, needsAccept: true });
  }
  return changes;
}

/** The new training holds rows that judge, which the old training did not. */
function reachesIn(before: LockedModel, after: LockedModel): boolean {
  if (!before.evaluation || !after.train || sameValue(before.train, after.train)) return false;
  if (before.train && mayOverlap(before.train, before.evaluation)) return false;
  return mayOverlap(after.train, before.evaluation);
}

function describeData(kind: "training" | "evaluation", before: LockedData | null, after: LockedData | null): string {
  if (!before && after) return `The ${kind} data is pinned: ${renderData(after)}.`;
  if (before && !after) return `The ${kind} data is no longer pinned.`;
  if (!before || !after) return `The ${kind} data changes.`;
  if (movesWindow(before, after) && !sameValue(before.window, after.window)) {
    return `The ${kind} window moves from ${renderWindow(before.window)} (${before.rows} rows) to ${renderWindow(after.window)} (${after.rows} rows).`;
  }
  if (before.source !== after.source)
    return `The ${kind} data moves from \`${before.source}\` to ${renderData(after)}.`;
  const rows =
    before.rows === after.rows ? `${after.rows} rows, other content` : `${before.rows} rows become ${after.rows}`;
  return `The ${kind} data changes in \`${after.source}\`: ${rows}.`;
}

/** Same source and columns: only which rows of it. */
function movesWindow(before: LockedData, after: LockedData): boolean {
  return before.source === after.source && sameValue(before.columns, after.columns);
}

function renderData(data: LockedData): string {
  const window = data.window === null ? "" : `, ${renderWindow(data.window)}`;
  return `\`${data.source}\` (${data.rows} rows${window})`;
}

function renderWindow(window: WindowSettings | null): string {
  return window === null ? "all rows" : `${window.from ?? "…"} … ${window.to ?? "…"}`;
}

function renderScalar(value: unknown): string | null {
  return typeof value === "string" || typeof value === "number" ? String(value) : null;
}

function tell(what: ConfigChange["what"], summary: string): ConfigChange {
  return { what, summary, needsAccept: false };
}

/** Equal as plain data: maps and objects whatever the order of their keys, lists in order, numbers by `Object.is`. */
export function sameValue(left: unknown, right: unknown): boolean {
  if (Object.is(left, right)) return true;
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) return false;
  if (left instanceof Map || right instanceof Map) {
    return left instanceof Map && right instanceof Map && sameEntries([...left], new Map(right));
  }
  if (Array.isArray(left) || Array.isArray(right)) {
    return (
      Array.isArray(left) &&
      Array.isArray(right) &&
      left.length === right.length &&
      left.every((item, index) => sameValue(item, right[index]))
    );
  }
  return sameEntries(Object.entries(left), new Map(Object.entries(right)));
}

function sameEntries(left: readonly (readonly [unknown, unknown])[], right: ReadonlyMap<unknown, unknown>): boolean {
  return left.length === right.size && left.every(([key, value]) => right.has(key) && sameValue(value, right.get(key)));
}
