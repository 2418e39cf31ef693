// What a verdict needs of the ledger: which version each model's baseline names now, and which gates maintainers accepted.
import { z } from "zod";
import type { Config } from "../config/settings.ts";
import { ModelgateError } from "../errors.ts";
import type { Acceptance } from "../evidence/acceptance.ts";
import { nameBaseline } from "../registry/baseline.ts";
import type { LedgerPort } from "../registry/ledger.ts";
import { readModelIndex } from "../registry/ledger-view.ts";
import type { EvaluationUse, ModelIndex } from "../registry/model-index.ts";

/** What an `accept` event carries: the gate, and the head and evidence it was accepted for. */
export const AcceptanceDetails = z.object({
  gate: z.string().max(300),
  headSha: z.string().regex(/^[0-9a-f]{40}$/),
  evidenceSha256: z.string().regex(/^[0-9a-f]{64}$/),
  pullNumber: z.number().int().positive(),
});

export interface RegistryFacts {
  /** By model: the version its baseline names, null = none. Models whose index could not be read are missing. */
  readonly baselines: ReadonlyMap<string, string | null>;
  readonly acceptances: readonly Acceptance[];
  /** What each model's evaluation sets have judged. */
  readonly evaluationUses: ReadonlyMap<string, readonly EvaluationUse[]>;
}

/** Reads the index of each of the models once, as of one head. A model that cannot be read is left out, and so never green. */
export async function readRegistryFacts(
  ledger: LedgerPort,
  config: Config,
  models: readonly string[],
): Promise<RegistryFacts> {
  const baselines = new Map<string, string | null>();
  const acceptances: Acceptance[] = [];
  const evaluationUses = new Map<string, readonly EvaluationUse[]>();
  const head = await ledger.readHead();
  for (const model of models) {
    const settings = config.models.get(model);
    if (!settings) continue;
    if (head === null) {
      baselines.set(model, null);
      evaluationUses.set(model, []);
      continue;
    }
    try {
      const index = await readModelIndex(ledger, model, head.commit);
      baselines.set(model, nameBaseline(settings.baseline, index));
      acceptances.push(...readAcceptances(index));
      evaluationUses.set(model, index.evaluationUses);
    } catch (error) {
      if (!(error instanceof ModelgateError) || error.family === "provider") throw error;
    }
  }
  return { baselines, acceptances, evaluationUses };
}

function readAcceptances(index: ModelIndex): readonly Acceptance[] {
  return index.accepts.flatMap((accept) => {
    const details = AcceptanceDetails.safeParse(accept.details);
    if (!details.success) return [];
    const { gate, headSha, evidenceSha256 } = details.data;
    return [{ model: index.model, gate, by: accept.actor, reason: accept.reason ?? "", headSha, evidenceSha256 }];
  });
}
