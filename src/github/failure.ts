// What GitHub's refusals mean, in words that say what to do. Secrets never get in: messages are built from the route and the answer.
import { type Problem, ProviderError } from "../errors.ts";
import { retrySecondsVariable } from "./retry-limits.ts";

/** A request to GitHub that failed for good; `status` is 0 when no answer came. */
export class GitHubError extends ProviderError {
  readonly status: number;
  readonly route: string;
  readonly requestId: string | null;

  constructor(facts: FailureFacts, options?: ErrorOptions) {
    super(describeFailure(facts), options);
    this.status = facts.status;
    this.route = facts.route;
    this.requestId = facts.requestId;
  }
}

interface FailureFacts {
  readonly status: number;
  /** Method and path: no host, no query, no header. */
  readonly route: string;
  readonly requestId: string | null;
  readonly message: string;
  /** GitHub's `x-accepted-github-permissions`, such as `contents=write`. */
  readonly acceptedPermissions: string | null;
  /** Seconds that GitHub asks to wait; null = it does not say. */
  readonly waitSeconds: number | null;
  /** Which token was used and what it needs; not given = the usual one. */
  readonly tokenHint?: string | undefined;
}

/** The HTTP status of a failed request, of ours or of any Octokit; undefined for everything else. 0 = no answer came. */
export function readStatus(error: unknown): number | undefined {
  if (error instanceof GitHubError) return error.status;
  if (!(error instanceof Error) || !("status" in error) || typeof error.status !== "number") return undefined;
  return "response" in error && error.response ? error.status : 0;
}

/** Any failure of an Octokit request as GitHubError; errors that are not about a request come back as they are. */
export function explainFailure(error: unknown, tokenHint?: string): unknown {
  const status = readStatus(error);
  if (error instanceof ProviderError || status === undefined || !(error instanceof Error)) return error;
  const headers = readHeaders(error);
  return new GitHubError(
    {
      status,
      route: readRoute(error),
      requestId: headers["x-github-request-id"] ?? null,
      message: readMessage(error),
      acceptedPermissions: headers["x-accepted-github-permissions"] ?? null,
      waitSeconds: readWait(headers),
      tokenHint,
    },
    // The cause of an Octokit error can hold the request with its headers, so it is not passed on.
    {},
  );
}

/** Runs requests of any Octokit and lets their failures out as GitHubError. */
export async function explained<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw explainFailure(error);
  }
}

/** Headers of the failed answer, in lower case; empty when no answer came. */
export function readHeaders(error: unknown): Readonly<Record<string, string | undefined>> {
  const response = error instanceof Error && "response" in error ? (error.response as { headers?: object }) : undefined;
  return (response?.headers ?? {}) as Record<string, string | undefined>;
}

/** GitHub's own message, shortened; HTML pages and binary bodies are named instead of quoted. */
function readMessage(error: Error): string {
  const response = "response" in error ? (error.response as { data?: unknown } | undefined) : undefined;
  if (!response) return error.message.slice(0, 200);
  if (typeof response.data === "string" && /<\s*(!doctype|html)/i.test(response.data)) return "an HTML page came back";
  const data = response.data as { message?: unknown; errors?: unknown } | null;
  if (typeof data !== "object" || data === null || typeof data.message !== "string") return "no message came back";
  const details = Array.isArray(data.errors) ? data.errors.map(readDetail).filter((text) => text !== "") : [];
  return [data.message, ...details].join("; ").slice(0, 500);
}

function readDetail(detail: unknown): string {
  if (typeof detail === "string") return detail;
  if (typeof detail !== "object" || detail === null) return "";
  const { message, field, code } = detail as Record<string, unknown>;
  if (typeof message === "string") return message;
  return [field, code].filter((part) => typeof part === "string").join(" ");
}

function readRoute(error: Error): string {
  const request = "request" in error ? (error.request as { method?: string; url?: string }) : {};
  try {
    return `${request.method ?? "?"} ${new URL(request.url ?? "").pathname.replace(/^\/api\/(v3|uploads)(?=\/)/, "")}`;
  } catch {
    return `${request.method ?? "?"} ?`;
  }
}

function describeFailure(facts: FailureFacts): Problem {
  const id = facts.requestId === null ? "" : `, request ${facts.requestId}`;
  const received = `${facts.status === 0 ? "no answer" : facts.status} to ${facts.route}${id}: ${facts.message}`;
  const explained = explainStatus(facts);
  const aboutToken = /\btoken\b/.test(explained.message) && facts.tokenHint !== undefined;
  return { ...explained, ...(aboutToken ? { hint: facts.tokenHint } : {}), received };
}

function explainStatus(facts: FailureFacts): Problem {
  const { status, message } = facts;
  if (status === 0 && /operation was aborted$/.test(message))
    return {
      message: "stopped before GitHub answered",
      hint: "run the same command again: it goes on where it stopped",
    };
  if (status === 0)
    return {
      message: "GitHub could not be reached, or the connection broke off",
      hint: "check the network and GITHUB_API_URL, then run the same command again: it goes on where it stopped",
    };
  if (status === 401 && /requires authentication/i.test(message))
    return {
      message: "GitHub asks for a token, and none was given",
      hint: "set GITHUB_TOKEN, on a terminal such as `GITHUB_TOKEN=$(gh auth token)`; in Actions the input `github-token`",
    };
  if (status === 401)
    return {
      message: "GitHub does not accept the token",
      hint: "GITHUB_TOKEN is wrong, revoked or expired; pass a valid one (in Actions: the job's `github.token`)",
    };
  if (/resource not accessible/i.test(message)) return explainPermission(facts);
  if ((status === 403 || status === 429) && /rate limit|abuse/i.test(message))
    return { message: "GitHub's rate limit is used up", hint: describeWait(facts.waitSeconds) };
  if (status === 403) return explainPermission(facts);
  if (status === 404)
    return {
      message: "GitHub says there is no such thing, or the token may not see it",
      hint: "check owner and repository, and that the token may read it (a private repository answers 404 to strangers)",
    };
  if (status === 429) return { message: "GitHub asks to slow down", hint: describeWait(facts.waitSeconds) };
  if (status === 422)
    return {
      message: "GitHub refuses what was asked",
      hint: /rule|protected/i.test(message)
        ? "a ruleset of the repository blocks this: see Settings → Rules"
        : "see GitHub's own words in `received`; `modelgate doctor` looks for what does not fit",
    };
  if (status >= 500)
    return { message: "GitHub itself failed, also after retries", hint: "see githubstatus.com, then run it again" };
  return { message: `GitHub answered ${status}`, hint: "see GitHub's own words in `received`" };
}

function describeWait(waitSeconds: number | null): string {
  const pause = waitSeconds === null ? "wait some minutes" : `wait ${Math.ceil(waitSeconds)} s, as GitHub asks`;
  return `${pause}, then run the same command again: it goes on where it stopped (${retrySecondsVariable} lets it wait longer by itself)`;
}

/** From Retry-After in seconds, else from the moment the limit resets when nothing of it remains. */
function readWait(headers: Readonly<Record<string, string | undefined>>): number | null {
  const after = headers["retry-after"];
  if (after !== undefined && /^\d+$/.test(after)) return Number(after);
  const resetAt = Number(headers["x-ratelimit-reset"]);
  return headers["x-ratelimit-remaining"] === "0" && resetAt > 0 ? Math.max(1, resetAt - Date.now() / 1000) : null;
}

function explainPermission(facts: FailureFacts): Problem {
  const lines = (facts.acceptedPermissions ?? guessPermission(facts.route))
    .split(/[;,]\s*/)
    .map((pair) => pair.trim().split("="))
    .filter(([name]) => name && name !== "metadata")
    .map(([name, level]) => `${(name ?? "").replaceAll("_", "-")}: ${level ?? "write"}`);
  return {
    message: "the token may not do this",
    expected: `permissions: { ${lines.join(", ")} }`,
    hint: `in the workflow add to the job's \`permissions:\` the line \`${lines[0]}\`; for an App grant and approve it`,
  };
}

/** The permission of a route when GitHub does not name it (GitHub Enterprise Server). */
function guessPermission(route: string): string {
  const level = route.startsWith("GET ") ? "read" : "write";
  const [, , , , area = ""] = route.split(/[ /]+/).slice(0, 5);
  const families: Readonly<Record<string, string>> = {
    issues: "issues",
    pulls: "pull_requests",
    "check-runs": "checks",
    "check-suites": "checks",
    actions: "actions",
    statuses: "statuses",
    deployments: "deployments",
  };
  return `${families[area] ?? "contents"}=${level}`;
}
