// What a report needs beside the evidence: what its reader knows from GitHub, the base branch and the ledger, never from the artifact.
import type { ProposedChange } from "../evidence/evidence.ts";

/** A gate (or a change such as `evaluation-data`) that a maintainer let through for this head and this evidence. */
export interface Acceptance {
  readonly model: string;
  /** Id of the gate, or the `what` of a proposed change. */
  readonly gate: string;
  /** Login. */
  readonly by: string;
  readonly reason: string;
}

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
  readonly trust: Trust;
  /** The pull request's head as it is now; evidence about another commit is out of date. */
  readonly headSha: string;
  readonly baseBranch: string | null;
  readonly runUrl: string | null;
  readonly docsUrl: string | null;
  readonly acceptances: readonly Acceptance[];
  readonly models: ReadonlyMap<string, ModelLinks>;
  /** Models that the reader itself finds concerned by the change; null = it did not look. */
  readonly affected: readonly string[] | null;
  /** What the reader found the pull request to change, for the whole repository (config, workflows). */
  readonly changes: readonly ProposedChange[];
}

/** A context for a terminal, where there is no pull request: the evidence is this machine's own. */
export function createLocalContext(headSha: string): ReportContext {
  return {
    trust: { level: "self-reported", reasons: ["Made on this machine."], accepted: true },
    headSha,
    baseBranch: null,
    runUrl: null,
    docsUrl: null,
    acceptances: [],
    models: new Map(),
    affected: null,
    changes: [],
  };
}
