// Use case: tell the repositories of a stage what it holds, once more: after a dispatch that failed, or for a new consumer.
import { InputError } from "../errors.ts";
import { readEvent } from "../registry/append-event.ts";
import { findSummary, readModelIndex, readVersionRecord } from "../registry/ledger-view.ts";
import { parseReference } from "../registry/names.ts";
import type { StageRule } from "../registry/promotion.ts";
import { type Notification, notifyConsumers } from "./notify-consumers.ts";
import type { JsonDocument, Outcome } from "./outcome.ts";
import type { RegistrySession } from "./registry-session.ts";

/** Kind `stage-notification`. */
export interface NotificationDocument extends JsonDocument {
  readonly kind: "stage-notification";
  readonly model: string;
  readonly stage: string;
  readonly version: string;
  readonly notified: readonly Notification[];
}

/** Exit 1 when one of them could not be told. The event is the one that the stage's last move sent. */
export async function notify(
  reference: string,
  stages: readonly StageRule[],
  session: RegistrySession,
): Promise<Outcome<NotificationDocument>> {
  const { model, at } = parseReference(reference);
  if (at.kind !== "stage")
    throw new InputError({ message: "repositories are told of stages", expected: "MODEL@STAGE", received: reference });
  const { stage } = at;
  const index = await readModelIndex(session.ledger, model);
  const [holder, before] = index.holders[stage] ?? [];
  if (holder === undefined) throw new InputError({ message: `${stage} of ${model} holds no version`, received: stage });
  const { version, actor, sequence } = holder;
  const summary = findSummary(index, version) ?? (await readVersionRecord(session.ledger, model, version));
  const reason = await readReason(session, sequence);
  const notified = await notifyConsumers(
    {
      model,
      stage,
      version,
      previous: before?.version ?? null,
      digest: summary?.contentSha256 ?? null,
      actor,
      reason,
      sequence,
    },
    stages,
    session,
  );
  if (notified.length === 0)
    throw new InputError({
      message: `${stage} of ${model} names no repository to tell`,
      hint: "`notify: [OWNER/NAME]` beside the stage in .github/modelgate.yml",
    });
  const text = notified.map(({ repository, problem }) =>
    problem === null
      ? `told ${repository}: ${model} ${stage} holds ${version}`
      : `${repository} was not told: ${problem}`,
  );
  return {
    exitCode: notified.every(({ problem }) => problem === null) ? 0 : 1,
    document: { kind: "stage-notification", schemaVersion: 1, model, stage, version, notified },
    text: text.join("\n"),
  };
}

/** The reason that the ledger keeps of the stage's last move. */
async function readReason({ ledger }: RegistrySession, sequence: number): Promise<string | null> {
  const head = await ledger.readHead();
  return head === null ? null : (await readEvent(ledger, sequence, head.commit)).reason;
}
