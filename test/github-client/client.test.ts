// What GitHub can answer, and what the client makes of it: a bounded number of tries, then one clear message.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createGitHubClient } from "../../src/github/client.ts";
import { GitHubError } from "../../src/github/failure.ts";
import { decideRetry, type FailedAttempt } from "../../src/github/retry.ts";
import { defaultRetryLimits } from "../../src/github/retry-limits.ts";

const secret = "ghp_0123456789abcdefghijklmnopqrstuvwxyz";

interface Answer {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly drop?: boolean;
}

describe("the GitHub client", () => {
  let server: Server;
  let url = "";
  let answers: Answer[] = [];
  let requests: string[] = [];
  beforeAll(async () => {
    server = createServer((request, response) => {
      requests.push(`${request.method} ${request.url}`);
      const answer = answers.shift() ?? { status: 200, body: "{}" };
      if (answer.drop) return void request.socket.destroy();
      response.writeHead(answer.status, { "content-type": "application/json", ...answer.headers });
      response.end(answer.body ?? JSON.stringify({ message: "something" }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => void server.close());
  beforeEach(() => {
    answers = [];
    requests = [];
  });

  function open() {
    return createGitHubClient({ apiUrl: url, token: secret, limits: { firstWaitSeconds: 0.001, totalSeconds: 5 } });
  }

  async function fail(given: readonly Answer[], post = false): Promise<GitHubError> {
    answers = [...given];
    const at = { owner: "o", repo: "r" };
    const work = post ? open().rest.issues.create({ ...at, title: "t" }) : open().rest.repos.get(at);
    const error: unknown = await work.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(GitHubError);
    expect(JSON.stringify((error as GitHubError).problems)).not.toContain(secret);
    expect((error as GitHubError).exitCode).toBe(3);
    return error as GitHubError;
  }

  const always = (answer: Answer) => Array.from({ length: 10 }, () => answer);

  it.each([
    [401, { message: "Bad credentials" }, /does not accept the token/],
    [401, { message: "Requires authentication" }, /asks for a token, and none was given/],
    [404, { message: "Not Found" }, /no such thing, or the token may not see it/],
    [422, { message: "Validation Failed", errors: [{ field: "name", code: "invalid" }] }, /refuses what was asked/],
  ])("asks once and explains %i", async (status, body, message) => {
    const error = await fail(
      always({ status, body: JSON.stringify(body), headers: { "x-github-request-id": "ABC:1" } }),
    );
    expect(error.problems[0]).toMatchObject({ message: expect.stringMatching(message) });
    expect(error.problems[0].received).toContain(`${status} to GET /repos/o/r, request ABC:1: ${body.message}`);
    expect(error).toMatchObject({ status, requestId: "ABC:1" });
    expect(requests).toHaveLength(1);
  });

  it("names the permissions line that a 403 lacks", async () => {
    const body = JSON.stringify({ message: "Resource not accessible by integration" });
    const named = await fail([
      { status: 403, body, headers: { "x-accepted-github-permissions": "pull_requests=write" } },
    ]);
    expect(named.problems[0].hint).toContain("`pull-requests: write`");
    const guessed = await fail([{ status: 403, body }], true);
    expect(guessed.problems[0].hint).toContain("`issues: write`");
  });

  it("repeats a read when GitHub fails, five times, and names an HTML page as such", async () => {
    const error = await fail(
      always({ status: 500, body: "<!DOCTYPE html><html>Unicorn!", headers: { "content-type": "text/html" } }),
    );
    expect(error.problems[0].message).toMatch(/GitHub itself failed/);
    expect(error.problems[0].received).toContain("an HTML page came back");
    expect(requests).toHaveLength(5);
  });

  it("repeats a read whose connection broke, or whose JSON was cut, until it comes whole", async () => {
    answers = [
      { status: 0, drop: true },
      { status: 200, body: '{"id": 1, "na' },
      { status: 200, body: '{"id": 7}' },
    ];
    const { data } = await open().rest.repos.get({ owner: "o", repo: "r" });
    expect(data.id).toBe(7);
    expect(requests).toHaveLength(3);
  });

  it("never repeats a POST whose answer was lost: whoever made it looks first", async () => {
    const error = await fail(always({ status: 0, drop: true }), true);
    expect(error.status).toBe(0);
    expect(error.problems[0].message).toMatch(/could not be reached/);
    expect(requests).toHaveLength(1);
    await fail(always({ status: 502, body: "" }), true);
    expect(requests).toHaveLength(2);
  });

  it("waits as Retry-After says, for a POST too, and then goes on", async () => {
    answers = [
      { status: 429, headers: { "retry-after": "0" } },
      { status: 403, headers: { "retry-after": "0" } },
    ];
    await open().rest.issues.create({ owner: "o", repo: "r", title: "t" });
    expect(requests).toHaveLength(3);
  });

  it("does not wait longer than it may, and says that the limit is used up", async () => {
    const body = JSON.stringify({ message: "API rate limit exceeded for installation" });
    const error = await fail(always({ status: 403, body, headers: { "retry-after": "3600" } }));
    expect(error.problems[0].message).toMatch(/rate limit is used up/);
    expect(requests).toHaveLength(1);
  });
});

describe("deciding whether to try again", () => {
  const failed: FailedAttempt = {
    attempt: 1,
    status: 502,
    repeatable: true,
    limited: false,
    retryAfterSeconds: null,
    resetInSeconds: null,
  };
  const decide = (more: Partial<FailedAttempt>, elapsedSeconds = 0) =>
    decideRetry({ ...failed, ...more }, defaultRetryLimits, elapsedSeconds, 0.5);

  it("doubles the wait after failures of GitHub, up to five tries", () => {
    expect([1, 2, 3, 4, 5].map((attempt) => decide({ attempt }))).toEqual([0.5, 1, 2, 4, null]);
  });

  it("waits Retry-After first, else until the reset, else a minute that doubles", () => {
    const limited = { status: 403, limited: true, repeatable: false };
    expect(decide({ ...limited, retryAfterSeconds: 7, resetInSeconds: 20 })).toBe(7);
    expect(decide({ ...limited, resetInSeconds: 20 })).toBe(20);
    expect([1, 2].map((attempt) => decide({ ...limited, attempt }))).toEqual([60, 120]);
  });

  it("begins no wait that would end after the total time", () => {
    expect(decide({ status: 429, limited: true, retryAfterSeconds: 100 }, 250)).toBeNull();
  });

  it.each([422, 404, 401, 403, 409])("takes %i for an answer", (status) => {
    expect(decide({ status })).toBeNull();
  });
});
