// The webhook outbox: signs, sends, and records every attempt. Nothing is sent again unless somebody asks, as on GitHub.
import { createHmac } from "node:crypto";
import { request } from "node:http";
import { request as secureRequest } from "node:https";
import type { App, Delivery } from "../state/app.ts";
import type { Store } from "../state/store.ts";

const timeoutMs = 10_000;
const keptDeliveries = 2_000;

export interface Outgoing {
  readonly app: App;
  readonly guid: string;
  readonly event: string;
  readonly action: string | null;
  readonly installationId: number | null;
  readonly repositoryId: number | null;
  readonly redelivery: boolean;
  readonly body: string;
}

/** Sends one webhook and records what came of it; never rejects. `signal` gives up waiting for the answer. */
export async function deliver(
  store: Store,
  outgoing: Outgoing,
  timestamp: () => string,
  signal: AbortSignal,
): Promise<Delivery> {
  const { app, body } = outgoing;
  const headers: Record<string, string> = {
    accept: "*/*",
    "content-type": "application/json",
    "user-agent": "GitHub-Hookshot/local",
    "x-github-delivery": outgoing.guid,
    "x-github-event": outgoing.event,
    "x-github-hook-id": String(app.id),
    "x-github-hook-installation-target-id": String(app.id),
    "x-github-hook-installation-target-type": "integration",
    "x-hub-signature": `sha1=${createHmac("sha1", app.webhookSecret).update(body).digest("hex")}`,
    "x-hub-signature-256": `sha256=${createHmac("sha256", app.webhookSecret).update(body).digest("hex")}`,
  };
  const deliveredAt = timestamp();
  const started = performance.now();
  const answer = await post(app.webhookUrl, headers, body, signal);
  forgetOldest(store, app.id);
  return store.deliveries.insert({
    appId: app.id,
    guid: outgoing.guid,
    event: outgoing.event,
    action: outgoing.action,
    installationId: outgoing.installationId,
    repositoryId: outgoing.repositoryId,
    redelivery: outgoing.redelivery,
    deliveredAt,
    durationSeconds: Math.round(performance.now() - started) / 1000,
    statusCode: answer.statusCode,
    status: answer.status,
    url: app.webhookUrl,
    requestHeaders: headers,
    body,
    responseHeaders: answer.headers,
    responseBody: answer.body,
  });
}

interface Answer {
  readonly statusCode: number;
  readonly status: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

function post(url: string, headers: Record<string, string>, body: string, signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve) => {
    const fail = (status: string): void => resolve({ statusCode: 0, status, headers: {}, body: "" });
    const send = url.startsWith("https:") ? secureRequest : request;
    const outgoing = send(url, {
      method: "POST",
      signal,
      headers: { ...headers, "content-length": Buffer.byteLength(body) },
    });
    const timer = setTimeout(() => {
      fail("timed out");
      outgoing.destroy();
    }, timeoutMs);
    outgoing.on("error", () => {
      clearTimeout(timer);
      fail("failed to connect to host");
    });
    outgoing.on("response", (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("error", () => fail("failed to connect to host"));
      response.on("end", () => {
        clearTimeout(timer);
        const statusCode = response.statusCode ?? 0;
        const flat = Object.entries(response.headers).map(([name, value]) => [name, String(value)] as const);
        resolve({
          statusCode,
          status: statusCode >= 200 && statusCode < 300 ? "OK" : `Invalid HTTP Response: ${statusCode}`,
          headers: Object.fromEntries(flat),
          body: Buffer.concat(parts).toString("utf8").slice(0, 65_536),
        });
      });
    });
    outgoing.end(body);
  });
}

function forgetOldest(store: Store, appId: number): void {
  const deliveries = store.deliveries.group(appId);
  for (const old of deliveries.slice(0, Math.max(0, deliveries.length - keptDeliveries)))
    store.deliveries.remove(old.id);
}
