// Workflows on this server: listens to events, starts runs, answers the routes below /actions.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { actionsAppId } from "../auth/actor.ts";
import type { EmittedEvent } from "../events/event.ts";
import type { Platform } from "../platform.ts";
import { findRepository } from "../state/store.ts";
import { addBlobRoutes } from "./artifacts/blobs.ts";
import { addResultsService } from "./artifacts/results-service.ts";
import { createSigner } from "./artifacts/signer.ts";
import { rerunRun } from "./rerun.ts";
import { addArtifactRoutes } from "./routes/artifacts.ts";
import { addRunRoutes } from "./routes/runs.ts";
import { addScheduleRoute } from "./routes/schedule.ts";
import { addSettingRoutes } from "./routes/settings.ts";
import { addWorkflowRoutes } from "./routes/workflows.ts";
import { createConcurrencyGroups } from "./scheduler/concurrency.ts";
import { createJobSlots } from "./scheduler/job-slots.ts";
import type { ActionsService } from "./service.ts";
import { startTriggeredRuns } from "./start-runs.ts";
import { openActionsTables } from "./state.ts";
import { findTarget } from "./trigger-target.ts";

export interface ActionsSettings {
  /** The program for `node24` and `node20` actions; default: the node that runs this server. */
  readonly nodePath?: string;
  /** RUNNER_TOOL_CACHE; default: a folder of the server's data. */
  readonly toolCache?: string;
  /** Jobs at once; default 2. */
  readonly slots?: number;
  /** What jobs may see of it is chosen by name; default: this process's. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** Events that never start a workflow, or that start theirs by a way of their own. */
const ignored = new Set(["workflow_dispatch", "workflow_job", "installation", "installation_repositories", "ping"]);
const longestChain = 3;

/** Called once at the start, before the first request. `stop` ends what is running. */
export function installActions(
  platform: Platform,
  settings: ActionsSettings = {},
): { readonly service: ActionsService; readonly stop: () => Promise<void> } {
  const folder = join(platform.dataFolder, "actions");
  const service: ActionsService = {
    platform,
    folder,
    tables: openActionsTables(platform.store),
    slots: createJobSlots(settings.slots ?? 2),
    groups: createConcurrencyGroups(),
    signer: createSigner(join(folder, "key"), () => Date.now()),
    running: new Map(),
    runner: {
      url: platform.url,
      displayUrl: platform.url.replace("127.0.0.1", "github.localhost"),
      nodePath: settings.nodePath ?? process.execPath,
      workFolder: join(folder, "work"),
      actionsFolder: join(folder, "actions"),
      toolCache: settings.toolCache ?? join(folder, "tool-cache"),
      environment: settings.environment ?? process.env,
      now: platform.now,
      findRepository: (name) => {
        const [owner = "", repository = ""] = name.split("/");
        const found = findRepository(platform.store, owner, repository);
        return found === undefined ? undefined : platform.git.folder(found.id);
      },
    },
  };
  rmSync(service.runner.workFolder, { recursive: true, force: true });
  endInterruptedRuns(service);
  addBlobRoutes(service);
  addResultsService(service);
  addWorkflowRoutes(service);
  addRunRoutes(service);
  addArtifactRoutes(service);
  addScheduleRoute(service);
  addSettingRoutes(service);
  const unlisten = platform.onEvent((event) => void platform.track(handleEvent(service, event)));
  return {
    service,
    stop: async () => {
      unlisten();
      for (const cancel of service.running.values()) cancel.abort();
      await Promise.resolve();
    },
  };
}

async function handleEvent(service: ActionsService, emitted: EmittedEvent): Promise<void> {
  const { event, action, repository, payload, actor } = emitted;
  if (event === "check_run" || event === "check_suite") {
    if (action === "rerequested") await rerunCheck(service, emitted);
    return;
  }
  // What a job's own token does starts nothing, but dispatches; and a chain of workflow_run ends.
  if (ignored.has(event) || (actor.kind === "job" && event !== "repository_dispatch")) return;
  if (
    event === "workflow_run" &&
    chainLength(service, Number((payload["workflow_run"] as { id: number }).id)) >= longestChain
  ) {
    return;
  }
  const target = findTarget(service.platform, emitted);
  if (target === undefined) return;
  await startTriggeredRuns(service, { repository, event, payload, actor, target });
}

/** "Re-run" on a check of ours runs its workflow again. */
async function rerunCheck(service: ActionsService, { event, payload }: EmittedEvent): Promise<void> {
  const check = payload[event] as { id: number; app?: { id?: number } };
  if (check.app?.id !== actionsAppId) return;
  const run =
    event === "check_run"
      ? service.tables.runs.get(service.tables.jobs.get(check.id)?.runId ?? -1)
      : service.tables.runs.find((row) => row.checkSuiteId === check.id);
  if (run !== undefined) await rerunRun(service, run);
}

function chainLength(service: ActionsService, runId: number): number {
  const run = service.tables.runs.get(runId);
  if (run?.event !== "workflow_run") return 0;
  return 1 + chainLength(service, Number((run.payload["workflow_run"] as { id: number }).id));
}

/** What was running when the server stopped will not go on: it ends as cancelled. */
function endInterruptedRuns(service: ActionsService): void {
  const { tables, platform } = service;
  const end = { status: "completed", conclusion: "cancelled" } as const;
  const at = platform.timestamp();
  for (const run of tables.runs.all().filter((row) => row.status !== "completed")) {
    for (const job of tables.jobs.group(run.id).filter((row) => row.status !== "completed")) {
      tables.jobs.update(job.id, { ...end, completedAt: at });
      platform.store.checkRuns.update(job.id, { ...end, completedAt: at });
    }
    tables.runs.update(run.id, { ...end, updatedAt: at });
  }
}
