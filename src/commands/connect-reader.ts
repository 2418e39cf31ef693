// Which registry a terminal looks at: the one that was named, else the one that the config found here names, else the clone's.
import type { Context } from "../host/context.ts";
import { parseRepository } from "./find-repository.ts";
import { loadConfig, locateConfig } from "./load-config.ts";
import { connectOthers, connectRegistry, openRegistrySession, type RegistrySession } from "./registry-session.ts";

export interface ReaderChoice {
  /** `--repo OWNER/NAME`: the repository of the registry itself. */
  readonly repository: string | undefined;
  /** `--config FILE`. */
  readonly configFile: string | undefined;
}

/** All models of the registry, whoever publishes them. InputError when a config is there and wrong: it may name a registry. */
export async function connectReader(choice: ReaderChoice, context: Context): Promise<RegistrySession> {
  const named = choice.repository === undefined ? await findNamedRegistry(choice.configFile, context) : null;
  if (named === null) return await connectRegistry(choice.repository, context);
  const { registry, dispatcher } = connectOthers(context);
  return openRegistrySession({ client: registry, ...parseRepository(named) }, context, { registry, dispatcher });
}

async function findNamedRegistry(configFile: string | undefined, context: Context): Promise<string | null> {
  const file = configFile ?? (await locateConfig(context.folder)) ?? undefined;
  return file === undefined ? null : (await loadConfig(file, context)).config.registry;
}
