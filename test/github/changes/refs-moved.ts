// What follows when branches and tags have moved: push, create and delete events, and pull requests whose head or base it was.
import type { Actor } from "../auth/actor.ts";
import type { Platform } from "../platform.ts";
import type { Repository } from "../state/repository.ts";

export interface RefMove {
  /** Full name. */
  readonly name: string;
  /** undefined: it did not exist. */
  readonly before: string | undefined;
  /** undefined: it was deleted. */
  readonly after: string | undefined;
}

/** Called after the refs have moved, in the order in which they did. */
export function refsMoved(
  _platform: Platform,
  _repository: Repository,
  _moves: readonly RefMove[],
  _actor: Actor,
): void {}
