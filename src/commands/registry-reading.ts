// Reading the whole ledger for the commands that show it.
import { InputError } from "../errors.ts";
import type { LedgerPort } from "../registry/ledger.ts";
import {
  type CommittedEvent,
  foldEvents,
  type ModelState,
  type RegistryState,
  readEvents,
} from "../registry/registry-state.ts";

/** Every event, oldest first; none when there is no ledger. One request per 100 events. */
export async function readAllEvents(ledger: LedgerPort): Promise<readonly CommittedEvent[]> {
  const head = await ledger.readHead();
  return head === null ? [] : readEvents(await ledger.readCommits(head));
}

export async function readRegistryState(ledger: LedgerPort): Promise<RegistryState> {
  return foldEvents((await readAllEvents(ledger)).map(({ event }) => event));
}

/** The model's part, or InputError naming the models there are. */
export function findModelState(state: RegistryState, model: string): ModelState {
  const found = state.get(model);
  if (found) return found;
  throw new InputError({
    message: `the registry holds no model ${model}`,
    expected: [...state.keys()].slice(0, 20).join(", ") || "a registry with a published model",
    received: model,
  });
}
