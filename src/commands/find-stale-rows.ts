// Was the evidence judged on the rows that count now? Base's lock says which, and a retraining's own lock for its new ones.
import type { Side } from "../config/affected.ts";
import { isRetraining } from "../config/config-diff.ts";
import type { ModelEvidence } from "../evidence/evidence.ts";

/** Models judged on other rows than the base branch pins now. Where base pins none, or its lock is wrong, nothing is known. */
export function findStaleRows(
  models: readonly ModelEvidence[],
  base: Side | null,
  head: Side | null,
): readonly string[] {
  return models.flatMap(({ model, status, evaluationData }) => {
    const pinned = base?.lock.models.get(model)?.evaluation ?? null;
    if (base === null || pinned === null || status !== "judged") return [];
    const retrained = head !== null && isRetraining(model, base, head) ? head.lock.models.get(model)?.evaluation : null;
    return evaluationData?.sha256 === (retrained ?? pinned).sha256 ? [] : [model];
  });
}
