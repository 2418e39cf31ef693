// Runs a workflow again, as a new attempt of the same run on the same commit with the same event.
import { executeRun } from "./execute-run.ts";
import { reportRun } from "./report.ts";
import type { ActionsService } from "./service.ts";
import type { RunRow } from "./state.ts";
import { readWorkflowAt } from "./workflow-files.ts";

/** Starts the next attempt; false when the run has not ended, or its workflow file cannot be read any more. */
export async function rerunRun(service: ActionsService, run: RunRow): Promise<boolean> {
  const repository = service.platform.store.repositories.get(run.repositoryId);
  if (run.status !== "completed" || repository === undefined) return false;
  const parsed = await readWorkflowAt(service.platform, repository, run.workflowSha, run.path);
  if (parsed?.workflow === undefined) return false;
  const at = service.platform.timestamp();
  const again = service.tables.runs.update(run.id, {
    attempt: run.attempt + 1,
    status: "queued",
    conclusion: null,
    startedAt: at,
    updatedAt: at,
  });
  reportRun(service, repository, again, "requested");
  void service.platform.track(executeRun(service, repository, again, parsed.workflow));
  return true;
}
