// The App's own side: who it is, where it is installed, its tokens, its webhook.
import { z } from "zod";
import type { Actor } from "../auth/actor.ts";
import { issueInstallationToken } from "../auth/tokens.ts";
import { type Call, idParam, input, param } from "../http/call.ts";
import { paginate } from "../http/pagination.ts";
import { forbidden, json, notFound, type Reply, unauthorized, unprocessable } from "../http/reply.ts";
import type { JsonObject } from "../json.ts";
import { renderApp, renderDelivery, renderFullDelivery, renderInstallation } from "../render/app.ts";
import { renderRepository } from "../render/repository.ts";
import { viewOf } from "../render/view.ts";
import type { App, Delivery, Installation } from "../state/app.ts";
import { coversAccess } from "../state/permissions.ts";
import type { Repository } from "../state/repository.ts";
import { findAccount } from "../state/store.ts";
import type { RouteTools } from "./catalog.ts";

const tokenWish = z.object({
  repositories: z.array(z.string()).optional(),
  repository_ids: z.array(z.number()).optional(),
  permissions: z.record(z.string(), z.enum(["read", "write", "admin"])).optional(),
});
const hookConfig = z.object({
  url: z.string().optional(),
  content_type: z.enum(["json", "form"]).optional(),
  secret: z.string().optional(),
  insecure_ssl: z.union([z.string(), z.number()]).optional(),
});

export function addAppRoutes({ platform, emitter }: RouteTools): void {
  const { router } = platform;
  const asApp = { actor: "app" } as const;
  router.route("GET /app", asApp, (call) =>
    json(200, { ...renderApp(viewOf(call), appIn(call)), installations_count: installationsOf(call).length }),
  );
  router.route("GET /apps/{app_slug}", { actor: "anyone" }, (call) => {
    const app = call.platform.store.apps.find((row) => row.slug === param(call, "app_slug"));
    if (app === undefined) throw notFound();
    return json(200, renderApp(viewOf(call), app));
  });
  router.route("GET /app/installations", asApp, (call) =>
    paginate(call, installationsOf(call), (row) => renderInstallation(viewOf(call), row)),
  );
  router.route("GET /app/installations/{installation_id}", asApp, (call) =>
    json(200, renderInstallation(viewOf(call), installationNumbered(call))),
  );
  router.route("POST /app/installations/{installation_id}/access_tokens", asApp, createToken);
  router.route("GET /repos/{owner}/{repo}/installation", asApp, (call) => {
    const { store } = call.platform;
    const owner = findAccount(store, param(call, "owner"));
    const wanted = param(call, "repo").toLowerCase();
    const repository = owner && store.repositories.group(owner.id).find((row) => row.name.toLowerCase() === wanted);
    const installation = repository && installationsOf(call).find((row) => covers(row, repository));
    if (installation === undefined) throw notFound();
    return json(200, renderInstallation(viewOf(call), installation));
  });
  const ofAccount = (name: string) => (call: Call) => {
    const account = findAccount(call.platform.store, param(call, name));
    const installation = installationsOf(call).find((row) => row.accountId === account?.id);
    if (installation === undefined) throw notFound();
    return json(200, renderInstallation(viewOf(call), installation));
  };
  router.route("GET /users/{username}/installation", asApp, ofAccount("username"));
  router.route("GET /orgs/{org}/installation", asApp, ofAccount("org"));
  router.route("GET /installation/repositories", {}, listRepositories);
  router.route("GET /app/hook/config", asApp, (call) => json(200, renderHookConfig(appIn(call))));
  router.route("PATCH /app/hook/config", asApp, (call) => {
    const wanted = input(call, "Hook", hookConfig);
    const app = appIn(call);
    const updated = call.platform.store.apps.update(app.id, {
      webhookUrl: wanted.url ?? app.webhookUrl,
      webhookSecret: wanted.secret ?? app.webhookSecret,
      contentType: wanted.content_type ?? app.contentType,
    });
    return json(200, renderHookConfig(updated));
  });
  router.route("GET /app/hook/deliveries", asApp, listDeliveries);
  router.route("GET /app/hook/deliveries/{delivery_id}", asApp, (call) =>
    json(200, renderFullDelivery(deliveryNumbered(call))),
  );
  router.route("POST /app/hook/deliveries/{delivery_id}/attempts", asApp, (call) => {
    emitter.redeliver(deliveryNumbered(call).id);
    return json(202, {});
  });
}

function appIn(call: Call): App {
  if (call.actor.kind !== "app") throw unauthorized("A JSON web token could not be decoded");
  return call.platform.store.apps.get(call.actor.app.id) ?? call.actor.app;
}

function installationsOf(call: Call): Installation[] {
  const app = appIn(call);
  return call.platform.store.installations.all().filter((row) => row.appId === app.id);
}

function installationNumbered(call: Call): Installation {
  const id = idParam(call, "installation_id");
  const found = installationsOf(call).find((row) => row.id === id);
  if (found === undefined) throw notFound();
  return found;
}

function covers(installation: Installation, repository: Repository): boolean {
  if (installation.accountId !== repository.ownerId) return false;
  return installation.repositoryIds === null || installation.repositoryIds.includes(repository.id);
}

function createToken(call: Call): Reply {
  const { store } = call.platform;
  const installation = installationNumbered(call);
  if (installation.suspendedAt !== null) throw forbidden("This installation has been suspended");
  const wanted = input(call, "AccessToken", tokenWish);
  const permissions = wanted.permissions ?? installation.permissions;
  for (const [name, access] of Object.entries(permissions)) {
    if (!coversAccess(installation.permissions[name], access)) {
      throw unprocessable("The permissions requested are not granted to this installation.");
    }
  }
  const reachable = store.repositories.group(installation.accountId).filter((row) => covers(installation, row));
  const limited = wanted.repositories !== undefined || wanted.repository_ids !== undefined;
  const chosen = reachable.filter(
    (row) => (wanted.repositories ?? []).includes(row.name) || (wanted.repository_ids ?? []).includes(row.id),
  );
  const asked = new Set([...(wanted.repositories ?? []), ...(wanted.repository_ids ?? [])]).size;
  if (limited && chosen.length < asked) {
    throw unprocessable(
      "There is at least one repository that does not exist or is not accessible to the parent installation.",
    );
  }
  const granted = { metadata: "read" as const, ...permissions };
  const { token, expiresAtMs } = issueInstallationToken(
    store,
    installation,
    granted,
    limited ? chosen.map((row) => row.id) : null,
  );
  return json(201, {
    token,
    expires_at: new Date(expiresAtMs).toISOString().replace(/\.\d{3}Z$/, "Z"),
    permissions: granted,
    repository_selection: limited || installation.repositoryIds !== null ? "selected" : "all",
    ...(limited ? { repositories: chosen.map((row) => renderRepository(viewOf(call), row)) } : {}),
  });
}

function listRepositories(call: Call): Reply {
  const { store } = call.platform;
  const rows = reachableRepositories(call.actor, store.repositories.all());
  return paginate(
    call,
    rows,
    (row) => renderRepository(viewOf(call), row),
    (repositories, total_count) => ({ total_count, repository_selection: "all", repositories }),
  );
}

function reachableRepositories(actor: Actor, rows: readonly Repository[]): Repository[] {
  if (actor.kind === "job") return rows.filter((row) => actor.repositoryIds?.includes(row.id) ?? false);
  if (actor.kind !== "installation")
    throw forbidden(
      "You must authenticate with an installation access token in order to list repositories for an installation.",
    );
  return rows.filter((row) => covers(actor.installation, row) && (actor.repositoryIds?.includes(row.id) ?? true));
}

function renderHookConfig(app: App): JsonObject {
  return { content_type: app.contentType, secret: "********", url: app.webhookUrl, insecure_ssl: "0" };
}

/** Newest first, paged by cursor: `cursor` is the id of the delivery the page begins after. */
function listDeliveries(call: Call): Reply {
  const perPage = Math.min(100, Number(call.query.get("per_page") ?? "30"));
  const cursor = call.query.get("cursor");
  const status = call.query.get("status");
  const rows = call.platform.store.deliveries
    .group(appIn(call).id)
    .reverse()
    .filter((row) => cursor === null || row.id < Number(cursor))
    .filter((row) => status === null || (status === "success") === (row.statusCode >= 200 && row.statusCode < 400));
  const page = rows.slice(0, perPage);
  const last = page.at(-1);
  const more = rows.length > page.length && last !== undefined;
  const link = `<${viewOf(call).api}/app/hook/deliveries?per_page=${perPage}&cursor=${last?.id}>; rel="next"`;
  return json(200, page.map(renderDelivery), more ? { link } : {});
}

function deliveryNumbered(call: Call): Delivery {
  const delivery = call.platform.store.deliveries.get(idParam(call, "delivery_id"));
  if (delivery?.appId !== appIn(call).id) throw notFound();
  return delivery;
}
