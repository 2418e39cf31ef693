// A GitHub that answers from a table and remembers what it was asked: for handlers and slash commands without a server.
import { Octokit } from "@octokit/rest";
import type { Session } from "../../app/session.ts";
import { openSession } from "../../app/session.ts";
import { retryRequest } from "../../src/github/retry.ts";

/** Answer of a route such as `GET /repos/o/r/pulls/1`, or of one with its query, which goes before: a body, bytes, or a status. */
export type Answers = Readonly<Record<string, unknown>>;

export interface Asked {
  readonly route: string;
  readonly body: unknown;
}

/** A session on `octo/rain` whose requests are answered from `answers` (404 otherwise) and recorded. */
export function openRecordedSession(answers: Answers): {
  readonly session: Session;
  readonly asked: Asked[];
  readonly log: string[];
} {
  const asked: Asked[] = [];
  const log: string[] = [];
  const fetcher = async (input: unknown, init?: { method?: string; body?: string }): Promise<Response> => {
    const url = new URL(String(input));
    const route = `${init?.method ?? "GET"} ${decodeURIComponent(url.pathname)}`;
    asked.push({ route, body: init?.body === undefined ? null : JSON.parse(init.body) });
    const answer = answers[`${route}${decodeURIComponent(url.search)}`] ?? answers[route];
    const status = typeof answer === "number" ? answer : answer === undefined ? 404 : 200;
    const body = typeof answer === "object" ? answer : { message: status === 404 ? "Not Found" : "no" };
    const response =
      answer instanceof Uint8Array
        ? new Response(answer.slice().buffer, { headers: { "content-type": "application/zip" } })
        : new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } });
    return Object.defineProperty(response, "url", { value: url.href });
  };
  const silent = { debug() {}, info() {}, warn() {}, error() {} };
  const client = new Octokit({ request: { fetch: fetcher }, log: silent });
  client.hook.wrap("request", (request, options) =>
    retryRequest(() => request(options), options, { limits: { attempts: 1 } }),
  );
  const repository = { id: 9, name: "rain", default_branch: "main", owner: { login: "octo" } };
  const session = openSession(repository, client, {
    identity: { appId: 1, login: "modelgate[bot]" },
    publisher: "modelgate/modelgate",
    context: {
      folder: "/",
      environment: {},
      now: () => new Date("2026-01-01T00:00:00Z"),
      progress: (line) => log.push(line),
      signal: new AbortController().signal,
    },
  });
  return { session, asked, log };
}
