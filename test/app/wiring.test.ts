// GitHub's example payloads through the wiring: every event finds its handler, reads only what it needs, and breaks on none.
import examples from "@octokit/webhooks-examples";
import { Probot, ProbotOctokit } from "probot";
import { describe, expect, test } from "vitest";
import { registerHandlers } from "../../app/app.ts";

interface Example {
  readonly name: string;
  readonly examples: readonly Readonly<Record<string, unknown>>[];
}

const all = examples as unknown as readonly Example[];

/** Sends one payload through an App whose GitHub answers 404 to everything; the routes that were asked for. */
async function deliver(name: string, payload: Readonly<Record<string, unknown>>): Promise<readonly string[]> {
  const asked: string[] = [];
  const fetcher = async (input: unknown, init?: { method?: string }): Promise<Response> => {
    asked.push(`${init?.method ?? "GET"} ${new URL(String(input)).pathname}`);
    const list = /\/(pulls|runs)$/.test(new URL(String(input)).pathname);
    const body = list
      ? String(input).includes("/runs")
        ? { total_count: 0, workflow_runs: [] }
        : []
      : { message: "Not Found" };
    return new Response(JSON.stringify(body), {
      status: list ? 200 : 404,
      headers: { "content-type": "application/json" },
    });
  };
  const probot = new Probot({
    githubToken: "test",
    logLevel: "fatal",
    request: { fetch: fetcher },
    Octokit: ProbotOctokit.defaults({
      throttle: { enabled: false },
      retry: { enabled: false },
    }) as typeof ProbotOctokit,
  });
  await probot.ready();
  registerHandlers(probot, async () => ({
    identity: { appId: 1, login: "modelgate[bot]" },
    publisher: "modelgate/modelgate",
    context: {
      folder: "/",
      environment: {},
      now: () => new Date(),
      progress: () => {},
      signal: new AbortController().signal,
    },
  }));
  await probot.receive({ id: "1", name, payload } as Parameters<Probot["receive"]>[0]).catch((error: unknown) => {
    const causes = error instanceof AggregateError ? error.errors : [error];
    const foreign = causes.filter((cause) => (cause as { status?: number }).status !== 404);
    if (foreign.length > 0) throw foreign[0];
  });
  return asked;
}

const payloadsOf = (name: string, action: string) =>
  (all.find((event) => event.name === name)?.examples ?? []).filter((payload) => payload["action"] === action);

describe("the wiring", () => {
  test.each([
    ["pull_request", "opened", /\/pulls\/\d+$/],
    ["pull_request", "synchronize", /\/pulls\/\d+$/],
    ["pull_request", "reopened", /\/pulls\/\d+$/],
    ["merge_group", "checks_requested", /./],
  ])("%s %s asks GitHub again before it believes the payload", async (name, action, route) => {
    const payloads = payloadsOf(name, action);
    expect(payloads.length).toBeGreaterThan(0);
    for (const payload of payloads) {
      const asked = await deliver(name, payload);
      for (const one of asked) expect(one).toMatch(/^(GET|POST) /);
      if (name === "pull_request") expect(asked.some((one) => route.test(one))).toBe(true);
    }
  });

  test.each([
    ["workflow_run", "completed"],
    ["workflow_run", "requested"],
    ["check_run", "rerequested"],
    ["check_suite", "rerequested"],
    ["issue_comment", "created"],
    ["issue_comment", "edited"],
    ["issue_comment", "deleted"],
    ["installation", "created"],
    ["pull_request", "closed"],
  ])("%s %s of somebody else changes nothing", async (name, action) => {
    for (const payload of payloadsOf(name, action)) {
      const asked = await deliver(name, payload);
      expect(asked.filter((one) => !one.startsWith("GET "))).toEqual([]);
    }
  });
});
