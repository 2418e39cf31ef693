// Asks the holdout where a stage requires it, and refuses when it does not let the version through.
import type { ModelSettings, StageSettings } from "../config/settings.ts";
import { type Problem, RefusedError } from "../errors.ts";
import { formatNumber } from "../evaluation/format-number.ts";
import type { PromoteRequest, PromotionPlan } from "../registry/promote.ts";
import { type HoldoutQuestion, type HoldoutVerdict, recallHoldout } from "./recall-holdout.ts";

export interface HoldoutAccess {
  readonly settings: ModelSettings;
  /** Looks at the rows; null = they cannot be had here, and only what the ledger remembers counts. */
  readonly judge: ((question: HoldoutQuestion) => Promise<HoldoutVerdict>) | null;
}

export interface HoldoutStages {
  readonly stages: readonly Pick<StageSettings, "name" | "requiresHoldout">[];
  /** How stages that ask the holdout are answered; null = nothing is known of the model's config, so they refuse. */
  readonly holdout: HoldoutAccess | null;
}

/** The stage takes a version only after the holdout let it through. */
export function needsHoldout(stages: HoldoutStages["stages"], stage: string): boolean {
  return stages.some(({ name, requiresHoldout }) => name === stage && requiresHoldout);
}

/** Given a plan, so after every other rule was met and no look is spent in vain. Null when the stage holds the version already. */
export async function askHoldout(
  { holdout, stages }: HoldoutStages,
  request: PromoteRequest,
  { view, draft }: PromotionPlan,
): Promise<{ readonly from: string | null; readonly said: HoldoutVerdict } | null> {
  if (draft === null) return null;
  const { model, version, stage, actor } = request;
  const from = view.index.stages[stage] ?? null;
  const question = { version, stage, from, actor: actor.login };
  const said =
    holdout === null
      ? null
      : holdout.judge === null
        ? recallHoldout(view.index, holdout.settings, question)
        : await holdout.judge(question);
  if (said === null) {
    throw new RefusedError({
      key: `${model}@${version}`,
      message: `${stage} asks for a verdict on the holdout, and there is none on ${version} against ${from ?? "nothing"}`,
      hint: `run \`modelgate promote ${model} ${version} ${stage}\` where the holdout can be read: its config, its data`,
    });
  }
  const isLast = stages.at(-1)?.name === stage;
  const lets = said.verdict === "inconclusive" && !isLast && holdout?.settings.inconclusive === "warn";
  if (said.verdict === "pass" || lets) return { from, said };
  throw new RefusedError(describeHoldoutRefusal(request, from, said));
}

function describeHoldoutRefusal(
  { model, version, stage }: PromoteRequest,
  from: string | null,
  said: HoldoutVerdict,
): readonly [Problem, ...Problem[]] {
  const open = said.gates.filter(({ outcome }) => outcome !== "pass");
  const problem: Problem = {
    key: `${model}@${version}`,
    message: `${version} has the verdict ${said.verdict} on the holdout, against ${from ?? "nothing"}`,
    expected: "pass",
    received: open.length === 0 ? said.verdict : open.map(renderHoldoutGate).join("; "),
    hint: `${stage} keeps ${from ?? "nothing"}; the look is recorded, and the same question gets the same answer`,
  };
  return [problem];
}

/** `roc_auc drop <= 0.5pp: fail (0.78, baseline 0.81)`. */
function renderHoldoutGate({ rule, outcome, value, baseline }: HoldoutVerdict["gates"][number]): string {
  const numbers = [
    value === null ? null : formatNumber(value),
    baseline === null ? null : `baseline ${formatNumber(baseline)}`,
  ].filter((part) => part !== null);
  return `${rule}: ${outcome}${numbers.length === 0 ? "" : ` (${numbers.join(", ")})`}`;
}

/** Lines for a terminal. */
export function renderHoldout(holdout: HoldoutVerdict | null): readonly string[] {
  if (holdout === null) return [];
  const rows = holdout.rows === null ? " (as the ledger remembers)" : ` on ${holdout.rows} rows`;
  const uses =
    holdout.uses === null ? "" : `; it has judged ${holdout.uses} ${holdout.uses === 1 ? "version" : "versions"}`;
  return [
    `  holdout: ${holdout.verdict}${rows}${uses}`,
    ...holdout.gates.map((gate) => `  ${renderHoldoutGate(gate)}`),
  ];
}
