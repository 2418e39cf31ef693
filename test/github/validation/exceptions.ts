// Where GitHub's description is known to differ from GitHub: few, each with its reason. A test fails when one is not needed any more.
import type { Violation } from "./check.ts";

export interface ContractException {
  readonly kind: Violation["kind"];
  readonly subject: RegExp;
  readonly problem: RegExp;
  readonly reason: string;
}

export const contractExceptions: readonly ContractException[] = [
  {
    kind: "webhook",
    subject: /./,
    problem: /\/events\/\d+ must be equal to one of the allowed values/,
    reason:
      "The list of an App's events in the payloads is older than `merge_group` and `workflow_job`, which Apps do get.",
  },
  {
    kind: "response",
    subject: /^PUT \/repos\/\{owner\}\/\{repo\}\/contents\/\{path\}$/,
    problem: /must match exactly one schema in oneOf/,
    reason: "Neither of the two kinds of 409 has required fields, so that every 409 matches both.",
  },
  {
    kind: "response",
    subject: /\/releases/,
    problem: /\/state must be equal to one of the allowed values .*"uploaded","open"/,
    reason:
      "The text of the upload operation names `starter` as the state of a broken upload; the list of states does not.",
  },
  {
    kind: "response",
    subject: /./,
    problem: /^status 422 is not described/,
    reason:
      "For several operations the description leaves out the 422 with which GitHub refuses what does not validate.",
  },
  {
    kind: "response",
    subject: /^GET \/app\/installations$/,
    problem: /^\/\d+\/account /,
    reason:
      "The list asks an account to be a user and an enterprise at once; the single installation says one or the other.",
  },
  {
    kind: "webhook",
    subject: /^fork$/,
    problem: /^\/forkee\/topics\/\d+ must be null/,
    reason: "The topics of the fork are described as a list of nulls.",
  },
];
