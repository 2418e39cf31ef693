// One exchange from the socket to the socket: address, faults, who, route, rights, handler, contract, headers.
import { createHash, randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { type Actor, nameActor, readActor } from "../auth/actor.ts";
import { authorize } from "../auth/authorize.ts";
import type { Platform } from "../platform.ts";
import { findRepository } from "../state/store.ts";
import type { Contract } from "../validation/check.ts";
import type { Call } from "./call.ts";
import { type Fault, type Faults, faultBody } from "./faults.ts";
import type { RateLimits } from "./rate-limits.ts";
import { HttpError, notFound, type Reply, unauthorized } from "./reply.ts";
import type { RequestLog } from "./request-log.ts";
import type { Route } from "./router.ts";
import { sendReply } from "./send.ts";

const maxBodyBytes = 50 * 1024 * 1024;

export interface ExchangeTools {
  readonly platform: Platform;
  readonly contract: Contract;
  readonly faults: Faults;
  readonly limits: RateLimits;
  readonly log: RequestLog;
  readonly failed: (error: unknown) => void;
}

/** Answers one request; never rejects. */
export async function answer(tools: ExchangeTools, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const started = performance.now();
  const address = readAddress(request);
  const method = request.method ?? "GET";
  const matched = findRoute(tools.platform, method, address);
  const fault = address.path.startsWith("/_local/") ? undefined : tools.faults.meet(method, address.path);
  const seen = { actor: "anonymous" };
  let reply: Reply;
  try {
    if (fault?.delayMs !== undefined && fault.when === "before") await wait(fault.delayMs);
    reply = failsBefore(fault)
      ? faultReply(fault)
      : await handle(tools, request, response, address, matched, (actor) => {
          seen.actor = nameActor(actor);
        });
    if (fault?.delayMs !== undefined && fault.when === "after") await wait(fault.delayMs);
    if (fault?.when === "after" && fault.status !== undefined) reply = faultReply(fault);
  } catch (error) {
    reply = failureReply(tools, error);
  }
  tools.log.add({
    method,
    path: address.path,
    route: matched?.route.name ?? null,
    status: fault?.drop === true ? 0 : reply.status,
    actor: seen.actor,
    ms: Math.round((performance.now() - started) * 10) / 10,
  });
  if (fault?.drop === true) {
    // A request that was read whole no longer takes its socket with it.
    request.socket.destroy();
    return;
  }
  if (response.headersSent) return;
  sendReply(
    request,
    response,
    { ...reply, headers: { ...commonHeaders(), ...reply.headers } },
    fault?.truncate === true,
  );
}

interface Address {
  /** Asked for below `/api/…`, where there are no pages. */
  readonly underApi: boolean;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly origin: string;
}

/** Strips host and prefixes; understands the absolute form that clients send to a proxy. */
function readAddress(request: IncomingMessage): Address {
  const base = `http://${request.headers.host ?? "localhost"}`;
  const url = URL.canParse(request.url ?? "/", base) ? new URL(request.url ?? "/", base) : new URL(base);
  const path = url.pathname.replace(/^\/api\/(?:v3|uploads)(?=\/|$)/, "").replace(/^\/api(?=\/graphql$)/, "");
  return {
    underApi: path !== url.pathname,
    path: path === "" ? "/" : path,
    query: url.searchParams,
    origin: `http://${url.host.replace(/^api\./, "")}`,
  };
}

function findRoute(platform: Platform, method: string, address: Address): ReturnType<Platform["router"]["match"]> {
  const matched = platform.router.match(method, address.path);
  if (matched?.route.options.foreign !== true || !address.underApi) return matched;
  return /^\/(?:_local\/|graphql$)/.test(address.path) ? matched : undefined;
}

async function handle(
  tools: ExchangeTools,
  request: IncomingMessage,
  response: ServerResponse,
  address: Address,
  matched: { route: Route; params: Record<string, string> } | undefined,
  learnActor: (actor: Actor) => void,
): Promise<Reply> {
  const { platform, contract, limits } = tools;
  if (matched === undefined) throw notFound();
  const { route, params } = matched;
  const actor: Actor =
    route.options.ownCredentials === true
      ? { kind: "anonymous" }
      : readActor(platform.store, request.headers, Date.now());
  learnActor(actor);
  const body = route.options.streamed === true ? undefined : await readJsonBody(request);
  const call: Call = {
    platform,
    actor,
    method: request.method ?? "GET",
    path: address.path,
    query: address.query,
    headers: request.headers,
    request,
    origin: address.origin,
    body,
    params,
  };
  if (route.options.foreign === true)
    return await route.answer(route.onRepository ? withRepository(call, route) : call);
  const limitHeaders = limits.take(actor, call);
  for (const [name, value] of Object.entries(limitHeaders)) response.setHeader(name, value);
  contract.checkRequest(route.name, call.query, body);
  const reply = await answerOrError(call, route);
  contract.checkResponse(route.name, reply.status, reply.json);
  return withEntityTag(request, reply, () => limits.giveBack(actor));
}

async function answerOrError(call: Call, route: Route): Promise<Reply> {
  try {
    checkActor(call, route);
    return await route.answer(route.onRepository ? withRepository(call, route) : call);
  } catch (error) {
    if (error instanceof HttpError) return { status: error.status, json: error.body, headers: error.headers };
    throw error;
  }
}

function checkActor(call: Call, route: Route): void {
  if (route.options.actor === "app") {
    if (call.actor.kind !== "app") throw unauthorized("A JSON web token could not be decoded");
    return;
  }
  if (route.onRepository || route.options.actor === "anyone") return;
  if (call.actor.kind === "anonymous") throw unauthorized("Requires authentication");
}

/** Looks up the repository of the path and checks the rights. */
function withRepository(call: Call, route: Route): Call {
  const { store } = call.platform;
  const repository = findRepository(store, call.params["owner"] ?? "", call.params["repo"] ?? "");
  if (repository === undefined) throw notFound();
  authorize(store, call.actor, repository, route.options, call.method);
  return Object.assign(call, { repository });
}

async function readJsonBody(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > maxBodyBytes) throw new HttpError(413, "Payload too large");
    parts.push(part);
  }
  if (size === 0) return undefined;
  try {
    return JSON.parse(Buffer.concat(parts).toString("utf8")) as unknown;
  } catch {
    throw new HttpError(400, "Problems parsing JSON");
  }
}

/** Gives successful answers to GET a tag, and answers 304 when the client has it already. */
function withEntityTag(request: IncomingMessage, reply: Reply, unchanged: () => void): Reply {
  if (request.method !== "GET" || reply.status !== 200) return reply;
  const content = reply.bytes ?? (reply.json === undefined ? undefined : Buffer.from(JSON.stringify(reply.json)));
  if (content === undefined) return reply;
  const etag = `W/"${createHash("sha256").update(content).digest("hex")}"`;
  const headers = {
    ...reply.headers,
    etag,
    "cache-control": "private, max-age=60, s-maxage=60",
    vary: "Accept, Authorization",
  };
  const known = request.headers["if-none-match"];
  if (known?.split(/\s*,\s*/).some((tag) => tag.replace(/^W\//, "") === etag.slice(2)) === true) {
    unchanged();
    return { status: 304, headers };
  }
  return { ...reply, headers };
}

function failsBefore(fault: Fault | undefined): fault is Fault {
  if (fault === undefined || fault.when !== "before") return false;
  return fault.status !== undefined || fault.drop === true || fault.truncate === true;
}

function faultReply(fault: Fault): Reply {
  const { body, contentType } = faultBody(fault);
  return {
    status: fault.status ?? 500,
    headers: { "content-type": contentType, ...fault.headers },
    bytes: Buffer.from(body),
  };
}

function failureReply(tools: ExchangeTools, error: unknown): Reply {
  if (error instanceof HttpError) return { status: error.status, json: error.body, headers: error.headers };
  tools.failed(error);
  return {
    status: 500,
    json: { message: "Server Error", documentation_url: "https://docs.github.com/rest", status: "500" },
  };
}

function commonHeaders(): Record<string, string> {
  return {
    "x-github-request-id": randomUUID().slice(0, 23).toUpperCase().replaceAll("-", ":"),
    "x-github-media-type": "github.v3; format=json",
    "x-github-enterprise-version": "3.17.0",
    "x-content-type-options": "nosniff",
    server: "local-github",
  };
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
