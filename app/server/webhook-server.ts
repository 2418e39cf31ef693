// The HTTP door of the App: checks a delivery before it costs anything, answers when the work is done or GitHub's patience ends.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { DeliveryMemory } from "./deliveries.ts";
import { largestBodyBytes, readBody } from "./read-body.ts";
import type { WorkQueue } from "./work-queue.ts";

export interface Delivery {
  readonly id: string;
  readonly name: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

export interface WebhookServerPorts {
  /** True when the signature of these bytes is right; compares in constant time. */
  readonly verify: (body: string, signature: string) => Promise<boolean>;
  /** Does the work of one delivery; may throw. */
  readonly receive: (delivery: Delivery) => Promise<void>;
  readonly deliveries: DeliveryMemory;
  readonly queue: WorkQueue;
  readonly now: () => Date;
  /** A failure to be logged, with the delivery it belongs to. */
  readonly onFailure: (error: unknown, delivery: Delivery) => void;
}

/** GitHub gives up on a delivery after ten seconds. */
const patienceSeconds = 8;

export const webhookPath = "/api/github/webhooks";

/** `isReady` turns false when the process is asked to stop. Answers are constant texts: nothing of an error gets out. */
export function createWebhookServer(ports: WebhookServerPorts, isReady: () => boolean): Server {
  const server = createServer((request, response) => {
    route(request, response, ports, isReady).catch(() => answer(response, 500, "failed"));
  });
  server.requestTimeout = 30_000;
  server.headersTimeout = 10_000;
  server.keepAliveTimeout = 5_000;
  return server;
}

async function route(
  request: IncomingMessage,
  response: ServerResponse,
  ports: WebhookServerPorts,
  isReady: () => boolean,
): Promise<void> {
  const path = (request.url ?? "").split("?")[0];
  if (path === "/livez") return answer(response, 200, "alive");
  if (path === "/readyz") return isReady() ? answer(response, 200, "ready") : answer(response, 503, "stopping");
  if (path !== webhookPath) return answer(response, 404, "not found");
  if (request.method !== "POST") return answer(response, 405, "only POST");
  if (!isReady()) return answer(response, 503, "stopping");
  await takeDelivery(request, response, ports);
}

async function takeDelivery(
  request: IncomingMessage,
  response: ServerResponse,
  ports: WebhookServerPorts,
): Promise<void> {
  const id = readHeader(request, "x-github-delivery");
  const name = readHeader(request, "x-github-event");
  const signature = readHeader(request, "x-hub-signature-256");
  if (!/^application\/json\b/i.test(request.headers["content-type"] ?? "")) return answer(response, 415, "not JSON");
  if (!id || !name || !/^sha256=[0-9a-f]{64}$/.test(signature)) return answer(response, 400, "not a signed delivery");
  const body = await readBody(request, largestBodyBytes);
  if (body.state === "too-large") return answer(response, 413, "too large");
  if (body.state === "broken") return answer(response, 400, "cut off");
  const text = body.bytes.toString("utf8");
  if (text === "") return answer(response, 400, "empty");
  if (!(await ports.verify(text, signature))) return answer(response, 400, "wrong signature");
  const payload = parseObject(text);
  if (!payload) return answer(response, 400, "not an object");
  const delivery = { id, name, payload };
  if (!ports.deliveries.take(id, ports.now())) return answer(response, 202, "taken before");
  const done = new Promise<boolean>((resolve) => {
    ports.queue.add(findKey(payload), async () => resolve(await work(delivery, ports)));
  });
  const outcome = await waitFor(done, patienceSeconds);
  if (outcome === "late") return answer(response, 202, "under way");
  return outcome ? answer(response, 200, "done") : answer(response, 500, "failed");
}

/** False when the work failed: then GitHub's log shows it, and a redelivery is worked on. */
async function work(delivery: Delivery, ports: WebhookServerPorts): Promise<boolean> {
  try {
    await ports.receive(delivery);
    return true;
  } catch (error) {
    ports.deliveries.release(delivery.id);
    ports.onFailure(error, delivery);
    return false;
  }
}

async function waitFor<T>(work: Promise<T>, seconds: number): Promise<T | "late"> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<"late">((resolve) => {
    timer = setTimeout(() => resolve("late"), seconds * 1000);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Deliveries of one repository are worked on in order. */
function findKey(payload: Readonly<Record<string, unknown>>): string {
  const repository = payload["repository"] as { readonly id?: unknown } | null | undefined;
  return typeof repository?.id === "number" ? String(repository.id) : "no repository";
}

function parseObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

function readHeader(request: IncomingMessage, name: string): string {
  const value = request.headers[name];
  return typeof value === "string" && value.length <= 200 ? value : "";
}

function answer(response: ServerResponse, status: number, text: string): void {
  if (response.headersSent) return;
  // After a body that was not read to its end the connection cannot be used again.
  const close = status === 413 ? { connection: "close" } : {};
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8", ...close }).end(`${text}\n`);
}
