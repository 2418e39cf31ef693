// Use case for other use cases: one fact into the ledger (a finding, an accepted gate, a use of an evaluation set, a note).
import { type Appended, appendEvent } from "../registry/append-event.ts";
import type { EventDraft } from "../registry/event.ts";
import { type LedgerView, readLedgerView } from "../registry/ledger-view.ts";
import type { RegistrySession } from "./registry-session.ts";

export type FactDraft = Extract<EventDraft, { event: "accept" | "finding" | "evaluation-use" | "note" }>;

/**
 * Appends the fact unless `isKnown` says that the ledger has it. `isKnown` is asked anew when the ledger moved meanwhile.
 * `event` of the result is null when nothing was written.
 */
export async function recordEvent(
  session: Pick<RegistrySession, "ledger" | "pace">,
  draft: FactDraft,
  isKnown: (view: LedgerView) => boolean = () => false,
): Promise<Appended> {
  return await appendEvent(
    session,
    () => readLedgerView(session.ledger, draft.model, null),
    (view) => (isKnown(view) ? null : draft),
  );
}
