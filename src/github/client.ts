// How the project speaks to GitHub: Octokit with bounded retries, and every failure as one clear message.
import { Octokit } from "@octokit/rest";
import { retryRequest } from "./retry.ts";
import type { RetryLimits } from "./retry-limits.ts";

/** What the rooms use of Octokit; Probot's own client fits too. */
export type GitHubClient = Pick<Octokit, "request" | "paginate" | "rest" | "graphql">;

/** One repository and the client that may act on it. */
export interface RepositoryClient {
  readonly client: GitHubClient;
  readonly owner: string;
  readonly name: string;
}

export interface GitHubClientSettings {
  /** Base of the REST API: `https://api.github.com`, `https://HOST/api/v3`, or the local GitHub's. No trailing slash needed. */
  readonly apiUrl: string;
  /** Undefined = anonymous: public repositories can be read, at 60 requests an hour. */
  readonly token: string | undefined;
  /** For messages when it does not suffice: which token this is and what it needs. */
  readonly tokenHint?: string;
  readonly userAgent?: string;
  readonly limits?: Partial<RetryLimits>;
  /** Told about every wait of a second or more. */
  readonly progress?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * A client whose requests are retried within `limits` (network errors and 5xx when repeating is harmless; 403 and 429 by
 * Retry-After or the limit's reset; never 422) and then fail as GitHubError. A POST whose answer was lost is not
 * repeated here: whoever made it looks what became of it and decides again.
 */
export function createGitHubClient(settings: GitHubClientSettings): Octokit {
  const octokit = new Octokit({
    baseUrl: settings.apiUrl.replace(/\/+$/, ""),
    userAgent: settings.userAgent ?? "modelgate",
    ...(settings.token ? { auth: settings.token } : {}),
    log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
  });
  octokit.hook.wrap("request", async (request, options) => {
    if (settings.signal) options.request = { signal: settings.signal, ...options.request };
    const { openBody } = (options.request ?? {}) as { readonly openBody?: () => unknown };
    let tries = 0;
    // A stream can be sent once; whoever gives `request.openBody` gets another one for another try.
    const send = () => {
      tries += 1;
      return request(openBody && tries > 1 ? { ...options, data: openBody() } : options);
    };
    return retryRequest(send, { ...options, canSendAgain: openBody !== undefined }, settings);
  });
  return octokit;
}
