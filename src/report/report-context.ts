// What a report needs beside the evidence: what its reader knows from GitHub, the base branch and the ledger, never from the artifact.

import type { Problem } from "../errors.ts";
import type { Acceptance as RecordedAcceptance } from "../evidence/acceptance.ts";
import type { Decision } from "../evidence/decide-check.ts";
import type { ProposedChange } from "../evidence/evidence.ts";

/** A gate (or a change such as `evaluation-data`) that a maintainer let through for this head and this evidence. */
export type Acceptance = Pick<RecordedAcceptance, "model" | "gate" | "by" | "reason">;

/** How the reader judges the evidence itself. */
export interface Trust {
  readonly level: "attested" | "self-reported";
  /** Sentences, plain text; empty when attested. */
  readonly reasons: readonly string[];
  /** The base's config and the author's rights let this level decide (attested: always true). */
  readonly accepted: boolean;
}

/** What is known of one model from the registry. */
export interface ModelLinks {
  readonly baselineUrl: string | null;
  /** How many changes this evaluation set has judged, this one included; null = not counted. */
  readonly evaluationUses: number | null;
}

export interface ReportContext {
  /** What was decided, by `decideCheck`: the report puts it into words and decides nothing itself. */
  readonly decision: Decision;
  /** What the comment remembers for whoever updates it, as a hidden line; null = nothing. Letters, digits and `=._ -` only. */
  readonly state: string | null;
  readonly trust: Trust;
  /** The pull request's head as it is now; evidence about another commit is out of date. */
  readonly headSha: string;
  readonly baseBranch: string | null;
  readonly runUrl: string | null;
  readonly docsUrl: string | null;
  readonly acceptances: readonly Acceptance[];
  readonly models: ReadonlyMap<string, ModelLinks>;
  /** Models that the change concerns, as the reader finds; null = as the evidence says. */
  readonly affected: readonly string[] | null;
  /** What is wrong with files of the head itself, for annotations; default nothing. */
  readonly problems?: readonly Problem[];
  /** What the reader found the pull request to change, for the whole repository (config, workflows). */
  readonly changes: readonly ProposedChange[];
}
