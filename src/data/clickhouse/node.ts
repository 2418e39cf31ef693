// One ClickHouse node over HTTP: small answers whole or not at all, large ones as a stream.
import type { Readable } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import { InputError, ModelgateError, ProviderError } from "../../errors.ts";
import type { Context } from "../../host/context.ts";
import type { ClickHouseAddress } from "./address.ts";

export interface ClickHouseNode {
  /** `host:port`. */
  readonly name: string;
  /** The rows of a small result; values as JSON has them: texts, small numbers, null. */
  query(sql: string): Promise<readonly (readonly unknown[])[]>;
  /** Names and types of the columns a query gives. */
  describe(sql: string): Promise<readonly { readonly name: string; readonly type: string }[]>;
  /** The bytes of a result in `format`, to be read to their end. */
  stream(sql: string, format: string): Promise<Readable>;
  close(): Promise<void>;
}

interface Answer {
  readonly meta: readonly { readonly name: string; readonly type: string }[];
  readonly data: readonly (readonly unknown[])[];
  readonly rows: number;
}

const attempts = 3;

/**
 * Opens the nodes of an address, gives them to `use` and closes them. No setting is sent that a read-only account may not
 * set. Failures come out as ProviderError (down, slow, half an answer), or InputError when what was asked for is wrong
 * (no such table or column, a password that is not right); neither holds a password.
 */
export async function withNodes<T>(
  address: ClickHouseAddress,
  context: Context,
  use: (nodes: readonly [ClickHouseNode, ...ClickHouseNode[]]) => Promise<T>,
): Promise<T> {
  const credentials = readCredentials(address, context);
  const open = (origin: string): Promise<ClickHouseNode> => openNode(origin, address, credentials, context);
  const [first, ...others] = address.nodes;
  const nodes = [await open(first), ...(await Promise.all(others.map(open)))] as const;
  try {
    return await use(nodes);
  } finally {
    await Promise.all(nodes.map((node) => node.close()));
  }
}

interface Credentials {
  readonly user: string;
  readonly password: string;
}

function readCredentials(address: ClickHouseAddress, { environment }: Context): Credentials {
  const read = (named: string | null, usual: string): string | undefined => {
    const value = environment[named ?? usual];
    if (named === null || value !== undefined) return value;
    throw new InputError({
      message: `the environment variable ${named} is not set`,
      file: address.shown,
      expected: `${named}, which the address of the data names`,
      hint: "hand it to the step with `env:`, from a secret",
    });
  };
  return {
    user: read(address.userVariable, "CLICKHOUSE_USER") ?? "default",
    password: read(address.passwordVariable, "CLICKHOUSE_PASSWORD") ?? "",
  };
}

async function openNode(
  origin: string,
  address: ClickHouseAddress,
  { user, password }: Credentials,
  context: Context,
): Promise<ClickHouseNode> {
  const { createClient, ClickHouseLogLevel } = await import("@clickhouse/client");
  const client = createClient({
    url: origin,
    username: user,
    password,
    ...(address.database === null ? {} : { database: address.database }),
    application: "modelgate",
    request_timeout: address.timeoutSeconds * 1000,
    // The client's own log would name users and repeat what our errors say.
    log: { level: ClickHouseLogLevel.OFF },
  });
  const name = origin.replace(/^https?:\/\//, "");
  const explain = (error: unknown): unknown => explainError(error, name, address, context);
  // The answer is kept on the server until it is whole, so an error late in a query is an error, not half an answer.
  const clickhouse_settings = { wait_end_of_query: 1 } as const;
  const ask = async (sql: string): Promise<Answer> => {
    const result = await client.query({
      query: sql,
      format: "JSONCompact",
      abort_signal: context.signal,
      clickhouse_settings,
    });
    return readAnswer(await result.text(), name, address);
  };
  const askPatiently = async (sql: string): Promise<Answer> => {
    for (let attempt = 1; ; attempt++) {
      context.signal.throwIfAborted();
      try {
        return await ask(sql);
      } catch (error) {
        if (attempt === attempts || !isPassing(error)) throw explain(error);
        await wait(100 * 4 ** (attempt - 1), undefined, { signal: context.signal });
      }
    }
  };
  return {
    name,
    query: async (sql) => (await askPatiently(sql)).data,
    describe: async (sql) => (await askPatiently(`SELECT * FROM (${sql}) LIMIT 0`)).meta,
    stream: async (sql, format) => {
      try {
        const query = `${sql} FORMAT ${format}`;
        return (await client.exec({ query, abort_signal: context.signal, clickhouse_settings })).stream;
      } catch (error) {
        throw explain(error);
      }
    },
    close: () => client.close(),
  };
}

/** Takes an answer only with its end: rows as many as it says itself. */
function readAnswer(text: string, node: string, address: ClickHouseAddress): Answer {
  let answer: Partial<Answer> | null = null;
  try {
    answer = JSON.parse(text) as Partial<Answer>;
  } catch {
    answer = null;
  }
  if (answer && Array.isArray(answer.meta) && Array.isArray(answer.data) && answer.data.length === answer.rows) {
    return answer as Answer;
  }
  const inside = /Code: \d+[^\n]*/.exec(text)?.[0];
  throw new ProviderError({
    message: `ClickHouse at ${node} answered only in part`,
    file: address.shown,
    expected: "a whole JSON document",
    received: inside ?? `${text.length} characters without an end`,
    hint: "look at the server's log; nothing was concluded from the part that arrived",
  });
}

/** A connection that failed may work the next time; nothing is changed by asking twice. */
function isPassing(error: unknown): boolean {
  return /ECONNREFUSED|ECONNRESET|EPIPE|ENETUNREACH|EAI_AGAIN|socket hang up/.test(
    String(Reflect.get(Object(error), "code") ?? error),
  );
}

/** Codes of ClickHouse for what the asker did wrong: names, types, syntax, rights. */
const askersFault = new Set([16, 36, 42, 43, 46, 47, 50, 53, 60, 62, 81, 192, 193, 194, 291, 497, 516]);

/** What went wrong on a node, as one of our errors; our own errors and interrupts pass through. */
export function explainError(error: unknown, node: string, address: ClickHouseAddress, context: Context): unknown {
  if (error instanceof ModelgateError) return error;
  if (context.signal.aborted) return context.signal.reason;
  const text = error instanceof Error ? error.message : String(error);
  const code = Number(Reflect.get(Object(error), "code") ?? /Code: (\d+)/.exec(text)?.[1]);
  const received = shorten(text);
  if (/Timeout error/i.test(text)) {
    return new ProviderError(
      {
        message: `ClickHouse at ${node} did not answer within ${address.timeoutSeconds} s`,
        file: address.shown,
        hint: "allow more with `timeout` (seconds), read fewer rows, or look why the server is slow",
      },
      { cause: error },
    );
  }
  if (askersFault.has(code)) {
    return new InputError(
      { message: `ClickHouse at ${node} refuses the question`, file: address.shown, received },
      { cause: error },
    );
  }
  const down = isPassing(error);
  return new ProviderError(
    {
      message: `ClickHouse at ${node} ${down ? "cannot be reached" : "failed"}`,
      file: address.shown,
      received,
      ...(down ? { hint: "check host and port (HTTP, usually 8123), and that the server runs" } : {}),
    },
    { cause: error },
  );
}

function shorten(text: string): string {
  const plain =
    text
      .split("\n", 1)[0]
      ?.replace(/,? ?e\.displayText\(\) = /, " ")
      .replace(/, e\.what\(\) = .*$/, "") ?? "";
  return plain.length > 300 ? `${plain.slice(0, 300)}…` : plain;
}
