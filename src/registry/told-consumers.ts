// The record that repositories were told of a stage move, and which moves have none.
import { z } from "zod";
import type { LedgerEvent } from "./event.ts";
import type { StageRule } from "./promotion.ts";
import { foldEvents } from "./registry-state.ts";

/** Details of the note that follows the sending: the number of the event told of, and who was told. */
export const ToldDetails = z.object({
  told: z.number().int().positive(),
  repositories: z.array(z.string().max(140)).max(100),
});

/** A stage whose present version some of its repositories were never told of, as far as the ledger knows. */
export interface UntoldStage {
  readonly model: string;
  readonly stage: string;
  readonly version: string;
  /** The event that moved the stage, and when. */
  readonly sequence: number;
  readonly since: string;
  readonly repositories: readonly string[];
}

/** Sending and its record take a moment: a move that is younger may still be under way. */
const patienceMilliseconds = 10 * 60 * 1000;

/** By the config's stages of each model; models and stages that it does not name tell nobody. In the order of the models. */
export function findUntold(
  events: readonly LedgerEvent[],
  findStages: (model: string) => readonly StageRule[] | undefined,
  now: Date,
): readonly UntoldStage[] {
  const told = new Map<number, Set<string>>();
  for (const event of events) {
    const details = event.event === "note" ? ToldDetails.safeParse(event.details).data : undefined;
    if (details === undefined) continue;
    const known = told.get(details.told) ?? new Set();
    for (const repository of details.repositories) known.add(repository.toLowerCase());
    told.set(details.told, known);
  }
  return [...foldEvents(events)].flatMap(([model, { index }]) =>
    (findStages(model) ?? []).flatMap(({ name: stage, notify = [] }) => {
      const [holder] = index.holders[stage] ?? [];
      if (holder === undefined || now.getTime() - Date.parse(holder.since) < patienceMilliseconds) return [];
      const repositories = notify.filter((each) => !told.get(holder.sequence)?.has(each.toLowerCase()));
      const { version, sequence, since } = holder;
      return repositories.length === 0 ? [] : [{ model, stage, version, sequence, since, repositories }];
    }),
  );
}
