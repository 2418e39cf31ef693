// The package registry as npm is configured to use it; nothing here knows a host by name.
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { promisify } from "node:util";
import { ProviderError } from "../errors.ts";

/** `url` ends without a slash; `token` is what `.npmrc` holds for it. */
export interface PackageRegistry {
  readonly url: string;
  readonly token: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Looks where npm looks: `npm_config_registry`, the user's `.npmrc`, then npm itself. Throws ProviderError if none says. */
export async function findPackageRegistry(environment: Environment): Promise<PackageRegistry> {
  const file =
    environment["NPM_CONFIG_USERCONFIG"] || environment["npm_config_userconfig"] || join(homedir(), ".npmrc");
  const settings = parseNpmrc(await readFile(file, "utf8").catch(() => ""), environment);
  const url =
    environment["npm_config_registry"] ||
    environment["NPM_CONFIG_REGISTRY"] ||
    settings.get("registry") ||
    (await askNpm());
  if (!url || !/^https?:\/\//.test(url)) {
    throw new ProviderError({
      message: "cannot fetch an engine: no package registry is configured",
      expected: "the environment variable npm_config_registry, a `registry=` line in ~/.npmrc, or npm on the PATH",
      hint: "set npm_config_registry in the workflow's `env:`",
    });
  }
  const trimmed = url.replace(/\/+$/, "");
  return { url: trimmed, token: settings.get(`${trimmed.replace(/^https?:/, "")}/:_authToken`) };
}

/** The tarball of one exact version, as a stream. Three tries; throws ProviderError. */
export async function fetchTarball(registry: PackageRegistry, name: string, version: string): Promise<Readable> {
  const base = name.split("/").pop() ?? name;
  const conventional = `${registry.url}/${name}/-/${base}-${version}.tgz`;
  const first = await request(registry, conventional);
  if (first.status !== 404) return toStream(first, conventional);
  const description = await request(registry, `${registry.url}/${name.replace("/", "%2f")}/${version}`);
  const document = description.ok ? ((await description.json()) as { dist?: { tarball?: unknown } }) : {};
  const listed = document.dist?.tarball;
  if (typeof listed !== "string") throw createFetchError(conventional, `HTTP ${first.status}`);
  return toStream(await request(registry, listed), listed);
}

async function request(registry: PackageRegistry, url: string): Promise<Response> {
  const sameHost = new URL(url).host === new URL(registry.url).host;
  const headers: Record<string, string> =
    registry.token && sameHost ? { authorization: `Bearer ${registry.token}` } : {};
  let problem = "";
  for (let attempt = 0; attempt < 3; attempt += 1) {
    if (attempt > 0) await new Promise((resolve) => setTimeout(resolve, 500 * 2 ** attempt));
    try {
      const response = await fetch(url, { headers, signal: AbortSignal.timeout(300_000) });
      if (response.status < 500 && response.status !== 429) return response;
      problem = `HTTP ${response.status}`;
    } catch (error) {
      problem = error instanceof Error ? String(error.cause ?? error.message) : String(error);
    }
  }
  throw createFetchError(url, problem);
}

function toStream(response: Response, url: string): Readable {
  if (!response.ok || !response.body) throw createFetchError(url, `HTTP ${response.status}`);
  return Readable.fromWeb(response.body as ReadableStream<Uint8Array>);
}

function createFetchError(url: string, received: string): ProviderError {
  return new ProviderError({
    message: "the package registry did not deliver an engine",
    expected: `a tarball at ${new URL(url).pathname}`,
    received,
    hint: "check that the runner reaches the registry npm is configured with (`npm config get registry`)",
  });
}

function parseNpmrc(text: string, environment: Environment): ReadonlyMap<string, string> {
  const lines = text.split(/\r?\n/).map((line) => /^\s*([^#;=][^=]*?)\s*=\s*(.*?)\s*$/.exec(line));
  return new Map(
    lines
      .filter((found) => found !== null)
      .map(([, key = "", value = ""]) => [key, value.replace(/\$\{(\w+)\}/g, (_, name) => environment[name] ?? "")]),
  );
}

/** A runner that brings its own node may have npm beside it and not on the PATH. */
async function askNpm(): Promise<string | undefined> {
  const run = promisify(execFile);
  for (const program of ["npm", join(dirname(process.execPath), "npm")]) {
    try {
      const { stdout } = await run(program, ["config", "get", "registry"], {
        shell: process.platform === "win32",
        timeout: 20_000,
        cwd: homedir(),
      });
      if (stdout.trim().startsWith("http")) return stdout.trim();
    } catch {
      // Not here: the next place is tried, and the caller says what to configure.
    }
  }
  return undefined;
}
