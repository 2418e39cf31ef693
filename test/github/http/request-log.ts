// What was asked, for tests that count requests: `GET /_local/requests`.

export interface LoggedRequest {
  /** From 1, without gaps. */
  readonly n: number;
  readonly method: string;
  readonly path: string;
  /** The route that matched, or null. */
  readonly route: string | null;
  /** 0: the answer was dropped. */
  readonly status: number;
  readonly actor: string;
  readonly ms: number;
}

export interface RequestLog {
  readonly add: (request: Omit<LoggedRequest, "n">) => void;
  /** Requests whose number is greater than `n`. */
  readonly since: (n: number) => LoggedRequest[];
}

const kept = 50_000;

/** Requests to our own routes are not logged. */
export function createRequestLog(): RequestLog {
  const requests: LoggedRequest[] = [];
  let count = 0;
  return {
    add: (request) => {
      if (request.path.startsWith("/_local/")) return;
      count += 1;
      requests.push({ n: count, ...request });
      if (requests.length > kept * 2) requests.splice(0, kept);
    },
    since: (n) => requests.filter((request) => request.n > n),
  };
}
