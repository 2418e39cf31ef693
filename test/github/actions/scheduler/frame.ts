// One workflow being run: the top one of a run, or a reusable one called by a job of it.
import type { JsonValue } from "../workflow/expressions.ts";
import type { Permissions } from "../workflow/permissions.ts";
import type { Workflow } from "../workflow/workflow.ts";

export interface Frame {
  readonly workflow: Workflow;
  /** `owner/name` and commit the file came from: where `./` in its `uses` points. */
  readonly source: { readonly repository: string; readonly sha: string };
  /** What stands before the names of its jobs: empty, or `caller / `. */
  readonly namePrefix: string;
  readonly inputs: Readonly<Record<string, JsonValue>>;
  readonly secrets: Readonly<Record<string, string>>;
  /** What the caller's token may do; nothing in here may ask for more. */
  readonly ceiling: Permissions;
  /** What jobs get that say nothing: of the top workflow the restricted default, of a called one all of the caller's. */
  readonly inherited: Permissions;
  readonly depth: number;
  readonly signal: AbortSignal;
}

/** How a job ended, as `needs` shows it. */
export interface JobOutcome {
  readonly result: "success" | "failure" | "cancelled" | "skipped";
  readonly outputs: Readonly<Record<string, string>>;
}

/** One job with steps, decided and ready for a slot. */
export interface ReadyJob {
  readonly frame: Frame;
  readonly key: string;
  readonly name: string;
  readonly labels: readonly string[];
  readonly permissions: Permissions;
  /** `continue-on-error`, evaluated. */
  readonly isTolerated: boolean;
  /** The contexts needs, strategy, matrix, inputs, vars. */
  readonly contexts: Readonly<Record<string, JsonValue>>;
  readonly signal: AbortSignal;
}

/** What the scheduler asks of the server while it walks the jobs. */
export interface JobPort {
  /** The `github` and `vars` contexts, the same for all jobs. */
  readonly contexts: Readonly<Record<string, JsonValue>>;
  readonly runJob: (job: ReadyJob) => Promise<JobOutcome>;
  /** Records a job that never starts: skipped, cancelled, or failed with a message. */
  readonly recordJob: (
    key: string,
    name: string,
    result: "skipped" | "cancelled" | "failure",
    message?: string,
  ) => void;
  /** The workflow file at `owner/name/path@ref` or `./path` of the source; throws when there is none. */
  readonly loadWorkflow: (uses: string, source: Frame["source"]) => Promise<Pick<Frame, "workflow" | "source">>;
  readonly enterGroup: (group: string, cancelInProgress: boolean, cancel: () => void) => Promise<() => void>;
}
