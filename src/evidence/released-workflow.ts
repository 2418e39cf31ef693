// Which jobs of a workflow file call one of Modelgate's reusable workflows, and whether at a ref that does not move under people's feet.
import { parse } from "yaml";

/** One `uses:` of a reusable workflow of the publisher. `released`: a version tag (`v1`, `v1.2.3`) or a full commit SHA. */
export interface WorkflowCall {
  readonly job: string;
  /** `pull-request`, `main`, `monitor`, … */
  readonly workflow: string;
  readonly ref: string;
  readonly released: boolean;
}

const largestWorkflowCharacters = 512 * 1024;

/** The calls in the text of a workflow file, in its order; none when the text is no workflow. `publisher` is `OWNER/NAME`. */
export function listWorkflowCalls(text: string, publisher: string): readonly WorkflowCall[] {
  if (text.length > largestWorkflowCharacters) return [];
  const jobs = asRecord(asRecord(parseQuietly(text))?.["jobs"]);
  if (!jobs) return [];
  return Object.entries(jobs).flatMap(([job, value]) => {
    const uses = asRecord(value)?.["uses"];
    const match =
      typeof uses === "string" ? /^([^/\s]+\/[^/\s]+)\/\.github\/workflows\/([a-z-]+)\.ya?ml@(\S+)$/.exec(uses) : null;
    const [, owner, workflow, ref] = match ?? [];
    if (!workflow || !ref || owner?.toLowerCase() !== publisher.toLowerCase()) return [];
    return [{ job, workflow, ref, released: /^v\d+(\.\d+){0,2}$/.test(ref) || /^[0-9a-f]{40}$/.test(ref) }];
  });
}

function parseQuietly(text: string): unknown {
  try {
    return parse(text, { maxAliasCount: 50, logLevel: "silent" });
  } catch {
    return null;
  }
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}
