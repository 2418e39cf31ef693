// Events that somebody asks for: repository_dispatch, and the clock's schedule.
import { z } from "zod";
import { roleOf } from "../../auth/authorize.ts";
import { input } from "../../http/call.ts";
import { empty, forbidden, json, notFound, unauthorized, unprocessable } from "../../http/reply.ts";
import { renderUser } from "../../render/account.ts";
import { renderRepository } from "../../render/repository.ts";
import { defaultView } from "../../render/view.ts";
import { coversRole } from "../../state/permissions.ts";
import { findRepository } from "../../state/store.ts";
import type { ActionsService } from "../service.ts";
import { startTriggeredRuns } from "../start-runs.ts";
import { findTarget } from "../trigger-target.ts";

const dispatch = z.object({
  event_type: z.string().min(1).max(100),
  client_payload: z.record(z.string(), z.unknown()).optional(),
});
const schedule = z.object({ owner: z.string(), repo: z.string(), cron: z.string().optional() });

export function addDispatchRoutes(service: ActionsService): void {
  const { router, store } = service.platform;
  router.repositoryRoute("POST /repos/{owner}/{repo}/dispatches", { permissions: ["contents:write"] }, (call) => {
    const { event_type, client_payload = {} } = input(call, "RepositoryDispatch", dispatch);
    if (Object.keys(client_payload).length > 10) throw unprocessable("No more than 10 properties are allowed");
    const branch = call.repository.defaultBranch;
    const details = { branch, client_payload: client_payload as never };
    service.platform.emitEvent(call.repository, "repository_dispatch", event_type, details, call.actor);
    return empty(204);
  });

  /** Fires `schedule`: every workflow with that cron line, or with any when none is given. Answers with the runs started. */
  router.route("POST /_local/schedule", { foreign: true }, async (call) => {
    const { owner, repo, cron } = input(call, "Schedule", schedule);
    const repository = findRepository(store, owner, repo);
    if (repository === undefined) throw notFound();
    if (call.actor.kind !== "user") throw unauthorized("Requires authentication");
    if (!coversRole(roleOf(store, repository, call.actor.account.id), "write"))
      throw forbidden("Must have write access");
    const view = defaultView(service.platform);
    const payload = {
      ...(cron === undefined ? {} : { schedule: cron }),
      repository: renderRepository(view, repository),
      sender: renderUser(view, call.actor.account),
    };
    const emitted = { event: "schedule", action: null, repository, payload, actor: call.actor };
    const target = findTarget(service.platform, emitted);
    if (target === undefined) throw unprocessable("The repository is empty");
    const runs = await startTriggeredRuns(service, { ...emitted, target });
    return json(201, { runs: runs.map((run) => ({ id: run.id, path: run.path })) });
  });
}
