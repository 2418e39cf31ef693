// Telling other repositories that a stage moved. The move stands whatever becomes of it: what was not delivered is said.
import { ModelgateError } from "../errors.ts";
import { sendDispatch } from "../github/dispatches.ts";
import { findStage, type StageRule } from "../registry/promotion.ts";
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

/** Sends to each repository of the stage's `notify`; never throws for one that cannot be told. */
export async function notifyConsumers(
  move: StageMove,
  stages: readonly StageRule[],
  session: Pick<RegistrySession, "registry" | "dispatcher" | "progress">,
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
  return sent;
}
