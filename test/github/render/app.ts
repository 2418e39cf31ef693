// Apps, installations and deliveries as the API shows them.
import type { JsonObject } from "../json.ts";
import type { App, Delivery, Installation } from "../state/app.ts";
import { accountOf } from "../state/store.ts";
import { renderUser } from "./account.ts";
import { nodeId, type View } from "./view.ts";

/** `integration`. */
export function renderApp(view: View, app: App): JsonObject {
  return {
    id: app.id,
    client_id: `Iv1.${app.id.toString(16).padStart(16, "0")}`,
    slug: app.slug,
    node_id: nodeId("App", app.id),
    owner: renderUser(view, accountOf(view.store, app.ownerId)),
    name: app.name,
    description: "",
    external_url: `${view.origin}/apps/${app.slug}`,
    html_url: `${view.origin}/apps/${app.slug}`,
    created_at: app.createdAt,
    updated_at: app.createdAt,
    permissions: { ...app.permissions },
    events: [...app.events],
  };
}

export function renderAppId(view: View, appId: number): JsonObject | null {
  const app = view.store.apps.get(appId);
  return app === undefined ? null : renderApp(view, app);
}

/** `installation`. */
export function renderInstallation(view: View, installation: Installation): JsonObject {
  const account = accountOf(view.store, installation.accountId);
  const app = view.store.apps.get(installation.appId);
  return {
    id: installation.id,
    client_id: `Iv1.${installation.appId.toString(16).padStart(16, "0")}`,
    account: renderUser(view, account),
    repository_selection: installation.repositoryIds === null ? "all" : "selected",
    access_tokens_url: `${view.api}/app/installations/${installation.id}/access_tokens`,
    repositories_url: `${view.api}/installation/repositories`,
    html_url: `${view.origin}/settings/installations/${installation.id}`,
    app_id: installation.appId,
    app_slug: app?.slug ?? "",
    target_id: account.id,
    target_type: account.type,
    permissions: { ...installation.permissions },
    events: [...installation.events],
    created_at: installation.createdAt,
    updated_at: installation.updatedAt,
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: null,
    suspended_at: installation.suspendedAt,
  };
}

/** `hook-delivery-item`. */
export function renderDelivery(delivery: Delivery): JsonObject {
  return {
    id: delivery.id,
    guid: delivery.guid,
    delivered_at: delivery.deliveredAt,
    redelivery: delivery.redelivery,
    duration: delivery.durationSeconds,
    status: delivery.status,
    status_code: delivery.statusCode,
    event: delivery.event,
    action: delivery.action,
    installation_id: delivery.installationId,
    repository_id: delivery.repositoryId,
    throttled_at: null,
  };
}

/** `hook-delivery`: with what was sent and answered. */
export function renderFullDelivery(delivery: Delivery): JsonObject {
  return {
    ...renderDelivery(delivery),
    url: delivery.url,
    request: { headers: { ...delivery.requestHeaders }, payload: JSON.parse(delivery.body) as JsonObject },
    response: { headers: { ...delivery.responseHeaders }, payload: delivery.responseBody },
  };
}
