// Registries on a local GitHub, one repository each, where any request may fail or be the last of its process.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { openRegistrySession } from "../../src/commands/registry-session.ts";
import { createGitHubClient } from "../../src/github/client.ts";
import { startLocalGitHub } from "../github/server.ts";
import { Crash, type Fault, Faults } from "./faults.ts";
import type { SharedRegistry } from "./random-schedules.ts";

export interface HttpRegistries {
  /** A registry in a new repository. */
  readonly create: () => Promise<SharedRegistry>;
  readonly stop: () => Promise<void>;
}

export async function startHttpRegistries(): Promise<HttpRegistries> {
  const folder = mkdtempSync(join(tmpdir(), "modelgate-schedules-"));
  const github = await startLocalGitHub({ dataFolder: join(folder, "github"), seed: { owner: "maria" } });
  let count = 0;
  const context = {
    folder,
    environment: {},
    now: () => new Date(),
    progress: () => {},
    signal: new AbortController().signal,
  };
  return {
    create: async () => {
      count += 1;
      const name = `rain-${count}`;
      const made = createGitHubClient({ apiUrl: github.url, token: github.token });
      await made.rest.repos.createForAuthenticatedUser({ name, auto_init: true });
      const faults = new Faults();
      return {
        faults,
        open: () => {
          const client = createFaultyClient(github.url, github.token, faults);
          const session = openRegistrySession({ client, owner: github.owner, name }, context);
          return { ...session, pace: { ...session.pace, wait: (ms: number) => session.pace.wait(ms / 50) } };
        },
        pause: async (steps) => void (steps > 8 ? await sleep(steps - 8) : undefined),
      };
    },
    stop: async () => {
      await github.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A client whose every request meets a fault as `faults` decides; what is repeated below counts as one. */
function createFaultyClient(apiUrl: string, token: string, faults: Faults) {
  const client = createGitHubClient({ apiUrl, token, limits: { firstWaitSeconds: 0.005, totalSeconds: 20 } });
  client.hook.wrap("request", async (request, options) => {
    const route = `${options.method} ${options.url}`;
    const fault = faults.decide(route, faults.calls.length);
    faults.calls.push(route);
    await faults.pause();
    const { openBody } = (options.request ?? {}) as { readonly openBody?: () => AsyncIterable<Uint8Array> };
    if (fault === "half" && openBody) return await request({ ...options, data: cutBody(openBody) });
    if (fault !== null) failBefore(route, fault);
    const answer = await request(options);
    if (fault !== null) failAfter(route, fault);
    return answer;
  });
  return client;
}

function failBefore(route: string, fault: Fault): void {
  if (fault === "crash-before") throw new Crash(`${route}, before`);
  if (fault === "lost-before") throw createNetworkError(route);
}

function failAfter(route: string, fault: Fault): void {
  if (fault === "crash-after") throw new Crash(`${route}, after`);
  if (fault === "lost-after" || fault === "half") throw createNetworkError(route);
}

function createNetworkError(route: string): Error {
  return Object.assign(new Error(`no answer to ${route}`), { status: 500 });
}

/** Half of the bytes, then the connection breaks. */
function cutBody(open: () => AsyncIterable<Uint8Array>): Readable {
  async function* read(): AsyncGenerator<Uint8Array> {
    for await (const piece of open()) {
      yield piece.subarray(0, Math.floor(piece.byteLength / 2));
      throw new Error("the connection broke");
    }
  }
  return Readable.from(read(), { objectMode: false });
}
