// `behaviours` and `explain` written out.
import type { Behaviour, BehaviourExpectation, CellChange } from "../evaluation/behaviours/behaviour.ts";
import { type BehaviourFile, type ExplainFile, explainDefaults } from "./behaviour-schema.ts";
import type { ExplainSettings } from "./settings.ts";
import { parseDurationSeconds } from "./value-schemas.ts";

export function resolveBehaviour(file: BehaviourFile): Behaviour {
  return {
    id: file.id,
    kind: file.kind,
    where: file.where ?? null,
    cases:
      file.cases?.map(({ given, expect }) => ({ given, expect: expect ? resolveExpectation(expect) : null })) ?? null,
    changes: Object.entries(file.change ?? {}).map(([column, change]) => ({ column, change: resolveChange(change) })),
    expect:
      file.kind === "invariance"
        ? { kind: "unchanged" }
        : file.expect === undefined
          ? null
          : resolveExpectation(file.expect),
    ofClass: file.class === undefined ? null : String(file.class),
    tolerance: file.tolerance ?? null,
    minPass: file["min-pass"],
    severity: file.severity,
    mostRows: file.rows,
  };
}

function resolveExpectation(file: NonNullable<BehaviourFile["expect"]>): BehaviourExpectation {
  if (typeof file === "string") return { kind: file };
  if ("class" in file) return { kind: "class", name: String(file.class) };
  return { kind: "between", low: file.between[0], high: file.between[1] };
}

function resolveChange(file: NonNullable<BehaviourFile["change"]>[string]): CellChange {
  if (typeof file !== "object") return { kind: "set", value: file };
  if ("add" in file) return { kind: "add", amount: file.add };
  if ("times" in file) return { kind: "times", factor: file.times };
  return { kind: "one-of", values: file["one-of"] };
}

/** Null = never. Unasked, programs of the user are not asked again. */
export function resolveExplain(file: ExplainFile | undefined): ExplainSettings | null {
  if (file === false) return null;
  const settings = typeof file === "object" ? file : explainDefaults;
  return {
    columns: settings.columns ?? null,
    rows: settings.rows,
    shuffles: settings.shuffles,
    metric: settings.metric ?? null,
    shapleyRows: settings["shapley-rows"],
    background: settings.background,
    predictions: settings.predictions,
    timeoutSeconds: parseDurationSeconds(settings.timeout),
    programs: file !== undefined,
  };
}
