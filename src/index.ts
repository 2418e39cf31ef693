// The JavaScript interface: `import { openRegistry } from "modelgate"` reads a registry from any program.

import { defaultScope, type VerificationScope } from "./commands/gather-verification.ts";
import type { ModelDocument, RegistryHistoryDocument } from "./commands/registry-documents.ts";
import type { DownloadDocument } from "./commands/registry-download.ts";
import { download } from "./commands/registry-download.ts";
import { type HistorySettings, readHistory } from "./commands/registry-history.ts";
import { listRegistry } from "./commands/registry-list.ts";
import { type ResolutionDocument, resolveVersion } from "./commands/registry-resolve.ts";
import { openRegistrySession } from "./commands/registry-session.ts";
import { type RegistryVerificationDocument, verify } from "./commands/registry-verify.ts";
import { InputError } from "./errors.ts";
import { createGitHubClient } from "./github/client.ts";
import { createStop } from "./host/stop.ts";
import { parseReference } from "./registry/names.ts";

export { InputError, ModelgateError, type Problem, ProviderError, RefusedError } from "./errors.ts";
export type {
  DownloadDocument,
  HistorySettings,
  ModelDocument,
  RegistryHistoryDocument,
  RegistryVerificationDocument,
  ResolutionDocument,
  VerificationScope,
};

export interface RegistryOptions {
  /** `OWNER/NAME` of the repository that holds the registry. */
  readonly repository: string;
  /** Needed for private repositories; `contents: read` is enough. */
  readonly token?: string;
  /** Default `https://api.github.com`; GitHub Enterprise Server: `https://HOST/api/v3`. */
  readonly apiUrl?: string;
  /** Ends all requests and downloads when aborted. */
  readonly signal?: AbortSignal;
  /** A line about work under way. */
  readonly progress?: (line: string) => void;
}

/** A registry that is read. All functions throw InputError, RefusedError or ProviderError, never a bare response. */
export interface Registry {
  /** The version behind `MODEL@STAGE` or `MODEL@VERSION`: one request, and no quota when nothing changed since the last. */
  resolve(reference: string): Promise<ResolutionDocument>;
  /** Writes the version's files below `out`, resumed and checked; returns what they are. */
  download(reference: string, out: string): Promise<DownloadDocument>;
  /** One model with its versions: all of them, or the newest where the registry has more than 2,000 events; `all` reads those too. */
  show(model: string, options?: { readonly all?: boolean }): Promise<ModelDocument>;
  /** Every model with its versions, as `show`. */
  list(options?: { readonly all?: boolean }): Promise<readonly ModelDocument[]>;
  /**
   * Events and what the stages held after them; `at`: up to that moment, or the end of that day in UTC. Of more than 2,000
   * events the newest 100, or `limit`; `before` and `after` take the number of an event, a moment or a day.
   */
  history(options?: Partial<HistorySettings>): Promise<RegistryHistoryDocument>;
  /** Chain, index, releases and anchors; the manifests of the newest 500 versions, or of those in scope. */
  verify(scope?: Partial<VerificationScope>): Promise<RegistryVerificationDocument>;
}

/** Opens the registry of a repository; nothing is asked of GitHub yet. Anonymous without a token. */
export function openRegistry(options: RegistryOptions): Registry {
  const [owner, name, ...rest] = requireText(options?.repository, "repository", "OWNER/NAME").split("/");
  if (!owner || !name || rest.length > 0)
    throw new InputError({
      message: "this does not name a repository",
      expected: "OWNER/NAME",
      received: options.repository,
    });
  const signal = options.signal ?? createStop().signal;
  const progress = options.progress ?? (() => {});
  const context = { folder: process.cwd(), environment: {}, now: () => new Date(), progress, signal };
  const client = createGitHubClient({
    apiUrl: options.apiUrl ?? "https://api.github.com",
    token: options.token,
    progress,
    signal,
  });
  const session = openRegistrySession({ client, owner, name }, context);
  return {
    resolve: async (reference) => resolveVersion(session.ledger, parseReference(requireReference(reference))),
    download: async (reference, out) => {
      const settings = { reference: requireReference(reference), out: requireText(out, "out", "a folder") };
      return (await download(settings, session, context)).document;
    },
    show: async (model, { all = false } = {}) => {
      const { document } = await listRegistry(requireText(model, "model", "a model"), session, { all });
      const [found] = document.models;
      if (found === undefined) throw new InputError({ message: `the registry holds no model ${model}` });
      return found;
    },
    list: async ({ all = false } = {}) => (await listRegistry(null, session, { all })).document.models,
    history: async (options = {}) => (await readHistory({ model: null, at: null, ...options }, session)).document,
    verify: async (scope = {}) => (await verify(session, { ...defaultScope, ...scope })).document,
  };
}

/** Programs without types may pass anything. @throws InputError for what is no text or empty. */
function requireText(value: unknown, key: string, expected: string): string {
  if (typeof value === "string" && value !== "") return value;
  throw new InputError({ message: "a text is needed", key, expected, received: String(value) });
}

function requireReference(value: unknown): string {
  return requireText(value, "reference", "MODEL@STAGE or MODEL@VERSION, such as churn@production or churn@1.2.0");
}
