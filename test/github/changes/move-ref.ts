// Moving a ref over the API: the rules, the compare-and-swap, what follows.
import type { Actor } from "../auth/actor.ts";
import { isAncestor } from "../git/commits.ts";
import { moveRef, readRef } from "../git/refs.ts";
import { HttpError, unprocessable } from "../http/reply.ts";
import type { Platform } from "../platform.ts";
import type { Repository } from "../state/repository.ts";
import { judgeRefMove } from "./ref-rules.ts";
import { type RefMove, refsMoved } from "./refs-moved.ts";

export interface MoveWish {
  /** Full name. */
  readonly name: string;
  /** undefined: delete. */
  readonly after: string | undefined;
  readonly force: boolean;
  /** A pull request is being merged; its own conditions were checked. */
  readonly merging?: boolean;
}

/** Moves, creates or deletes a ref and tells the world; throws GitHub's 422 (or 409 when somebody else moves it right now). */
export function moveRefByRules(platform: Platform, repository: Repository, actor: Actor, wish: MoveWish): void {
  refsMoved(platform, repository, [moveRefQuietly(platform, repository, actor, wish)], actor);
}

/** The same, but the caller has something to do before the world is told (by `refsMoved`). */
export function moveRefQuietly(platform: Platform, repository: Repository, actor: Actor, wish: MoveWish): RefMove {
  const folder = platform.git.folder(repository.id);
  const before = readRef(folder, wish.name);
  const move = { name: wish.name, before, after: wish.after };
  const { refusals, fastForwardOnly } = judgeRefMove(platform, repository, actor, move, wish.merging ?? false);
  const [refusal] = refusals;
  if (refusal !== undefined) {
    throw new HttpError(422, `Repository rule violations found\n\n${refusals.join("\n\n")}\n`, { metadata: {} });
  }
  if (before !== undefined && wish.after !== undefined && !isAncestor(folder, before, wish.after)) {
    if (!wish.force) throw unprocessable("Update is not a fast forward");
    if (fastForwardOnly) throw unprocessable("Repository rule violations found\n\nCannot force-push to this branch\n");
  }
  if (!moveRef(folder, wish.name, before, wish.after)) {
    throw new HttpError(409, `Reference cannot be updated: ${wish.name} is being changed by somebody else`);
  }
  return move;
}
