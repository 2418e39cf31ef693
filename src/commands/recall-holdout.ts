// What a stage asks of the holdout, and what the ledger remembers of the answer: for those who have no rows to look at.
import type { ModelSettings } from "../config/settings.ts";
import type { GateOutcome } from "../evaluation/comparison.ts";
import { renderCanonicalJson } from "../json/canonical-json.ts";
import { sha256Hex } from "../json/digest.ts";
import type { ModelIndex } from "../registry/model-index.ts";

export interface HoldoutQuestion {
  readonly version: string;
  readonly stage: string;
  /** The version that holds the stage; null = none does, and only absolute gates decide. */
  readonly from: string | null;
  readonly actor: string;
}

/** `gates` empty and `rows` null: what the ledger remembers of an earlier look, which is not repeated. */
export interface HoldoutVerdict {
  readonly verdict: GateOutcome;
  readonly sha256: string | null;
  readonly rows: number | null;
  /** Versions this holdout has judged, this one included; null = not known. */
  readonly uses: number | null;
  readonly gates: readonly HoldoutGate[];
}

/** A gate by its rule as the config has it: which values a `*` or `worst` stood for stays with the holdout. */
export interface HoldoutGate {
  readonly rule: string;
  readonly outcome: GateOutcome;
  readonly value: number | null;
  readonly baseline: number | null;
  readonly difference: number | null;
  readonly interval: readonly [number, number] | null;
}

/** What the ledger remembers for this question and these rules, whichever rows judged; null = nothing. */
export function recallHoldout(
  index: ModelIndex,
  settings: ModelSettings,
  question: HoldoutQuestion,
): HoldoutVerdict | null {
  const subject = nameHoldoutSubject(settings, question);
  for (const { sha256, uses, last } of index.evaluationUses) {
    const found = last.find((one) => one.subject === subject);
    if (found?.verdict) return { verdict: found.verdict, sha256, rows: null, uses, gates: [] };
  }
  return null;
}

/** Names the question: the same versions under other gates, metrics or slices are another one. */
export function nameHoldoutSubject(settings: ModelSettings, { version, stage, from }: HoldoutQuestion): string {
  const { metrics, slices, confidence, decision, label, group } = settings;
  const gates = settings.gates.map(({ rule, severity, minRows, against }) => ({ rule, severity, minRows, against }));
  const rules = sha256Hex(renderCanonicalJson({ gates, metrics, slices, confidence, decision, label, group }));
  return `${version} for ${stage} against ${from ?? "nothing"} by ${rules.slice(0, 12)}`;
}
