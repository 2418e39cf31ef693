// A maintainer's word that one gate need not hold, for one head and one piece of evidence.

/** As the ledger recorded it. */
export interface Acceptance {
  readonly model: string;
  /** A gate's id, `evidence`, or `evaluation-data`. */
  readonly gate: string;
  readonly by: string;
  readonly reason: string;
  readonly headSha: string;
  readonly evidenceSha256: string;
}

/** True when somebody accepted this gate for exactly this head and evidence: a new commit or other numbers void it. */
export function isAccepted(
  given: { readonly acceptances: readonly Acceptance[]; readonly headSha: string; readonly evidenceSha256: string },
  model: string,
  gate: string,
): boolean {
  return findAcceptance(given, model, gate) !== null;
}

/** The acceptance of this gate for exactly this head and evidence, or null. */
export function findAcceptance(
  given: { readonly acceptances: readonly Acceptance[]; readonly headSha: string; readonly evidenceSha256: string },
  model: string,
  gate: string,
): Acceptance | null {
  return (
    given.acceptances.find(
      (acceptance) =>
        acceptance.model === model &&
        acceptance.gate === gate &&
        acceptance.headSha === given.headSha &&
        acceptance.evidenceSha256 === given.evidenceSha256,
    ) ?? null
  );
}
