// The local GitHub: a server that behaves as GitHub does for what this project uses of it. It is not github.com.
import { setMaxListeners } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { type ActionsSettings, installActions } from "./actions/install.ts";
import { issueJobToken } from "./auth/tokens.ts";
import { createEmitter } from "./events/emit.ts";
import { createGitHost } from "./git/host.ts";
import { answer } from "./http/exchange.ts";
import { createFaults } from "./http/faults.ts";
import { createRateLimits } from "./http/rate-limits.ts";
import { createRequestLog } from "./http/request-log.ts";
import { createRouter } from "./http/router.ts";
import { installPages } from "./pages/install.ts";
import type { Platform } from "./platform.ts";
import { addRoutes } from "./routes/catalog.ts";
import { createClock } from "./state/clock.ts";
import { foundWorld, type Seed, type World } from "./state/founding.ts";
import { openStore } from "./state/store.ts";
import { createWorkTracker } from "./state/work-tracker.ts";
import { type Contract, createContract } from "./validation/check.ts";

export interface LocalGitHubSettings {
  /** 0: a free port. */
  readonly port?: number;
  readonly dataFolder: string;
  /** Used only when the folder holds no state yet. */
  readonly seed?: Seed;
  /** How workflows run here. */
  readonly actions?: ActionsSettings;
  /** The clock until a test sets another; default: the host's. */
  readonly now?: () => Date;
}

export interface LocalGitHub extends World {
  /** `http://127.0.0.1:port`. */
  readonly url: string;
  readonly platform: Platform;
  readonly contract: Contract;
  /** Errors of the server itself, each of which was answered with 500. */
  readonly failures: readonly unknown[];
  /** Resolves when all webhooks were delivered and all workflow runs have ended. */
  readonly idle: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Starts the server on 127.0.0.1 with the state below `dataFolder` (made when absent). */
export async function startLocalGitHub(settings: LocalGitHubSettings): Promise<LocalGitHub> {
  const store = openStore(settings.dataFolder);
  const clock = createClock(settings.now ?? (() => new Date()));
  const tracker = createWorkTracker();
  const contract = createContract();
  const faults = createFaults();
  const limits = createRateLimits();
  const log = createRequestLog();
  const failures: unknown[] = [];
  const stopping = new AbortController();
  // Every delivery and download under way listens to it.
  setMaxListeners(0, stopping.signal);
  const server = createServer();
  server.keepAliveTimeout = 30_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(settings.port ?? 0, "127.0.0.1", resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const base = {
    url,
    dataFolder: settings.dataFolder,
    store,
    git: createGitHost(join(settings.dataFolder, "repositories")),
    router: createRouter(),
    now: clock.now,
    timestamp: clock.timestamp,
    track: tracker.track,
    idle: tracker.idle,
    stopping: stopping.signal,
  };
  const platform: Platform = {
    ...base,
    emitEvent: (...event) => emitter.emitEvent(...event),
    onEvent: (listener) => emitter.onEvent(listener),
    issueJobToken: (repository, permissions) => issueJobToken(store, repository, permissions),
  };
  const failed = (error: unknown): void => {
    failures.push(error);
    process.stderr.write(`local GitHub: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  };
  const emitter = createEmitter(platform, contract, failed);
  const world = foundWorld(platform, settings.seed ?? {});
  addRoutes({ platform, emitter, contract, faults, limits, log, clock, world });
  const actions = installActions(platform, settings.actions);
  installPages(platform, actions.service);
  server.on("request", (request, response) => {
    void answer(
      {
        platform,
        contract,
        faults,
        limits,
        log,
        failed,
      },
      request,
      response,
    );
  });
  return {
    ...world,
    url,
    platform,
    contract,
    failures,
    idle: tracker.idle,
    stop: async () => {
      stopping.abort();
      await actions.stop();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await tracker.idle();
      store.database.close();
    },
  };
}
