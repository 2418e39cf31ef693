// `npm start`: the App as a process. Reads its environment, listens, and on SIGTERM finishes what it has begun.
import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { Probot } from "probot";
import { ModelgateError } from "../src/errors.ts";
import { createStop } from "../src/host/stop.ts";
import { registerHandlers } from "./app.ts";
import { asGitHubClient, createOctokitClass } from "./octokit.ts";
import { DeliveryMemory } from "./server/deliveries.ts";
import { createWebhookServer, type Delivery } from "./server/webhook-server.ts";
import { WorkQueue } from "./server/work-queue.ts";
import type { SharedSession } from "./session.ts";
import { type AppSettings, readAppSettings } from "./settings.ts";
import { sweepDeliveries } from "./sweep.ts";

/** Longest wait for work under way when asked to stop. */
const drainSeconds = 25;

const sweepAfterSeconds = 60;
const sweepEverySeconds = 600;

const log = (line: string) =>
  process.stderr.write(`${JSON.stringify({ at: new Date().toISOString(), message: line })}\n`);

async function start(settings: AppSettings): Promise<void> {
  const stop = createStop();
  const probot = new Probot({
    appId: settings.appId,
    privateKey: settings.privateKey,
    secret: settings.webhookSecret,
    baseUrl: settings.apiUrl,
    logLevel: "fatal",
    Octokit: createOctokitClass(settings.onLoopback, () => new Date(), log),
  });
  await probot.ready();
  registerHandlers(probot, rememberShared(probot, settings, stop.signal));
  const queue = new WorkQueue();
  const server = createWebhookServer(
    {
      verify: (body, signature) => probot.webhooks.verify(body, signature),
      receive: ({ id, name, payload }) => probot.receive({ id, name, payload } as Parameters<Probot["receive"]>[0]),
      deliveries: new DeliveryMemory(),
      queue,
      now: () => new Date(),
      onFailure: (error, delivery) => log(describeFailure(error, delivery)),
    },
    () => !stop.signal.aborted,
  );
  server.listen(settings.port, settings.host, () => {
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : settings.port;
    process.stdout.write(`${JSON.stringify({ event: "ready", url: `http://${settings.host}:${port}` })}\n`);
  });
  const stopSweeping = sweepRegularly(probot, stop.signal);
  const onSignal = () => {
    if (stop.signal.aborted) process.exit(1);
    stop.abort(new Error("asked to stop"));
    stopSweeping();
    const closed = new Promise((resolve) => server.close(resolve));
    void queue.drain(drainSeconds).then(async (done) => {
      server.closeIdleConnections();
      await Promise.race([closed, sleep(1000)]);
      process.exit(done ? 0 : 1);
    });
  };
  process.on("SIGTERM", onSignal);
  process.on("SIGINT", onSignal);
}

/** After the start (for what was missed while the App was down) and every ten minutes; returns what ends it. */
function sweepRegularly(probot: Probot, signal: AbortSignal): () => void {
  const sweep = async (hours: number) => {
    try {
      const count = await sweepDeliveries(asGitHubClient(await probot.auth()), new Date(), hours);
      if (count > 0) log(`asked GitHub for ${count} deliveries again`);
    } catch (error) {
      if (!signal.aborted) log(`the delivery log could not be read: ${error instanceof Error ? error.message : ""}`);
    }
  };
  const first = setTimeout(() => void sweep(72), sweepAfterSeconds * 1000);
  const regular = setInterval(() => void sweep(6), sweepEverySeconds * 1000);
  return () => {
    clearTimeout(first);
    clearInterval(regular);
  };
}

/** Who the App is, asked of GitHub once; a failure is not remembered. */
function rememberShared(probot: Probot, settings: AppSettings, signal: AbortSignal): () => Promise<SharedSession> {
  let shared: Promise<SharedSession> | null = null;
  const read = async (): Promise<SharedSession> => {
    const octokit = await probot.auth();
    const { data } = await octokit.rest.apps.getAuthenticated();
    return {
      identity: { appId: settings.appId, login: `${data?.slug ?? "modelgate"}[bot]` },
      publisher: settings.publisher,
      context: { folder: process.cwd(), environment: {}, now: () => new Date(), progress: log, signal },
    };
  };
  return () => {
    shared ??= read().catch((error: unknown) => {
      shared = null;
      throw error;
    });
    return shared;
  };
}

/** One line without secrets: our errors are made of routes and answers, others show only their name and message. */
function describeFailure(error: unknown, delivery: Delivery): string {
  const causes = error instanceof AggregateError ? error.errors : [error];
  const texts = causes.map((cause) => {
    if (cause instanceof ModelgateError)
      return cause.problems.map((problem) => `${problem.message} ${problem.received ?? ""}`).join("; ");
    return cause instanceof Error ? `${cause.name}: ${cause.message}` : "unknown failure";
  });
  return `delivery ${delivery.id} (${delivery.name}) failed: ${texts.join("; ").slice(0, 2000)}`;
}

try {
  if (existsSync(".env")) process.loadEnvFile(".env");
  await start(readAppSettings(process.env));
} catch (error) {
  const problems = error instanceof ModelgateError ? error.problems : [];
  for (const problem of problems) {
    process.stderr.write(
      `error: ${problem.key ?? ""} ${problem.message}${problem.hint ? `\n  fix: ${problem.hint}` : ""}\n`,
    );
  }
  if (problems.length === 0) process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof ModelgateError ? error.exitCode : 70;
}
