// Decides whether an event starts a workflow: GitHub's types, branches, tags and paths filters.
import picomatch from "picomatch";
import type { EventFilter, Workflow } from "./workflow.ts";

/** The facts of an event that filters look at. */
export interface TriggerFacts {
  readonly event: string;
  /** The activity (`opened`); for repository_dispatch its event type. */
  readonly type?: string | undefined;
  /** Short branch name: pushed, base of the pull request, head of the workflow run. */
  readonly branch?: string | undefined;
  readonly tag?: string | undefined;
  readonly paths?: readonly string[] | undefined;
  /** Name of the workflow whose run is reported (workflow_run). */
  readonly workflowName?: string | undefined;
  /** The cron line that fired (schedule); any when absent. */
  readonly cron?: string | undefined;
}

/** Types that start a workflow when `types` is not given, where that is not every type. */
const defaultTypes: Readonly<Record<string, readonly string[]>> = {
  pull_request: ["opened", "synchronize", "reopened"],
  pull_request_target: ["opened", "synchronize", "reopened"],
};

/** True when the event passes every filter the workflow sets on it. */
export function isTriggered(workflow: Workflow, facts: TriggerFacts): boolean {
  const filter = workflow.events.get(facts.event);
  if (filter === undefined) return false;
  if (facts.event === "schedule") return facts.cron === undefined || workflow.schedules.includes(facts.cron);
  if (facts.event === "workflow_run" && !(filter.workflows ?? []).includes(facts.workflowName ?? "")) return false;
  const types = filter.types ?? defaultTypes[facts.event];
  if (types !== undefined && facts.type !== undefined && !types.includes(facts.type)) return false;
  return matchesRefs(filter, facts) && matchesPaths(filter, facts);
}

function matchesRefs(filter: EventFilter, facts: TriggerFacts): boolean {
  const branchLists = filter.branches !== undefined || filter["branches-ignore"] !== undefined;
  const tagLists = filter.tags !== undefined || filter["tags-ignore"] !== undefined;
  if (facts.tag !== undefined) {
    if (!tagLists) return !branchLists;
    return matchesLists(facts.tag, filter.tags, filter["tags-ignore"]);
  }
  if (facts.branch === undefined) return true;
  if (!branchLists) return !tagLists;
  return matchesLists(facts.branch, filter.branches, filter["branches-ignore"]);
}

function matchesPaths(filter: EventFilter, facts: TriggerFacts): boolean {
  const { paths } = facts;
  if (paths === undefined) return true;
  if (filter.paths !== undefined) return paths.some((path) => matchesPatterns(path, filter.paths!));
  const ignored = filter["paths-ignore"];
  return ignored === undefined || paths.length === 0 || paths.some((path) => !matchesPatterns(path, ignored));
}

function matchesLists(name: string, wanted?: readonly string[], ignored?: readonly string[]): boolean {
  if (wanted !== undefined) return matchesPatterns(name, wanted);
  return ignored === undefined || !matchesPatterns(name, ignored);
}

/** GitHub's filter patterns: `*` stops at a slash, `**` does not, `!` takes back, the last match decides. */
export function matchesPatterns(name: string, patterns: readonly string[]): boolean {
  return patterns.reduce((matched, pattern) => {
    const negated = pattern.startsWith("!");
    return picomatch.isMatch(name, negated ? pattern.slice(1) : pattern, { dot: true }) ? !negated : matched;
  }, false);
}
