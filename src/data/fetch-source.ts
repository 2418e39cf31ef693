// Fetches a data file over https into a folder, whole or not at all.
import { createWriteStream } from "node:fs";
import { rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as wait } from "node:timers/promises";
import { InputError, ProviderError } from "../errors.ts";
import type { Context } from "../host/context.ts";
import { sha256Hex } from "../json/digest.ts";
import { parseAddress, showSource } from "./source-address.ts";

const attempts = 3;
const idleSeconds = 60;
const mostRedirects = 10;

/**
 * Downloads `source` and returns the path of the file. Plain `http` is only taken to this machine. Three attempts on
 * network failures, 429 and 5xx; a body shorter than announced is a failure. Throws InputError on other statuses
 * (what was asked for is wrong), ProviderError when it could not be fetched.
 */
export async function fetchSource(source: string, folder: string, context: Context): Promise<string> {
  const url = parseAddress(source);
  if (!isPrivateWay(url)) {
    throw new InputError({
      message: `${showSource(source)} is not encrypted`,
      file: showSource(source),
      expected: "https://",
    });
  }
  const path = join(folder, `fetched-${sha256Hex(source).slice(0, 16)}`);
  await downloadFile(() => ({ url, headers: {} }), showSource(source), path, context);
  return path;
}

function isLocal({ hostname }: URL): boolean {
  return ["127.0.0.1", "localhost", "[::1]"].includes(hostname);
}

/** Encrypted, or to this machine. */
function isPrivateWay(url: URL): boolean {
  return url.protocol === "https:" || (url.protocol === "http:" && isLocal(url));
}

/** One GET; made anew for every attempt, since signatures hold the time. */
export interface SourceRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
}

/** Downloads what `request` asks for to `path`, whole or not at all, with the attempts and errors of `fetchSource`. */
export async function downloadFile(
  request: () => SourceRequest,
  shown: string,
  path: string,
  context: Context,
): Promise<void> {
  await attemptOften(shown, context, async () => {
    try {
      await withResponse(request(), shown, context, async (response, alive) => {
        if (!response.body) throw new Error("the server sent no content");
        context.progress(`fetching ${shown}`);
        const body = Readable.fromWeb(response.body);
        body.on("data", alive);
        await pipeline(body, createWriteStream(path));
        const announced = response.headers.get("content-length");
        const encoded = response.headers.has("content-encoding");
        const { size } = await stat(path);
        if (announced !== null && !encoded && Number(announced) !== size) {
          throw new Error(`${size} of ${announced} bytes arrived`);
        }
      });
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
  });
}

/** The text that `request` is answered with, with the same attempts and errors. */
export function requestText(request: () => SourceRequest, shown: string, context: Context): Promise<string> {
  return attemptOften(shown, context, () =>
    withResponse(request(), shown, context, (response, alive) => {
      alive();
      return response.text();
    }),
  );
}

async function attemptOften<T>(shown: string, context: Context, run: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    context.signal.throwIfAborted();
    try {
      return await run();
    } catch (error) {
      if (error instanceof InputError || context.signal.aborted) throw error;
      if (attempt === attempts) throw unreachable(shown, error);
      await wait(250 * 4 ** (attempt - 1), undefined, { signal: context.signal });
    }
  }
}

async function withResponse<T>(
  { url, headers }: SourceRequest,
  shown: string,
  context: Context,
  read: (response: Response, alive: () => void) => Promise<T>,
): Promise<T> {
  const idle = new AbortController();
  let timer = setTimeout(() => idle.abort(), idleSeconds * 1000);
  try {
    const response = await follow({ url, headers }, shown, AbortSignal.any([context.signal, idle.signal]));
    if (!response.ok) {
      const said = (await response.text()).slice(0, 4096);
      if (response.status === 429 || response.status >= 500) throw new Error(`the server answered ${response.status}`);
      throw refused(shown, response.status, /<Code>([A-Za-z0-9]{1,80})<\/Code>/.exec(said)?.[1]);
    }
    return await read(response, () => {
      clearTimeout(timer);
      timer = setTimeout(() => idle.abort(), idleSeconds * 1000);
    });
  } finally {
    clearTimeout(timer);
  }
}

/**
 * One GET with its redirects. Each must go an encrypted way, and from another machine none leads back to this one.
 * What was signed for one place is not told to another.
 */
async function follow({ url, headers }: SourceRequest, shown: string, signal: AbortSignal): Promise<Response> {
  let at = url;
  for (let step = 0; step <= mostRedirects; step++) {
    const own = at.origin === url.origin;
    const response = await fetch(at, { headers: own ? headers : {}, signal, redirect: "manual" });
    const location = response.headers.get("location");
    if (![301, 302, 303, 307, 308].includes(response.status) || location === null) return response;
    await response.body?.cancel();
    const next = URL.canParse(location, at.href) ? new URL(location, at) : null;
    const leadsHome = next !== null && isLocal(next) && !isLocal(at);
    if (next === null || !isPrivateWay(next) || leadsHome) {
      throw new InputError({
        message: `${shown} cannot be fetched: the server sends on to an address that is not read`,
        file: shown,
        expected: "https://",
        received: next === null ? "no address" : `${next.protocol}//${next.host}`,
      });
    }
    at = next;
  }
  throw new InputError({
    message: `${shown} cannot be fetched: the server sends on more than ${mostRedirects} times`,
    file: shown,
    hint: "check the address",
  });
}

/** `code` is the word that S3 adds. */
function refused(shown: string, status: number, code: string | undefined): InputError {
  return new InputError({
    message: `${shown} cannot be fetched: the server answered ${status}${code === undefined ? "" : ` ${code}`}`,
    file: shown,
    received: code === undefined ? String(status) : `${status} ${code}`,
    hint:
      status === 401 || status === 403
        ? "check the credentials (for s3: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION); other data behind a login is fetched in the model's `prepare` command, with the variables `env` names"
        : "check the address",
  });
}

function unreachable(shown: string, cause: unknown): ProviderError {
  const [own, inner] = [cause, cause instanceof Error ? cause.cause : undefined].map((each) =>
    each instanceof Error ? each.message : undefined,
  );
  return new ProviderError(
    {
      message: `${shown} could not be fetched after ${attempts} attempts`,
      file: shown,
      received: [own ?? String(cause), inner].filter((part) => part !== undefined).join(": "),
    },
    { cause },
  );
}
