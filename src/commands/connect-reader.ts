// Which registry a terminal looks at: the one that was named, else the one that the config found here names, else the clone's.
import { noCacheVariable } from "../host/answer-cache.ts";
import type { Context } from "../host/context.ts";
import { loadConfig, locateConfig } from "./load-config.ts";
import { connectNamedRegistry, connectRegistry, type RegistrySession } from "./registry-session.ts";

export interface ReaderChoice {
  /** `--repo OWNER/NAME`: the repository of the registry itself. */
  readonly repository: string | undefined;
  /** `--config FILE`. */
  readonly configFile: string | undefined;
  readonly options?: Readonly<Record<string, unknown>>;
}

/** All models of the registry, whoever publishes them; `--no-cache` looks up nothing on the disk. InputError when a config is there and wrong: it may name a registry. */
export async function connectReader(choice: ReaderChoice, given: Context): Promise<RegistrySession> {
  const uncached = choice.options?.["cache"] === false;
  const context = uncached ? { ...given, environment: { ...given.environment, [noCacheVariable]: "1" } } : given;
  const named = choice.repository === undefined ? await findNamedRegistry(choice.configFile, context) : null;
  if (named === null) return await connectRegistry(choice.repository, context);
  return connectNamedRegistry(named, context);
}

async function findNamedRegistry(configFile: string | undefined, context: Context): Promise<string | null> {
  const file = configFile ?? (await locateConfig(context.folder)) ?? undefined;
  return file === undefined ? null : (await loadConfig(file, context)).config.registry;
}
