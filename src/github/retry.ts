// When a request to GitHub is repeated, how long to wait before, and when to give up.
import { setTimeout as sleep } from "node:timers/promises";
import { explainFailure, readHeaders, readStatus } from "./failure.ts";
import { defaultRetryLimits, type RetryLimits } from "./retry-limits.ts";

interface Observer {
  readonly limits?: Partial<RetryLimits>;
  readonly progress?: (line: string) => void;
  readonly signal?: AbortSignal;
  readonly tokenHint?: string;
}

interface RequestFacts {
  readonly method: string;
  readonly url: string;
  readonly body?: unknown;
  readonly data?: unknown;
  /** Its body is a stream that can be opened again. */
  readonly canSendAgain?: boolean;
}

/** Runs `request` and repeats it while `decideRetry` says so. Failures leave as GitHubError. */
export async function retryRequest<T extends { data: unknown; headers: object }>(
  request: () => Promise<T> | T,
  facts: RequestFacts,
  observer: Observer,
): Promise<T> {
  const limits = { ...defaultRetryLimits, ...observer.limits };
  const startedAt = performance.now();
  for (let attempt = 1; ; attempt += 1) {
    try {
      return rejectCutAnswer(await request(), facts);
    } catch (error) {
      const elapsedSeconds = (performance.now() - startedAt) / 1000;
      const waitSeconds = decideRetry(describeAttempt(error, facts, attempt), limits, elapsedSeconds, Math.random());
      if (waitSeconds === null || observer.signal?.aborted) throw explainFailure(error, observer.tokenHint);
      if (waitSeconds >= 1) observer.progress?.(`waiting ${Math.ceil(waitSeconds)} s before GitHub is asked again`);
      await sleep(waitSeconds * 1000, undefined, observer.signal ? { signal: observer.signal } : {});
    }
  }
}

/** What is known of a failed try. `status` 0 = no (whole) answer came; undefined = not about the request at all. */
export interface FailedAttempt {
  readonly attempt: number;
  readonly status: number | undefined;
  /** Repeating it has no second effect, and its body can be sent again. */
  readonly repeatable: boolean;
  readonly limited: boolean;
  readonly retryAfterSeconds: number | null;
  readonly resetInSeconds: number | null;
}

/**
 * Seconds to wait before the next try, or null to give up. `random` is uniform in [0, 1). A rate limit (403 or 429) waits
 * Retry-After, else until the reset when nothing remains, else a minute, doubling. 404 right after a creation is the
 * caller's business; 422 and other refusals are answers, not failures.
 */
export function decideRetry(
  failed: FailedAttempt,
  limits: RetryLimits,
  elapsedSeconds: number,
  random: number,
): number | null {
  if (failed.status === undefined || failed.attempt >= limits.attempts) return null;
  const waitSeconds = failed.limited
    ? (failed.retryAfterSeconds ?? failed.resetInSeconds ?? 60 * 2 ** (failed.attempt - 1))
    : failed.repeatable && (failed.status === 0 || failed.status >= 500)
      ? limits.firstWaitSeconds * 2 ** (failed.attempt - 1) * (0.5 + random)
      : null;
  return waitSeconds === null || elapsedSeconds + waitSeconds > limits.totalSeconds ? null : waitSeconds;
}

function describeAttempt(error: unknown, facts: RequestFacts, attempt: number): FailedAttempt {
  const status = error instanceof CutAnswerError ? 0 : readStatus(error);
  const headers = readHeaders(error);
  const text = error instanceof Error ? error.message : "";
  const exhausted = headers["x-ratelimit-remaining"] === "0";
  const streamed = !facts.canSendAgain && [facts.body, facts.data].some(isStream);
  const resetAt = Number(headers["x-ratelimit-reset"]);
  return {
    attempt,
    status,
    // What is asked by GraphQL is only ever read.
    repeatable: (facts.method !== "POST" || /\/graphql$/.test(facts.url)) && !streamed,
    limited:
      !streamed &&
      (status === 429 ||
        (status === 403 && (exhausted || headers["retry-after"] !== undefined || /rate limit/i.test(text)))),
    retryAfterSeconds: readRetryAfter(headers["retry-after"]),
    resetInSeconds: exhausted && resetAt > 0 ? Math.max(1, resetAt - Date.now() / 1000 + 1) : null,
  };
}

function isStream(value: unknown): boolean {
  return typeof value === "object" && value !== null && (Symbol.asyncIterator in value || "getReader" in value);
}

/** Seconds of a Retry-After header: a number or an HTTP date; null when there is none or it makes no sense. */
function readRetryAfter(header: string | undefined): number | null {
  if (header === undefined) return null;
  if (/^\d+$/.test(header)) return Number(header);
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, (at - Date.now()) / 1000);
}

class CutAnswerError extends Error {
  readonly status = 0;
  readonly request: RequestFacts;

  constructor(request: RequestFacts) {
    super("the answer was cut off or is not JSON");
    this.request = request;
  }
}

/** Octokit hands a JSON body that does not parse on as text, as if all were well; here it counts as no answer. */
function rejectCutAnswer<T extends { data: unknown; headers: object }>(response: T, facts: RequestFacts): T {
  const type = (response.headers as Record<string, string | undefined>)["content-type"] ?? "";
  if (type.startsWith("application/json") && typeof response.data === "string") throw new CutAnswerError(facts);
  return response;
}
