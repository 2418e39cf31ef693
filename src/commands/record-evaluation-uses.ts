// After a verdict: counts that an evaluation set has judged one more change. A count that cannot be written is a warning, never a verdict.

import type { JudgedSet } from "../evidence/judged-sets.ts";
import { findUse } from "../registry/evaluation-use.ts";
import type { LedgerPort } from "../registry/ledger.ts";
import type { Pace } from "../registry/pace.ts";
import { recordEvent } from "./record-event.ts";

export interface EvaluationUsesSettings {
  readonly judged: readonly JudgedSet[];
  readonly headSha: string;
  /** Other heads of the same change, such as those a merge brought: what was counted for them is not counted again. */
  readonly sameChange: readonly string[];
  readonly pullNumber: number | null;
  readonly actor: string;
}

export interface EvaluationUsesPorts {
  readonly ledger: LedgerPort;
  readonly pace: Pace;
  readonly progress: (line: string) => void;
}

/** Appends one `evaluation-use` per set unless the change is counted already, also when another process counts it meanwhile. */
export async function recordEvaluationUses(
  settings: EvaluationUsesSettings,
  ports: EvaluationUsesPorts,
): Promise<void> {
  const { headSha, sameChange, pullNumber, actor } = settings;
  const subjects = [headSha, ...sameChange];
  for (const { model, sha256, verdict } of settings.judged) {
    const details = { subject: headSha, verdict, headSha, ...(pullNumber === null ? {} : { pullNumber }) };
    const at = { model, version: null, stage: null, reason: null };
    try {
      await recordEvent(
        ports,
        { event: "evaluation-use", ...at, actor, evaluationSha256: sha256, details },
        ({ index }) => subjects.some((subject) => findUse(index, sha256, subject) !== null),
      );
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      ports.progress(`warning: that the evaluation set of ${model} was used could not be counted: ${why}`);
    }
  }
}
