// From something that happened to the payloads of webhooks: adds what every payload has, and picks who gets it.
import { randomUUID } from "node:crypto";
import { type Actor, actionsAppId } from "../auth/actor.ts";
import type { JsonObject } from "../json.ts";
import type { Platform } from "../platform.ts";
import { renderUser } from "../render/account.ts";
import { renderRepository } from "../render/repository.ts";
import { defaultView, nodeId } from "../render/view.ts";
import type { App, Installation } from "../state/app.ts";
import type { Repository } from "../state/repository.ts";
import { accountOf } from "../state/store.ts";
import type { Contract } from "../validation/check.ts";
import { deliver } from "./deliver.ts";
import type { EmittedEvent, EventListener } from "./event.ts";

export interface Emitter {
  readonly emitEvent: Platform["emitEvent"];
  readonly onEvent: Platform["onEvent"];
  /** An event that is sent whatever the App subscribed to (`installation`, `ping`) and has no repository. */
  readonly sendToApp: (
    app: App,
    installation: Installation | null,
    event: string,
    action: string | null,
    payload: JsonObject,
  ) => void;
  /** Sends a recorded delivery again, with its guid. */
  readonly redeliver: (deliveryId: number) => void;
}

/** Events that only the App concerned gets: about its own checks and itself. */
const ownChecksOnly = new Set([
  "check_run.rerequested",
  "check_run.requested_action",
  "check_suite.requested",
  "check_suite.rerequested",
]);

/** `failed` gets what a listener throws. */
export function createEmitter(platform: Platform, contract: Contract, failed: (error: unknown) => void): Emitter {
  const listeners = new Set<EventListener>();
  const { store } = platform;

  function send(
    app: App,
    installation: Installation | null,
    event: string,
    action: string | null,
    payload: JsonObject,
    repositoryId: number | null,
  ): void {
    const withInstallation = installation === null ? payload : { ...payload, ...installationPart(installation, event) };
    contract.checkWebhook(event, action, withInstallation);
    if (app.webhookUrl === "") return;
    void platform.track(
      deliver(
        store,
        {
          app,
          guid: randomUUID(),
          event,
          action,
          installationId: installation?.id ?? null,
          repositoryId,
          redelivery: false,
          body: JSON.stringify(withInstallation),
        },
        platform.timestamp,
        platform.stopping,
      ),
    );
  }

  function emitEvent(
    repository: Repository,
    event: string,
    action: string | null,
    payload: JsonObject,
    actor: Actor,
  ): EmittedEvent {
    const view = defaultView(platform);
    const owner = accountOf(store, repository.ownerId);
    const whole: JsonObject = {
      ...(action === null ? {} : { action }),
      ...payload,
      repository: payload["repository"] ?? renderEventRepository(platform, repository, event),
      ...(owner.type === "Organization"
        ? { organization: renderOrganizationPart(platform, owner.login, owner.id) }
        : {}),
      sender: renderUser(view, senderOf(platform, actor)),
    };
    const emitted: EmittedEvent = { event, action, repository, payload: whole, actor };
    let addressees = 0;
    for (const app of store.apps.all()) {
      if (app.id === actionsAppId || !isFor(app, event, action, payload)) continue;
      const installation = store.installations.group(repository.ownerId).find((row) => row.appId === app.id);
      if (installation === undefined || installation.suspendedAt !== null) continue;
      if (installation.repositoryIds !== null && !installation.repositoryIds.includes(repository.id)) continue;
      send(app, installation, event, action, whole, repository.id);
      addressees += 1;
    }
    // A dispatch goes to Apps alone; of everything else the payload is checked also when no App wants it.
    if (addressees === 0 && event !== "repository_dispatch") contract.checkWebhook(event, action, whole);
    if (listeners.size > 0) {
      void platform.track(
        new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
          for (const listener of listeners) attempt(() => listener(emitted));
        }),
      );
    }
    return emitted;
  }

  function attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      failed(error);
    }
  }

  return {
    emitEvent,
    onEvent: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    sendToApp: (app, installation, event, action, payload) => send(app, installation, event, action, payload, null),
    redeliver: (deliveryId) => {
      const delivery = store.deliveries.get(deliveryId);
      const app = delivery && store.apps.get(delivery.appId);
      if (delivery === undefined || app === undefined) return;
      void platform.track(
        deliver(store, { ...delivery, app, redelivery: true }, platform.timestamp, platform.stopping),
      );
    },
  };
}

function isFor(app: App, event: string, action: string | null, payload: JsonObject): boolean {
  if (!app.events.includes(event)) return false;
  if (!ownChecksOnly.has(`${event}.${action}`)) return true;
  const check = (payload[event] ?? {}) as { app?: { id?: number } };
  return check.app?.id === app.id;
}

function installationPart(installation: Installation, event: string): JsonObject {
  if (event.startsWith("installation")) return {};
  return { installation: { id: installation.id, node_id: nodeId("Integration", installation.id) } };
}

/** The `push` payload shows times as seconds, and an owner with name and email. */
function renderEventRepository(platform: Platform, repository: Repository, event: string): JsonObject {
  const rendered = renderRepository(defaultView(platform), repository);
  if (event !== "push") return rendered;
  const owner = accountOf(platform.store, repository.ownerId);
  const seconds = (time: string): number => Math.floor(Date.parse(time) / 1000);
  return {
    ...rendered,
    owner: { ...(rendered["owner"] as JsonObject), name: owner.login, email: owner.email },
    created_at: seconds(repository.createdAt),
    pushed_at: seconds(repository.pushedAt),
    stargazers: 0,
    master_branch: repository.defaultBranch,
  };
}

function renderOrganizationPart(platform: Platform, login: string, id: number): JsonObject {
  const url = `${platform.url}/api/v3/orgs/${login}`;
  return {
    login,
    id,
    node_id: nodeId("Organization", id),
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: `${platform.url}/avatars/${id}`,
    description: null,
  };
}

function senderOf(platform: Platform, actor: Actor): ReturnType<typeof accountOf> {
  if (actor.kind === "anonymous") throw new Error("nobody cannot cause an event");
  return actor.kind === "app" ? accountOf(platform.store, actor.app.botId) : actor.account;
}
