// Which versions may go: never one that a stage holds or would fall back to; the rest by the rules that were given.

import type { ModelIndex, VersionRecord } from "./model-index.ts";
import type { ModelState } from "./registry-state.ts";
import { listGood } from "./rollback.ts";

export interface RetentionRules {
  /** The newest versions that stay, at least 1. */
  readonly keepLast: number;
  /** Versions made within this many days stay; null = age keeps nothing. */
  readonly keepDays: number | null;
  /** The best versions by a metric stay; null = metrics keep nothing. */
  readonly keepBest: { readonly metric: string; readonly direction: "higher" | "lower"; readonly count: number } | null;
  /** Delete only until what stays, of all models looked at, fits into this; null = delete all that may go. */
  readonly budgetBytes: number | null;
}

export interface RetentionEntry {
  readonly version: string;
  /** When its number was taken. */
  readonly at: string;
  readonly bytes: number;
  readonly keep: boolean;
  /** For people: why it stays or goes. */
  readonly reason: string;
}

/** A decision for every available version, oldest first. `needed`: versions that something else needs, and what. */
export function planRetention(
  model: ModelState,
  rules: RetentionRules,
  now: Date,
  needed: ReadonlyMap<string, string> = new Map(),
): readonly RetentionEntry[] {
  const available = [...model.versions.values()]
    .filter((record) => record.state === "available")
    .sort((a, b) => a.reserved.sequence - b.reserved.sequence);
  const reasons = new Map([...needed, ...collectReasons(model, available, rules, now)]);
  const entries = available.map((record): RetentionEntry => {
    const reason = reasons.get(record.version);
    const facts = { version: record.version, at: record.reserved.at, bytes: measureBytes(record) };
    return { ...facts, keep: reason !== undefined, reason: reason ?? "no rule keeps it" };
  });
  return fitBudget([entries], rules.budgetBytes)[0] ?? [];
}

/** Of all that may go, whichever model it is of, the oldest goes first, and only until what stays fits. Null = all of it goes. */
export function fitBudget(
  plans: readonly (readonly RetentionEntry[])[],
  budgetBytes: number | null,
): readonly (readonly RetentionEntry[])[] {
  if (budgetBytes === null) return plans;
  const all = plans.flat();
  let total = all.reduce((sum, { bytes }) => sum + bytes, 0);
  const spared = new Set<RetentionEntry>();
  for (const entry of all.filter(({ keep }) => !keep).sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))) {
    if (total <= budgetBytes) spared.add(entry);
    else total -= entry.bytes;
  }
  const spare = (entry: RetentionEntry) => ({ ...entry, keep: true, reason: "what stays fits into the budget" });
  return plans.map((entries) => entries.map((entry) => (spared.has(entry) ? spare(entry) : entry)));
}

/** Bytes of all files of a version; the manifest, some kilobytes, is not counted. */
export function measureBytes(record: VersionRecord): number {
  return record.assets.reduce((sum, asset) => sum + asset.bytes, 0);
}

function collectReasons(
  model: ModelState,
  available: readonly VersionRecord[],
  rules: RetentionRules,
  now: Date,
): ReadonlyMap<string, string> {
  const reasons = new Map<string, string>();
  const keep = (version: string | null | undefined, reason: string) => {
    if (version && !reasons.has(version)) reasons.set(version, reason);
  };
  const isAvailable = (version: string) => model.versions.get(version)?.state === "available";
  for (const { version, reason } of listNeeded(model.index, isAvailable)) keep(version, reason);
  for (const record of available.slice(-Math.max(1, rules.keepLast)))
    keep(record.version, `one of the last ${Math.max(1, rules.keepLast)}`);
  const { keepDays, keepBest } = rules;
  if (keepDays !== null) {
    const youngest = new Date(now.getTime() - keepDays * 86_400_000).toISOString();
    for (const record of available)
      if (record.reserved.at >= youngest) keep(record.version, `younger than ${keepDays} days`);
  }
  if (keepBest !== null)
    for (const record of sortByMetric(available, keepBest).slice(0, keepBest.count))
      keep(record.version, `one of the ${keepBest.count} best by ${keepBest.metric}`);
  return reasons;
}

/** Versions that stages hold, then those that they would roll back to, each with the reason for people. */
export function listNeeded(
  index: ModelIndex,
  isAvailable: (version: string) => boolean,
): readonly { readonly version: string; readonly reason: string }[] {
  const stages = Object.entries(index.stages);
  const held = stages.map(([stage, version]) => ({ version, reason: `${stage} holds it` }));
  const spare = stages.flatMap(([stage, held]) => {
    const version = listGood(index, stage, held).find(isAvailable);
    return version === undefined ? [] : [{ version, reason: `${stage} would roll back to it` }];
  });
  return [...held, ...spare];
}

function sortByMetric(
  available: readonly VersionRecord[],
  best: NonNullable<RetentionRules["keepBest"]>,
): readonly VersionRecord[] {
  const sign = best.direction === "higher" ? -1 : 1;
  return available
    .filter((record) => record.metrics[best.metric] !== undefined)
    .sort((a, b) => sign * ((a.metrics[best.metric] ?? 0) - (b.metrics[best.metric] ?? 0)));
}
