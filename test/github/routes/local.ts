// Our own routes, which github.com does not have: people, faults, what was asked and sent, the clock, merge groups.
import { z } from "zod";
import { issueUserToken } from "../auth/tokens.ts";
import { enqueueMergeGroup } from "../changes/merge-group.ts";
import { type Call, input } from "../http/call.ts";
import { empty, HttpError, json, notFound, type Reply, unauthorized } from "../http/reply.ts";
import { renderDelivery } from "../render/app.ts";
import { renderCheckRun } from "../render/check.ts";
import { defaultView } from "../render/view.ts";
import { createAccount } from "../state/founding.ts";
import type { Repository } from "../state/repository.ts";
import { findAccount, findRepository } from "../state/store.ts";
import type { RouteTools } from "./catalog.ts";
import { setRole } from "./collaborators.ts";

const userWish = z.object({
  login: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,38}$/),
  /** `owner/name`, or the name alone for one of the owner's. */
  repo: z.string().optional(),
  role: z.enum(["admin", "maintain", "write", "triage", "read", "none"]).optional(),
});
const fault = z.object({
  method: z.string().default("*"),
  path: z.string(),
  skip: z.number().int().min(0).default(0),
  times: z.number().int().min(1).default(1),
  when: z.enum(["before", "after"]).default("before"),
  /** Below 400 with a `body`: an answer of GitHub that this server does not know. */
  status: z.number().int().min(200).max(599).optional(),
  drop: z.boolean().optional(),
  delayMs: z.number().min(0).optional(),
  truncate: z.boolean().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  body: z.string().optional(),
});
const limitWish = z.object({
  enforcePrimary: z.boolean().default(false),
  writesPerMinute: z.number().int().min(0).nullable().default(null),
});

export function addLocalRoutes(tools: RouteTools): void {
  const { platform, faults, log, clock, contract, limits, world } = tools;
  const { router, store } = platform;
  const open = { foreign: true } as const;
  router.route("POST /_local/users", open, (call) => createUser(call, world.owner));
  router.route("POST /_local/faults", open, (call) => {
    faults.add(inputList(call, fault));
    return json(201, faults.list());
  });
  router.route("GET /_local/faults", open, () => json(200, faults.list()));
  router.route("DELETE /_local/faults", open, () => {
    faults.clear();
    return empty();
  });
  router.route("GET /_local/requests", open, (call) => json(200, log.since(Number(call.query.get("since") ?? "0"))));
  router.route("GET /_local/deliveries", open, () =>
    json(
      200,
      store.deliveries
        .all()
        .map((row) => ({ ...renderDelivery(row), url: row.url, payload: JSON.parse(row.body) as unknown })),
    ),
  );
  router.route("POST /_local/clock", open, (call) => {
    const { now } = input(call, "Clock", z.object({ now: z.string().nullable() }));
    if (now !== null && Number.isNaN(Date.parse(now))) throw new HttpError(422, "now is not a time (ISO 8601)");
    clock.set(now === null ? null : new Date(now));
    return json(200, { now: clock.now().toISOString() });
  });
  router.route("GET /_local/clock", open, () => json(200, { now: clock.now().toISOString() }));
  router.route("POST /_local/limits", open, (call) => {
    limits.configure(input(call, "Limits", limitWish));
    return empty();
  });
  router.route("GET /_local/violations", open, () => json(200, contract.violations()));
  router.route("DELETE /_local/violations", open, () => {
    contract.forgetViolations();
    return empty();
  });
  router.route("GET /_local/operations", open, () => json(200, listOperations(tools)));
  router.route("POST /_local/idle", open, async () => {
    await platform.idle();
    return empty();
  });
  router.route("POST /_local/requested-actions", open, (call) => pressButton(call, world.owner));
  router.route("POST /_local/merge-groups", open, (call) => {
    const wish = input(
      call,
      "MergeGroup",
      z.object({ repo: z.string(), pullNumber: z.number().int(), behind: z.number().int().optional() }),
    );
    const repository = repositoryNamed(call, wish.repo, world.owner);
    if (call.actor.kind === "anonymous") throw unauthorized("Requires authentication");
    return json(201, enqueueMergeGroup(platform, repository, wish.pullNumber, call.actor, wish.behind));
  });
}

/** Counts of operations: in the description and here, asked for, answers validated. */
function listOperations({ platform, contract }: RouteTools): object {
  const routes = platform.router.routes().filter((route) => route.options.foreign !== true);
  const operations = contract.uses(routes.map((route) => route.name).sort());
  const described = operations.filter((operation) => operation.described);
  return {
    implemented: operations.length,
    described: described.length,
    used: operations.filter((operation) => operation.requests > 0).length,
    validated: described.filter((operation) => operation.validated > 0).length,
    operations,
  };
}

function inputList(call: Call, schema: typeof fault): z.infer<typeof fault>[] {
  const parsed = z.union([z.array(schema), schema.transform((one) => [one])]).safeParse(call.body);
  if (!parsed.success) throw new HttpError(422, `not a list of faults: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

function repositoryNamed(call: Call, text: string, owner: string): Repository {
  const [first = "", second] = text.split("/");
  const { store } = call.platform;
  const repository = second === undefined ? findRepository(store, owner, first) : findRepository(store, first, second);
  if (repository === undefined) throw notFound(`no repository ${text}`);
  return repository;
}

/** Somebody presses a button of a check run, which on github.com only the page can do. */
function pressButton(call: Call, owner: string): Reply {
  const wish = input(
    call,
    "RequestedAction",
    z.object({ repo: z.string(), checkRunId: z.number().int(), identifier: z.string() }),
  );
  const { platform, actor } = call;
  const repository = repositoryNamed(call, wish.repo, owner);
  if (actor.kind === "anonymous") throw unauthorized("Requires authentication");
  const run = platform.store.checkRuns.get(wish.checkRunId);
  if (run?.repositoryId !== repository.id) throw notFound();
  if (!run.actions.some((action) => action.identifier === wish.identifier)) throw notFound("no such button");
  const payload = {
    check_run: renderCheckRun(defaultView(platform), repository, run, true),
    requested_action: { identifier: wish.identifier },
  };
  platform.emitEvent(repository, "check_run", "requested_action", payload, actor);
  return empty();
}

/** Makes the person when new, gives the role, and a token. */
function createUser(call: Call, owner: string): Reply {
  const { store } = call.platform;
  const wish = input(call, "User", userWish);
  const repository = wish.repo === undefined ? undefined : repositoryNamed(call, wish.repo, owner);
  const account = findAccount(store, wish.login) ?? createAccount(store, wish.login, "User", call.platform.timestamp());
  if (repository !== undefined) setRole(store, repository, account.id, wish.role ?? "read");
  return json(201, { token: issueUserToken(store, account.id) });
}
