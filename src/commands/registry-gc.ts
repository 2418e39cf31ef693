// Use case: delete versions that no rule keeps, leaving their record in the ledger.
import { InputError } from "../errors.ts";
import { listOpenDeployments } from "../github/deployments.ts";
import type { Context } from "../host/context.ts";
import { appendEvent } from "../registry/append-event.ts";
import type { LedgerPort } from "../registry/ledger.ts";
import { findOtherOwner, type LedgerView, readLedgerView, refuseOthersModel } from "../registry/ledger-view.ts";
import { parseModelName, tagOf } from "../registry/names.ts";
import type { ModelState, RegistryState } from "../registry/registry-state.ts";
import {
  fitBudget,
  listNeeded,
  planRetention,
  type RetentionEntry,
  type RetentionRules,
} from "../registry/retention.ts";
import { findLogin } from "./find-actor.ts";
import type { JsonDocument, Outcome } from "./outcome.ts";
import { findModelState, readRegistryState } from "./registry-reading.ts";
import { isRegistryApart, type RegistrySession } from "./registry-session.ts";

export interface GcSettings {
  /** Null = all models. */
  readonly model: string | null;
  readonly rules: RetentionRules;
  /** Null = whoever the token or the workflow run belongs to. */
  readonly actor: string | null;
  readonly dryRun?: boolean;
}

/** Kind `registry-gc`. */
export interface GcDocument extends JsonDocument {
  readonly kind: "registry-gc";
  readonly state: "planned" | "deleted";
  readonly freedBytes: number;
  /** Of the versions that stay. */
  readonly keptBytes: number;
  readonly models: readonly { readonly name: string; readonly versions: readonly RetentionEntry[] }[];
}

/**
 * What stays and what goes; unless it is a dry run, what goes is deleted: first the ledger says so, then the release goes. What a
 * stage took meanwhile stays, and the document says so. InputError when no version has the metric by which the best stay.
 */
export async function collectGarbage(
  settings: GcSettings,
  session: RegistrySession,
  context: Context,
): Promise<Outcome<GcDocument>> {
  if (settings.rules.keepLast < 1)
    throw new InputError({ message: "at least the newest version stays", key: "--keep-last", expected: "1 or more" });
  const state = await readRegistryState(session.ledger);
  const models = await selectModels(state, settings.model, session.ledger);
  const { budgetBytes, ...rules } = settings.rules;
  const plan = (deployed: ReadonlyMap<string, string>): readonly ModelPlan[] => {
    const each = models.map(([name, model]) => {
      const needed = [...model.versions.keys()].flatMap((version) => {
        const reason = deployed.get(tagOf(name, version));
        return reason === undefined ? [] : [[version, reason] as const];
      });
      return planRetention(model, { ...rules, budgetBytes: null }, context.now(), new Map(needed));
    });
    const fitting = fitBudget(each, budgetBytes);
    return models.map(([name, model], index) => ({ name, model, versions: fitting[index] ?? [] }));
  };
  refuseUnknownMetric(models, settings.rules);
  const planned = plan(await findDeployed(plan(new Map()), session));
  const plans = settings.dryRun ? planned : await deleteVersions(planned, settings, session, context);
  const gone = plans.flatMap(({ versions }) => versions.filter((entry) => !entry.keep));
  const document: GcDocument = {
    kind: "registry-gc",
    schemaVersion: 1,
    state: settings.dryRun ? "planned" : "deleted",
    freedBytes: gone.reduce((sum, entry) => sum + entry.bytes, 0),
    keptBytes: plans.flatMap(({ versions }) => versions).reduce((sum, { keep, bytes }) => sum + (keep ? bytes : 0), 0),
    models: plans.map(({ name, versions }) => ({ name, versions })),
  };
  return { exitCode: 0, document, text: renderGc(document, settings.rules) };
}

interface ModelPlan {
  readonly name: string;
  readonly model: ModelState;
  readonly versions: readonly RetentionEntry[];
}

/** Of a registry that several repositories share only the own models. */
async function selectModels(
  state: RegistryState,
  model: string | null,
  ledger: LedgerPort,
): Promise<readonly (readonly [string, ModelState])[]> {
  if (model === null) {
    const own: (readonly [string, ModelState])[] = [];
    for (const [name, found] of state)
      if ((await findOtherOwner(found.index, ledger.tenant)) === null) own.push([name, found]);
    return own;
  }
  const name = parseModelName(model);
  const found = findModelState(state, name);
  await refuseOthersModel(found.index, ledger);
  return [[name, found]];
}

/** A misspelt metric would keep nothing, and the best versions would go. */
function refuseUnknownMetric(models: readonly (readonly [string, ModelState])[], { keepBest }: RetentionRules): void {
  if (keepBest === null) return;
  const measured = new Set(
    models.flatMap(([, { versions }]) => [...versions.values()].flatMap(({ metrics }) => Object.keys(metrics))),
  );
  if (measured.has(keepBest.metric)) return;
  throw new InputError({
    message: "no version was measured by this metric",
    key: "--keep-best",
    expected: [...measured].sort().slice(0, 30).join(", ") || "versions published with evidence",
    received: keepBest.metric,
    hint: "nothing was deleted",
  });
}

/** Tag → why it stays, of versions about to go that a deployment of the code's or the registry's repository still needs. */
async function findDeployed(
  plans: readonly ModelPlan[],
  session: RegistrySession,
): Promise<ReadonlyMap<string, string>> {
  const going = new Set(
    plans.flatMap(({ name, versions }) =>
      versions.filter(({ keep }) => !keep).map(({ version }) => tagOf(name, version)),
    ),
  );
  if (going.size === 0) return new Map();
  const places = isRegistryApart(session) ? [session.repository, session.registry] : [session.registry];
  const open = await Promise.all(
    places.map((place) => listOpenDeployments(place, (ref) => going.has(ref.replace(/^refs\/tags\//, "")))),
  );
  return new Map(
    open
      .flat()
      .map(({ id, ref, environment }) => [
        ref.replace(/^refs\/tags\//, ""),
        `deployed to ${environment} (deployment ${id})`,
      ]),
  );
}

/** The plans as they came true. */
async function deleteVersions(
  plans: readonly ModelPlan[],
  settings: GcSettings,
  session: RegistrySession,
  context: Context,
): Promise<readonly ModelPlan[]> {
  const going = plans.some(({ versions }) => versions.some((entry) => !entry.keep));
  const actor = going ? (settings.actor ?? (await findLogin(session.repository, context))) : "";
  const done: ModelPlan[] = [];
  for (const { name, model, versions } of plans) {
    const entries: RetentionEntry[] = [];
    for (const entry of versions)
      entries.push(entry.keep ? entry : await deleteVersion(name, model, entry, actor, session));
    done.push({ name, model, versions: entries });
  }
  return done;
}

/** The entry as it came true: it stays when a stage took it since the plan was made. */
async function deleteVersion(
  name: string,
  model: ModelState,
  entry: RetentionEntry,
  actor: string,
  { ledger, pace, releases, progress }: RegistrySession,
): Promise<RetentionEntry> {
  const { version, bytes, reason } = entry;
  const isAvailable = (other: string) => model.versions.get(other)?.state === "available";
  const findNeed = ({ index }: Pick<LedgerView, "index">) =>
    listNeeded(index, isAvailable).find((needed) => needed.version === version)?.reason;
  progress(`deleting ${name}@${version}`);
  const { view } = await appendEvent(
    { ledger, pace },
    () => readLedgerView(ledger, name, version),
    (now) => {
      if (findNeed(now) !== undefined || now.record?.state !== "available") return null;
      return { event: "gc", model: name, version, stage: null, actor, reason, freedBytes: bytes };
    },
  );
  if (view.record?.state !== "deleted") {
    const need = findNeed(view) ?? `it is ${view.record?.state ?? "unknown"}`;
    return { ...entry, keep: true, reason: `${need} since this was planned` };
  }
  const { release } = view.record;
  const found = release === null ? null : await releases.readRelease(release.id);
  if (found !== null) await releases.deleteRelease(found);
  if (release !== null && !(await releases.deleteTag(release.tag))) progress(`${release.tag}: a ruleset keeps the tag`);
  return entry;
}

function renderGc({ state, freedBytes, keptBytes, models }: GcDocument, { budgetBytes }: RetentionRules): string {
  const over =
    budgetBytes !== null && keptBytes > budgetBytes
      ? `, which is more than the budget of ${budgetBytes}: rules, stages and deployments keep them`
      : "";
  const rows = models.flatMap(({ name, versions }) =>
    versions.map(
      (entry) => `  ${entry.keep ? "stays" : "goes "}  ${name} ${entry.version}  ${entry.bytes} bytes  ${entry.reason}`,
    ),
  );
  const freed = `${state === "planned" ? "would free" : "freed"} ${freedBytes} bytes`;
  return [`${freed}; ${keptBytes} bytes stay${over}`, ...rows].join("\n");
}
