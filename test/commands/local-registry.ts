// A repository on the local GitHub with one model file in a folder beside it, and the use cases at hand.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Outcome } from "../../src/commands/outcome.ts";
import { promote } from "../../src/commands/promote.ts";
import { publish } from "../../src/commands/publish.ts";
import type { PublishSettings } from "../../src/commands/publish-settings.ts";
import type { PublicationDocument } from "../../src/commands/registry-documents.ts";
import { openRegistrySession, type RegistrySession } from "../../src/commands/registry-session.ts";
import { rollback } from "../../src/commands/rollback.ts";
import { defaultStages } from "../../src/config/resolve-stages.ts";
import { createGitHubClient } from "../../src/github/client.ts";
import type { Context } from "../../src/host/context.ts";
import { createStop } from "../../src/host/stop.ts";
import { type LocalGitHub, startLocalGitHub } from "../github/server.ts";

export interface RequestEntry {
  readonly n: number;
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

export interface FaultRule {
  readonly method: string;
  readonly path: string;
  readonly skip?: number;
  readonly times?: number;
  readonly when?: "before" | "after";
  readonly status?: number;
  readonly drop?: boolean;
  readonly truncate?: boolean;
  readonly delayMs?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface LocalRegistry {
  readonly github: LocalGitHub;
  readonly folder: string;
  readonly context: Context;
  readonly repository: string;
  /** As `connectRegistry` gives it, with short waits. */
  readonly session: () => Promise<RegistrySession>;
  readonly call: (method: string, path: string, body?: unknown) => Promise<unknown>;
  /** Requests made while `work` ran, the routes of the test itself left out. */
  readonly count: (work: () => Promise<unknown>) => Promise<readonly RequestEntry[]>;
  readonly setFaults: (faults: readonly FaultRule[]) => Promise<void>;
  readonly clearFaults: () => Promise<void>;
  /** Publishes these bytes as `model.onnx`. */
  readonly publish: (bytes: string, more?: Partial<PublishSettings>) => Promise<Outcome<PublicationDocument>>;
  readonly promote: (version: string, stage: string) => ReturnType<typeof promote>;
  readonly rollback: (to: string | null) => ReturnType<typeof rollback>;
  readonly stop: () => Promise<void>;
}

/** Starts a local GitHub with the repository `OWNER/rain` and its first commit. */
export async function startLocalRegistry(): Promise<LocalRegistry> {
  const folder = mkdtempSync(join(tmpdir(), "modelgate-registry-"));
  const github = await startLocalGitHub({ dataFolder: join(folder, "github") });
  const call = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${github.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${github.token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text.slice(0, 500)}`);
    return text === "" ? null : JSON.parse(text);
  };
  await call("POST", "/user/repos", { name: "rain", auto_init: true });
  const repository = `${github.owner}/rain`;
  const context: Context = {
    folder,
    environment: { GITHUB_API_URL: github.url, GITHUB_TOKEN: github.token },
    now: () => new Date(),
    progress: () => {},
    signal: createStop().signal,
  };
  const session = async () => {
    const client = createGitHubClient({
      apiUrl: github.url,
      token: github.token,
      limits: { firstWaitSeconds: 0.005, totalSeconds: 20 },
    });
    const opened = openRegistrySession({ client, owner: github.owner, name: "rain" }, context);
    return { ...opened, pace: { ...opened.pace, wait: (ms: number) => opened.pace.wait(ms / 20) } };
  };
  const common = { model: "rain", reason: null, actor: null, stages: defaultStages };
  return {
    github,
    folder,
    context,
    repository,
    session,
    call,
    count: async (work) => {
      const before = (await call("GET", "/_local/requests")) as readonly RequestEntry[];
      await work();
      const after = (await call("GET", `/_local/requests?since=${before.at(-1)?.n ?? 0}`)) as readonly RequestEntry[];
      return after.filter((entry) => !entry.path.startsWith("/_local/"));
    },
    setFaults: async (faults) => {
      await call("POST", "/_local/faults", faults);
    },
    clearFaults: async () => {
      await call("DELETE", "/_local/faults");
    },
    publish: async (bytes, more = {}) => {
      const inner = mkdtempSync(join(folder, "files-"));
      const file = join(inner, "model.onnx");
      writeFileSync(file, bytes);
      const settings = { model: "rain", config: null, root: null, files: [file], candidate: null, evidence: null };
      const rest = { version: null, card: null, profile: null, reason: null, actor: null };
      return publish({ ...settings, ...rest, ...more }, await session(), context);
    },
    promote: async (version, stage) => promote({ ...common, holdout: null, version, stage }, await session(), context),
    rollback: async (to) =>
      rollback({ ...common, config: null, stage: "production", to, reason: "it fails" }, await session(), context),
    stop: async () => {
      await github.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
