// Writing the index of a model anew from the events, as a note in the ledger whose commit sets every file right.

import { ProviderError } from "../errors.ts";
import { gitBlobId } from "../json/digest.ts";
import type { AppendPorts } from "./append-event.ts";
import { planAppend } from "./append-event.ts";
import { createModelIndex } from "./model-index.ts";
import { jitter } from "./pace.ts";
import { foldEvents, readEvents } from "./registry-state.ts";
import { renderIndex } from "./verification.ts";

const attemptLimit = 20;

/** Appends one note; its commit also holds every index file of the model that was not what the events come to. */
export async function rewriteIndex(ports: AppendPorts, model: string, actor: string): Promise<void> {
  const { ledger, pace } = ports;
  for (let attempt = 1; attempt <= attemptLimit; attempt += 1) {
    const head = await ledger.readHead();
    if (head === null) return;
    const events = readEvents(await ledger.readCommits(head)).map(({ event }) => event);
    const index = foldEvents(events).get(model)?.index ?? createModelIndex(model);
    const draft = { model, version: null, stage: null, actor, reason: "index written anew", details: {} };
    const planned = planAppend({ head, index, record: null }, { ...draft, event: "note" }, pace);
    const after = foldEvents([...events, planned.event]);
    const ids = await ledger.readFileIds(head.commit);
    const written = new Set(planned.files.map((file) => file.path));
    const wrong = [...renderIndex(after)]
      .filter(
        ([path, text]) =>
          path.startsWith(`models/${model}/`) && !written.has(path) && ids.get(path) !== gitBlobId(text),
      )
      .map(([path, content]) => ({ path, content }));
    const result = await ledger.append(head, planned.message, [...planned.files, ...wrong]);
    if (result.outcome === "appended") return;
    await pace.wait(jitter(pace, attempt));
  }
  throw new ProviderError("the ledger moved all the while its index was being written anew; run it again");
}
