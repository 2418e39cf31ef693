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

/**
 * Downloads `source` and returns the path of the file. Plain `http` is only taken to this machine. Three attempts on
 * network failures, 429 and 5xx; a body shorter than announced is a failure. Throws InputError on other statuses
 * (what was asked for is wrong), ProviderError when it could not be fetched.
 */
export async function fetchSource(source: string, folder: string, context: Context): Promise<string> {
  const url = parseAddress(source);
  const local = ["127.0.0.1", "localhost", "[::1]"].includes(url.hostname);
  if (url.protocol !== "https:" && !local) {
    throw new InputError({
      message: `${showSource(source)} is not encrypted`,
      file: showSource(source),
      expected: "https://",
    });
  }
  const path = join(folder, `fetched-${sha256Hex(source).slice(0, 16)}`);
  for (let attempt = 1; ; attempt++) {
    context.signal.throwIfAborted();
    try {
      await downloadOnce(source, path, context);
      return path;
    } catch (error) {
      await rm(path, { force: true });
      if (error instanceof InputError || context.signal.aborted) throw error;
      if (attempt === attempts) throw unreachable(source, error);
      await wait(250 * 4 ** (attempt - 1), undefined, { signal: context.signal });
    }
  }
}

async function downloadOnce(source: string, path: string, context: Context): Promise<void> {
  const idle = new AbortController();
  let timer = setTimeout(() => idle.abort(), idleSeconds * 1000);
  try {
    const response = await fetch(source, { signal: AbortSignal.any([context.signal, idle.signal]) });
    if (!response.ok) {
      await response.body?.cancel();
      throw response.status === 429 || response.status >= 500
        ? new Error(`the server answered ${response.status}`)
        : refused(source, response.status);
    }
    if (!response.body) throw new Error("the server sent no content");
    context.progress(`fetching ${showSource(source)}`);
    const body = Readable.fromWeb(response.body);
    body.on("data", () => {
      clearTimeout(timer);
      timer = setTimeout(() => idle.abort(), idleSeconds * 1000);
    });
    await pipeline(body, createWriteStream(path));
    const announced = response.headers.get("content-length");
    const encoded = response.headers.has("content-encoding");
    const { size } = await stat(path);
    if (announced !== null && !encoded && Number(announced) !== size) {
      throw new Error(`${size} of ${announced} bytes arrived`);
    }
  } finally {
    clearTimeout(timer);
  }
}

function refused(source: string, status: number): InputError {
  return new InputError({
    message: `${showSource(source)} cannot be fetched: the server answered ${status}`,
    file: showSource(source),
    received: String(status),
    hint:
      status === 401 || status === 403
        ? "data behind a login is fetched in the model's `prepare` command, with the variables `env` names"
        : "check the address",
  });
}

function unreachable(source: string, cause: unknown): ProviderError {
  const [own, inner] = [cause, cause instanceof Error ? cause.cause : undefined].map((each) =>
    each instanceof Error ? each.message : undefined,
  );
  return new ProviderError(
    {
      message: `${showSource(source)} could not be fetched after ${attempts} attempts`,
      file: showSource(source),
      received: [own ?? String(cause), inner].filter((part) => part !== undefined).join(": "),
    },
    { cause },
  );
}
