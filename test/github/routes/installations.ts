// What becomes of an installation: suspended, taken back, uninstalled. Its tokens follow at once, and the App is told.
import { type Call, idParam } from "../http/call.ts";
import { empty, notFound, type Reply } from "../http/reply.ts";
import { renderUser } from "../render/account.ts";
import { renderInstallation } from "../render/app.ts";
import { defaultView } from "../render/view.ts";
import type { Installation } from "../state/app.ts";
import { accountOf } from "../state/store.ts";
import type { RouteTools } from "./catalog.ts";

export function addInstallationRoutes(tools: RouteTools): void {
  const { router } = tools.platform;
  const asApp = { actor: "app" } as const;
  router.route("PUT /app/installations/{installation_id}/suspended", asApp, (call) =>
    change(tools, call, "suspend", call.platform.timestamp()),
  );
  router.route("DELETE /app/installations/{installation_id}/suspended", asApp, (call) =>
    change(tools, call, "unsuspend", null),
  );
  router.route("DELETE /app/installations/{installation_id}", asApp, (call) => {
    const installation = installationNumbered(call);
    call.platform.store.installations.remove(installation.id);
    tell(tools, installation, "deleted");
    return empty();
  });
}

function installationNumbered(call: Call): Installation {
  const found = call.platform.store.installations.get(idParam(call, "installation_id"));
  if (found === undefined || call.actor.kind !== "app" || found.appId !== call.actor.app.id) throw notFound();
  return found;
}

function change(tools: RouteTools, call: Call, action: "suspend" | "unsuspend", suspendedAt: string | null): Reply {
  const { id } = installationNumbered(call);
  const updatedAt = call.platform.timestamp();
  tell(tools, call.platform.store.installations.update(id, { suspendedAt, updatedAt }), action);
  return empty();
}

function tell({ platform, emitter }: RouteTools, installation: Installation, action: string): void {
  const app = platform.store.apps.get(installation.appId);
  if (app === undefined) return;
  const view = defaultView(platform);
  const account = renderUser(view, accountOf(platform.store, installation.accountId));
  const rendered = {
    ...renderInstallation(view, installation),
    suspended_by: installation.suspendedAt === null ? null : account,
  };
  const payload = { action, installation: rendered, repositories: [], sender: account };
  emitter.sendToApp(app, installation, "installation", action, payload);
}
