// Holds every request, response and webhook against GitHub's own description; what does not fit is recorded, never hidden.
import { contractExceptions } from "./exceptions.ts";
import { describeProblems, readContract, validatorFor } from "./schemas.ts";

export interface Violation {
  readonly kind: "request" | "response" | "webhook";
  /** Operation (`GET /repos/{owner}/{repo}`) or webhook (`pull_request.opened`). */
  readonly subject: string;
  readonly status?: number;
  /** What is wrong, and where. */
  readonly problems: readonly string[];
}

/** How often an operation was asked for since the start, and how many answers were held against the description. */
export interface OperationUse {
  readonly operation: string;
  /** Whether the description has it. */
  readonly described: boolean;
  readonly requests: number;
  readonly validated: number;
}

export interface Contract {
  readonly checkRequest: (operation: string, query: URLSearchParams, body: unknown) => void;
  readonly checkResponse: (operation: string, status: number, body: unknown) => void;
  readonly checkWebhook: (event: string, action: string | null, payload: unknown) => void;
  readonly violations: () => readonly Violation[];
  readonly forgetViolations: () => void;
  /** Exceptions (by place in the list) that were needed since the start. */
  readonly neededExceptions: () => ReadonlySet<number>;
  readonly uses: (implemented: readonly string[]) => OperationUse[];
}

/** Answers that may come to any operation without being described for it: who are you, you may not, too fast, we are broken. */
const commonStatuses = new Set([401, 403, 404, 429, 500, 502, 503]);

export function createContract(): Contract {
  const { api, webhooks } = readContract();
  const found: Violation[] = [];
  const needed = new Set<number>();
  const counts = new Map<string, { requests: number; validated: number }>();

  function report(violation: Violation): void {
    const problems = violation.problems.filter((problem) => {
      const exception = contractExceptions.findIndex(
        (one) => one.kind === violation.kind && one.subject.test(violation.subject) && one.problem.test(problem),
      );
      if (exception >= 0) needed.add(exception);
      return exception < 0;
    });
    if (problems.length > 0) found.push({ ...violation, problems });
  }
  function count(operation: string): { requests: number; validated: number } {
    const entry = counts.get(operation) ?? { requests: 0, validated: 0 };
    counts.set(operation, entry);
    return entry;
  }
  return {
    checkRequest: (name, query, body) => {
      count(name).requests += 1;
      const operation = api.operations[name];
      if (operation === undefined) return;
      const problems: string[] = [];
      for (const [key, value] of query) {
        if (!(key in operation.query)) continue;
        const validate = validatorFor("query", name, key);
        if (!validate({ value })) problems.push(...describeProblems(validate).map((text) => `query ${key}: ${text}`));
      }
      if (operation.body !== null && (body !== undefined || operation.bodyRequired)) {
        const validate = validatorFor("body", name);
        if (!validate(body)) problems.push(...describeProblems(validate).map((text) => `body: ${text}`));
      }
      if (problems.length > 0) report({ kind: "request", subject: name, problems });
    },
    checkResponse: (name, status, body) => {
      const operation = api.operations[name];
      if (operation === undefined || status === 304) return;
      if (!(String(status) in operation.responses)) {
        if (commonStatuses.has(status)) return;
        report({ kind: "response", subject: name, status, problems: [`status ${status} is not described`] });
        return;
      }
      count(name).validated += 1;
      if (operation.responses[String(status)] === null || body === undefined) return;
      const validate = validatorFor("response", name, String(status));
      if (!validate(body)) report({ kind: "response", subject: name, status, problems: describeProblems(validate) });
    },
    checkWebhook: (event, action, payload) => {
      // The action of a repository_dispatch is what its sender chose; the description has one as a sample.
      const own = event === "repository_dispatch" ? "sample.collected" : action;
      const subject = own === null ? event : `${event}.${own}`;
      if (!(subject in webhooks.webhooks)) {
        report({ kind: "webhook", subject, problems: ["this webhook is not described"] });
        return;
      }
      const validate = validatorFor("webhook", subject);
      if (!validate(payload)) report({ kind: "webhook", subject, problems: describeProblems(validate) });
    },
    violations: () => found,
    forgetViolations: () => {
      found.length = 0;
    },
    neededExceptions: () => needed,
    uses: (implemented) =>
      implemented.map((operation) => ({
        operation,
        described: operation in api.operations,
        requests: counts.get(operation)?.requests ?? 0,
        validated: counts.get(operation)?.validated ?? 0,
      })),
  };
}
