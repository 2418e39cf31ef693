// What a pull request does to config, lock and workflows beside the model: read from its head as data, said, never obeyed.

import { findAffectedModels, type Side } from "../config/affected.ts";
import { describeConfigChanges, isRetraining } from "../config/config-diff.ts";
import type { Lock, LockedModel } from "../config/lock.ts";
import { configFileName, parseConfig } from "../config/parse.ts";
import { emptyLock, lockFileName, parseLock } from "../config/parse-lock.ts";
import type { ModelSettings } from "../config/settings.ts";
import { ModelgateError } from "../errors.ts";
import type { ProposedChange } from "../evidence/evidence.ts";

/** The head of a pull request as far as it matters to rules: texts (null = the file is not there) and changed paths. */
export interface ProposedHead {
  readonly configText: string | null;
  readonly lockText: string | null;
  /** Null = not known whole: everything counts as changed. */
  readonly changedPaths: readonly string[] | null;
}

export interface ProposedModels {
  readonly affected: readonly string[];
  readonly changes: ReadonlyMap<string, readonly ProposedChange[]>;
  /** The head's pins of models that the change only retrains. */
  readonly retrained: ReadonlyMap<string, LockedModel>;
  /** What the head's config and lock say of the models that both sides have. */
  readonly proposed: ReadonlyMap<string, { readonly settings: ModelSettings; readonly pins: LockedModel }>;
}

/** Compares head and base. A head whose config or lock cannot be read concerns every model, and that is said. */
export function describeProposal(base: Side, head: ProposedHead): ProposedModels {
  const read = readHead(head);
  const affected = findAffectedModels(base, read.side, head.changedPaths);
  const workflows = head.changedPaths?.some((path) => /^\.github\/(workflows|actions)\//.test(path)) ?? true;
  const common: readonly ProposedChange[] = [
    ...(read.problem === null ? [] : [{ what: "config", summary: read.problem, needsAccept: false } as const]),
    ...(workflows
      ? [{ what: "workflows", summary: "Workflows or local actions change.", needsAccept: false } as const]
      : []),
  ];
  const described = read.side === null ? new Map() : describeConfigChanges(base, read.side);
  const changes = new Map(affected.map((name) => [name, [...(described.get(name) ?? []), ...common]]));
  const retrained = new Map<string, LockedModel>();
  for (const name of affected) {
    const locked = read.side?.lock.models.get(name);
    if (read.side && locked && isRetraining(name, base, read.side)) retrained.set(name, locked);
  }
  const proposed = new Map(
    affected.flatMap((name) => {
      const settings = read.side?.config.models.get(name);
      const pins = read.side?.lock.models.get(name) ?? { train: null, evaluation: null };
      return settings && base.config.models.has(name) ? [[name, { settings, pins }] as const] : [];
    }),
  );
  return { affected, changes, retrained, proposed };
}

function readHead(head: ProposedHead): { readonly side: Side | null; readonly problem: string | null } {
  if (head.configText === null) return { side: null, problem: `The change removes \`${configFileName}\`.` };
  try {
    const lock: Lock = head.lockText === null ? emptyLock : parseLock(head.lockText, lockFileName);
    return { side: { config: parseConfig(head.configText, configFileName), lock }, problem: null };
  } catch (error) {
    if (!(error instanceof ModelgateError)) throw error;
    return { side: null, problem: `The change's config or lock cannot be read: ${error.message}.` };
  }
}
