// Probot's client with our own retries, and with an allowance of writes instead of a fixed second between them.
import { setTimeout as sleep } from "node:timers/promises";
import { ProbotOctokit } from "probot";
import type { GitHubClient } from "../src/github/client.ts";
import { retryRequest } from "../src/github/retry.ts";
import { WriteAllowance } from "./rate-limit.ts";

/** Longest time one request of the App may take with all its repetitions. */
const limits = { attempts: 4, totalSeconds: 120 };

interface OctokitOptions {
  readonly throttle?: object;
  readonly retry?: object;
}

/** The client class for Probot. On loopback there is nothing to allow: a local GitHub has no limits on writing. */
export function createOctokitClass(onLoopback: boolean, now: () => Date, progress: (line: string) => void) {
  const allowances = new Map<string, WriteAllowance>();
  const findAllowance = (installation: string): WriteAllowance => {
    const known = allowances.get(installation) ?? new WriteAllowance(now());
    allowances.set(installation, known);
    return known;
  };
  const paced = ProbotOctokit.plugin((octokit, options) => {
    const installation = String(
      (options["auth"] as { readonly installationId?: number } | undefined)?.installationId ?? "",
    );
    octokit.hook.wrap("request", async (request, endpoint) => {
      if (!onLoopback && endpoint.method !== "GET" && endpoint.method !== "HEAD") {
        const waitSeconds = findAllowance(installation).takeWrite(now());
        if (waitSeconds > 0) await sleep(waitSeconds * 1000);
      }
      return retryRequest(() => request(endpoint), endpoint, { limits, progress });
    });
    return {};
  });
  // As a function: Probot lays its own throttle options over plain defaults, and would space writes by one to three seconds.
  return paced.defaults((options: OctokitOptions) => ({
    ...options,
    throttle: { ...options.throttle, enabled: false },
    retry: { ...options.retry, enabled: false },
  })) as unknown as typeof ProbotOctokit;
}

/** Probot's client as the rooms use it: the same routes, typed by another release of the same packages. */
export function asGitHubClient(octokit: InstanceType<typeof ProbotOctokit>): GitHubClient {
  return octokit as unknown as GitHubClient;
}
