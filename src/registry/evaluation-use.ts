// How often a set of rows has judged: each change counts once, however often it is judged again.
import { z } from "zod";
import type { EvaluationUse, ModelIndex } from "./model-index.ts";

/** What an `evaluation-use` event carries. `subject` is what was judged: a pull request's head, or a version on a holdout. */
export const UseDetails = z.object({
  subject: z.string().min(1).max(300),
  verdict: z.enum(["pass", "fail", "inconclusive"]).nullable(),
});
export type UseDetails = z.infer<typeof UseDetails>;

const rememberedSubjects = 10;

/** The uses after one more. A subject among the last ten is no new use; an event without one that can be read is one. */
export function countUse(
  uses: readonly EvaluationUse[],
  sha256: string,
  details: Readonly<Record<string, unknown>>,
): EvaluationUse[] {
  const before = uses.find((use) => use.sha256 === sha256) ?? { sha256, uses: 0, last: [] };
  const others = uses.filter((use) => use.sha256 !== sha256);
  const parsed = UseDetails.safeParse(details);
  if (!parsed.success) return [{ ...before, uses: before.uses + 1 }, ...others];
  const { subject, verdict } = parsed.data;
  if (before.last.some((one) => one.subject === subject)) return [before, ...others];
  return [
    { sha256, uses: before.uses + 1, last: [{ subject, verdict }, ...before.last].slice(0, rememberedSubjects) },
    ...others,
  ];
}

/** What the set said of this subject before; null when it is not among the last ten it judged. */
export function findUse(index: ModelIndex, sha256: string, subject: string): EvaluationUse["last"][number] | null {
  const use = index.evaluationUses.find((one) => one.sha256 === sha256);
  return use?.last.find((one) => one.subject === subject) ?? null;
}

/**
 * Which use of the set judged one of these subjects: 4 = its fourth change. Stays the same when others are judged later; a
 * subject that is not known would be the next.
 */
export function rankUse(uses: readonly EvaluationUse[], sha256: string, subjects: readonly string[]): number {
  const use = uses.find((one) => one.sha256 === sha256);
  if (use === undefined) return 1;
  const position = use.last.findIndex(({ subject }) => subjects.includes(subject));
  return position < 0 ? use.uses + 1 : use.uses - position;
}
