// Telling other repositories that a stage moved. The move stands whatever becomes of it: what was not delivered is said.
import { ModelgateError } from "../errors.ts";
import { sendDispatch } from "../github/dispatches.ts";
import { findStage, type StageRule } from "../registry/promotion.ts";
import { recordEvent } from "./record-event.ts";
import type { RegistrySession } from "./registry-session.ts";

/** `event_type` of the `repository_dispatch`. */
export const stageEventType = "modelgate-stage";

export interface StageMove {
  readonly model: string;
  readonly stage: string;
  readonly version: string;
  readonly previous: string | null;
  /** Digest of the version's content. */
  readonly digest: string | null;
  readonly actor: string;
  readonly reason: string | null;
  /** Number of the event in the ledger: a consumer that gets two can tell the later. */
  readonly sequence: number;
}

/** `problem` null = GitHub took it. */
export interface Notification {
  readonly repository: string;
  readonly problem: string | null;
}

/**
 * Sends to each repository of the stage's `notify`, and notes in the ledger who was told, so that a move of which nobody
 * was told (the process died in between) can be found. Never throws for a repository that cannot be told, nor for a note
 * that cannot be written: both are said.
 */
export async function notifyConsumers(
  move: StageMove,
  stages: readonly StageRule[],
  session: Pick<RegistrySession, "registry" | "dispatcher" | "progress" | "ledger" | "pace">,
): Promise<readonly Notification[]> {
  const { owner, name } = session.registry;
  const payload = { ...move, registry: `${owner}/${name}` };
  const sent: Notification[] = [];
  for (const repository of findStage(stages, move.stage).notify ?? []) {
    try {
      await sendDispatch(session.dispatcher, repository, stageEventType, payload);
      sent.push({ repository, problem: null });
    } catch (error) {
      if (!(error instanceof ModelgateError)) throw error;
      const [{ message, received }] = error.problems;
      sent.push({ repository, problem: received === undefined ? message : `${message}: ${received}` });
      session.progress(`${repository} was not told: ${message}`);
    }
  }
  await noteTold(move, sent, session);
  return sent;
}

async function noteTold(
  { model, stage, version, actor, sequence }: StageMove,
  sent: readonly Notification[],
  session: Pick<RegistrySession, "progress" | "ledger" | "pace">,
): Promise<void> {
  const repositories = sent.flatMap(({ repository, problem }) => (problem === null ? [repository] : []));
  if (repositories.length === 0) return;
  const reason = `told ${repositories.join(", ")} of event ${sequence}`;
  const details = { told: sequence, repositories };
  try {
    await recordEvent(session, { event: "note", model, version, stage, actor, reason, details });
  } catch (error) {
    if (!(error instanceof ModelgateError)) throw error;
    session.progress(`${reason}, and the ledger could not note it: ${error.message}`);
  }
}
