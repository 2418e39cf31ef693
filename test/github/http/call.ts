// One request as a handler sees it.
import type { IncomingMessage } from "node:http";
import type { z } from "zod";
import type { Actor } from "../auth/actor.ts";
import type { Platform } from "../platform.ts";
import type { Repository } from "../state/repository.ts";
import { type FieldError, HttpError, notFound, validationFailed } from "./reply.ts";

export interface Call {
  readonly platform: Platform;
  readonly actor: Actor;
  readonly method: string;
  /** Without host, `/api/v3`, `/api/uploads` and query; still percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  /** The request itself, for routes that read their body as a stream. */
  readonly request: IncomingMessage;
  /** Where the client reached us, for the URLs in the answer: `http://host:port`. */
  readonly origin: string;
  /** Parsed JSON body; undefined when there was none. */
  readonly body: unknown;
  readonly params: Readonly<Record<string, string>>;
}

/** A call below `/repos/{owner}/{repo}` after the rights were checked. */
export interface RepositoryCall extends Call {
  readonly repository: Repository;
}

/** The named part of the path, decoded. */
export function param(call: Call, name: string): string {
  const value = call.params[name];
  if (value === undefined) throw new Error(`the route has no {${name}}`);
  return value;
}

/** The named part of the path as an id; anything else is 404. */
export function idParam(call: Call, name: string): number {
  const text = param(call, name);
  if (!/^[0-9]{1,15}$/.test(text)) throw notFound();
  return Number(text);
}

/** The body through a schema; what does not fit is GitHub's 422 with the fields that are wrong. An absent body reads as `{}`. */
export function input<T>(call: Call, resource: string, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(call.body ?? {});
  if (parsed.success) return parsed.data;
  if (call.body !== undefined && (typeof call.body !== "object" || call.body === null)) {
    throw new HttpError(400, "Body should be a JSON object");
  }
  throw validationFailed(
    parsed.error.issues.map((issue): FieldError => {
      const field = String(issue.path[0] ?? "");
      const missing = issue.code === "invalid_type" && issue.message.includes("received undefined");
      return missing
        ? { resource, field, code: "missing_field" }
        : { resource, field, code: "invalid", message: issue.message };
    }),
  );
}

/** Base of every API URL in an answer. */
export function apiUrl(origin: string): string {
  return `${origin}/api/v3`;
}
