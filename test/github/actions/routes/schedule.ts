// The clock's event, which here comes when somebody asks for it.
import { z } from "zod";
import { roleOf } from "../../auth/authorize.ts";
import { input } from "../../http/call.ts";
import { forbidden, json, notFound, unauthorized, unprocessable } from "../../http/reply.ts";
import { renderUser } from "../../render/account.ts";
import { renderRepository } from "../../render/repository.ts";
import { defaultView } from "../../render/view.ts";
import { coversRole } from "../../state/permissions.ts";
import { findRepository } from "../../state/store.ts";
import type { ActionsService } from "../service.ts";
import { startTriggeredRuns } from "../start-runs.ts";
import { findTarget } from "../trigger-target.ts";

const schedule = z.object({ owner: z.string(), repo: z.string(), cron: z.string().optional() });

export function addScheduleRoute(service: ActionsService): void {
  const { router, store } = service.platform;
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
