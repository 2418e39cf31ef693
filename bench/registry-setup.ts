// A registry on a local GitHub of its own, whose client counts what a use case costs.
import { mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openRegistrySession, type RegistrySession } from "../src/commands/registry-session.ts";
import { createGitHubClient } from "../src/github/client.ts";
import type { Context } from "../src/host/context.ts";
import { startLocalRegistry } from "../test/commands/local-registry.ts";
import type { LocalGitHub } from "../test/github/server.ts";

/** What one use case cost. Bytes are those of bodies, both ways; answers of 304 are counted among the requests. */
export interface Cost {
  readonly requests: number;
  readonly unchanged: number;
  readonly bytes: number;
  readonly milliseconds: number;
}

export interface BenchRegistry {
  readonly github: LocalGitHub;
  readonly repository: string;
  readonly context: Context;
  readonly folder: string;
  /** A new process' worth of knowledge: no answer remembered. */
  readonly session: () => RegistrySession;
  /** The cost of `work` in all sessions of this registry. */
  readonly measure: (work: () => Promise<unknown>) => Promise<Cost>;
  readonly stop: () => Promise<void>;
}

export async function startBenchRegistry(): Promise<BenchRegistry> {
  const { github, repository, context, folder, stop } = await startLocalRegistry();
  const counted = { requests: 0, unchanged: 0, bytes: 0 };
  const session = () => {
    const client = createGitHubClient({ apiUrl: github.url, token: github.token });
    client.hook.before("request", (options) => {
      counted.requests += 1;
      const { url: _url, method: _method, headers, request: _request, ...rest } = options;
      counted.bytes += Number(headers["content-length"] ?? Buffer.byteLength(JSON.stringify(rest)));
    });
    client.hook.after("request", (response) => {
      counted.bytes += Number(response.headers["content-length"] ?? 0);
    });
    client.hook.error("request", (error) => {
      if ("status" in error && error.status === 304) counted.unchanged += 1;
      throw error;
    });
    return openRegistrySession({ client, owner: github.owner, name: "rain" }, context);
  };
  return {
    github,
    repository,
    context,
    folder,
    session,
    measure: async (work) => {
      const before = { ...counted };
      const started = performance.now();
      await work();
      return {
        requests: counted.requests - before.requests,
        unchanged: counted.unchanged - before.unchanged,
        bytes: counted.bytes - before.bytes,
        milliseconds: performance.now() - started,
      };
    },
    stop,
  };
}

/** Files of these contents on disk, for a publish. */
export function writeModelFiles(registry: BenchRegistry, contents: readonly string[]): readonly string[] {
  const folder = mkdtempSync(join(registry.folder, "files-"));
  return contents.map((content, index) => {
    const path = join(folder, `part-${index}.onnx`);
    writeFileSync(path, content);
    return path;
  });
}
