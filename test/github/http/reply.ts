// What a handler answers with, and GitHub's errors: status codes and bodies as the service sends them.
import type { Readable } from "node:stream";

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  readonly bytes?: Buffer;
  /** A file sent whole or, when the request has a Range, in part. */
  readonly file?: { readonly path: string; readonly sizeBytes: number };
  readonly stream?: Readable;
}

export interface FieldError {
  readonly resource: string;
  readonly field?: string;
  readonly code: "missing" | "missing_field" | "invalid" | "already_exists" | "unprocessable" | "custom";
  readonly message?: string;
  readonly value?: unknown;
}

/** Thrown by handlers; becomes the answer. */
export class HttpError extends Error {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    message: string,
    more: Readonly<Record<string, unknown>> = {},
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.status = status;
    this.body = { message, ...more, documentation_url: "https://docs.github.com/rest", status: String(status) };
    this.headers = headers;
  }
}

export function json(status: number, body: unknown, headers?: Readonly<Record<string, string>>): Reply {
  return headers === undefined ? { status, json: body } : { status, json: body, headers };
}

export function empty(status = 204, headers?: Readonly<Record<string, string>>): Reply {
  return headers === undefined ? { status } : { status, headers };
}

export function notFound(message = "Not Found"): HttpError {
  return new HttpError(404, message);
}

export function unauthorized(message = "Bad credentials"): HttpError {
  return new HttpError(401, message);
}

export function forbidden(message: string, headers: Readonly<Record<string, string>> = {}): HttpError {
  return new HttpError(403, message, {}, headers);
}

/** 422 with the list of fields that are wrong. */
export function validationFailed(errors: readonly FieldError[]): HttpError {
  return new HttpError(422, "Validation Failed", { errors });
}

/** 422 with a sentence of its own, as the git data routes answer. */
export function unprocessable(message: string): HttpError {
  return new HttpError(422, message);
}

export function conflict(message: string): HttpError {
  return new HttpError(409, message);
}
