// Addresses of ClickHouse data: which nodes, what is read on each, and which variables hold user and password.
import { InputError } from "../../errors.ts";
import { showSource } from "../source-address.ts";

export interface ClickHouseAddress {
  /** Origins such as `http://host:8123`; every node holds its own part of the rows. */
  readonly nodes: readonly [string, ...string[]];
  readonly database: string | null;
  readonly from: { readonly table: string } | { readonly query: string };
  /** Names of environment variables. */
  readonly userVariable: string | null;
  readonly passwordVariable: string | null;
  /** Seconds one query may take. */
  readonly timeoutSeconds: number;
  /** How people know it: no query, no settings. */
  readonly shown: string;
}

const scheme = /^clickhouses?:\/\//i;
const settings = ["query", "user-env", "password-env", "timeout"] as const;
const defaultTimeoutSeconds = 300;
const example = "clickhouse://host:8123/database/table";

/** True for addresses that ClickHouse answers. */
export function isClickHouseAddress(source: string): boolean {
  return scheme.test(source);
}

/**
 * Reads `clickhouse://host[:port][,host…]/database/table` (`clickhouses://` for TLS) with the settings `user-env`,
 * `password-env`, `timeout` (seconds) and `query` (instead of a table) after a `?`. Ports are 8123, with TLS 8443, unless
 * given. Throws InputError for anything else, and for a user or password written into it.
 */
export function parseClickHouseAddress(source: string): ClickHouseAddress {
  const shown = showSource(source);
  const [, tls, authority = "", path = "", search = ""] =
    /^clickhouse(s?):\/\/([^/?#]*)([^?#]*)(?:\?(.*))?$/is.exec(source) ?? [];
  const bad = (message: string, expected: string, received?: string): InputError =>
    new InputError({ message, file: shown, expected, ...(received === undefined ? {} : { received }) });
  if (authority.includes("@")) {
    throw new InputError({
      message: "an address of data may not hold a user or a password",
      file: shown,
      expected: `${example}?user-env=NAME&password-env=NAME, the names of environment variables`,
    });
  }
  const [first, ...others] = authority.split(",").map((host) => readNode(host, tls !== "", shown));
  const parts = path.split("/").filter((part) => part !== "");
  const names = parts.map((part) => decode(part, shown));
  const options = new URLSearchParams(search);
  const unknown = [...options.keys()].find((key) => !(settings as readonly string[]).includes(key));
  if (unknown !== undefined) throw bad(`the address has an unknown setting ${unknown}`, settings.join(", "), unknown);
  const query = options
    .get("query")
    ?.trim()
    .replace(/;+\s*$/, "");
  const timeout = Number(options.get("timeout") ?? defaultTimeoutSeconds);
  if (!(timeout > 0 && timeout <= 86_400)) {
    throw bad("the address has a bad timeout", "seconds, 1 to 86400", String(options.get("timeout")));
  }
  if (!first || (query ? names.length > 1 : names.length !== 2)) {
    throw bad("the address does not say what to read", `${example}, or clickhouse://host:8123/database?query=SELECT …`);
  }
  const [database = null, table = ""] = names;
  return {
    nodes: [first, ...others],
    database,
    from: query ? { query } : { table },
    userVariable: options.get("user-env"),
    passwordVariable: options.get("password-env"),
    timeoutSeconds: timeout,
    shown,
  };
}

function readNode(host: string, tls: boolean, shown: string): string {
  const bare = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:\d{1,5})?$/i.exec(host.trim());
  if (!bare) {
    throw new InputError({
      message: "the address names no host",
      file: shown,
      expected: `hosts separated by commas, as in ${example}`,
      received: host,
    });
  }
  return `${tls ? "https" : "http"}://${bare[1]}${bare[2] ?? (tls ? ":8443" : ":8123")}`;
}

function decode(part: string, shown: string): string {
  try {
    return decodeURIComponent(part);
  } catch (error) {
    throw new InputError(
      { message: "the address holds a broken % code", file: shown, received: part, hint: "write % itself as %25" },
      { cause: error },
    );
  }
}
