// Something that happened in a repository, as Apps and workflows learn of it.
import type { Actor } from "../auth/actor.ts";
import type { JsonObject } from "../json.ts";
import type { Repository } from "../state/repository.ts";

export interface EmittedEvent {
  readonly event: string;
  readonly action: string | null;
  readonly repository: Repository;
  /** The whole payload, as delivered (without `installation`). */
  readonly payload: JsonObject;
  /** Who caused it. Events caused by a job's token start no workflow, except dispatches. */
  readonly actor: Actor;
}

export type EventListener = (event: EmittedEvent) => void;
