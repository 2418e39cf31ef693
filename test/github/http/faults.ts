// Failing on purpose: answers that never come, come late, come cut, or say something else.
import type { JsonObject } from "../json.ts";

/** One rule of `POST /_local/faults`. Counting is by match: first `skip` pass unharmed, then `times` fail. */
export interface Fault {
  /** `*`: any. */
  readonly method: string;
  /** `*` matches one or more characters, slashes included. */
  readonly path: string;
  readonly skip: number;
  readonly times: number;
  /** `before`: nothing happens; `after`: it happens and the answer is lost. */
  readonly when: "before" | "after";
  readonly status?: number | undefined;
  readonly drop?: boolean | undefined;
  readonly delayMs?: number | undefined;
  readonly truncate?: boolean | undefined;
  /** Sent with `status`; by default 5xx is a page of HTML and everything else a JSON message. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string | undefined;
}

export interface Faults {
  readonly add: (faults: readonly Fault[]) => void;
  readonly clear: () => void;
  /** With `hits`: how often each has failed a request. */
  readonly list: () => JsonObject[];
  /** The fault that this request meets, counted; `path` without host, prefixes and query. */
  readonly meet: (method: string, path: string) => Fault | undefined;
}

export function createFaults(): Faults {
  let rules: { fault: Fault; expression: RegExp; matches: number; hits: number }[] = [];
  return {
    add: (faults) => {
      rules.push(...faults.map((fault) => ({ fault, expression: compile(fault.path), matches: 0, hits: 0 })));
    },
    clear: () => {
      rules = [];
    },
    list: () => rules.map(({ fault, hits }) => ({ ...fault, headers: fault.headers && { ...fault.headers }, hits })),
    meet: (method, path) => {
      for (const rule of rules) {
        const { fault } = rule;
        if (fault.method !== "*" && fault.method.toUpperCase() !== method) continue;
        if (!rule.expression.test(path) && !rule.expression.test(decode(path))) continue;
        rule.matches += 1;
        if (rule.matches <= fault.skip || rule.matches > fault.skip + fault.times) {
          if (rule.matches > fault.skip + fault.times) continue;
          return undefined;
        }
        rule.hits += 1;
        return fault;
      }
      return undefined;
    },
  };
}

/** What a failing answer says when the rule does not say it. */
export function faultBody(fault: Fault): { body: string; contentType: string } {
  const status = fault.status ?? 500;
  if (fault.body !== undefined) {
    return { body: fault.body, contentType: fault.body.startsWith("<") ? "text/html" : "application/json" };
  }
  if (status >= 500) return { body: `<html><body><h1>${status} Unicorn!</h1></body></html>`, contentType: "text/html" };
  const limited = status === 429 || (status === 403 && fault.headers !== undefined);
  const message = limited
    ? "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
    : (messages[status] ?? "Fault");
  const body = { message, documentation_url: "https://docs.github.com/rest", status: String(status) };
  return { body: JSON.stringify(body), contentType: "application/json" };
}

const messages: Readonly<Record<number, string>> = {
  400: "Bad Request",
  401: "Bad credentials",
  403: "Resource not accessible by integration",
  404: "Not Found",
  409: "Conflict",
  422: "Validation Failed",
};

/** Rules may be written with the characters that clients encode, such as the `@` of a tag. */
function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function compile(path: string): RegExp {
  return new RegExp(
    `^${path
      .split("*")
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"))
      .join(".+")}$`,
  );
}
