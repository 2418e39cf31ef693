// Reads the sides of a drift comparison: profiles of the current data, the reference, and the reference's windows.
import type { ProfileOptions } from "../data/aggregate-engine.ts";
import { isProfile, type ReadProfile, readProfile } from "../data/read-profile.ts";
import { InputError } from "../errors.ts";
import type { Context } from "../host/context.ts";
import { createStopWithin } from "../host/stop.ts";
import { fewestLearningWindows } from "../monitoring/learned-threshold.ts";
import { findMergeProblem, mergeProfiles, type Profile } from "../monitoring/profile.ts";
import type { DriftCommandSettings, DriftSide } from "./drift.ts";
import { createNoRowsError } from "./no-rows.ts";

/** A profile of the columns to compare, and the names of all columns there are. */
export interface Side extends ReadProfile {
  readonly names: ReadonlySet<string>;
}

/** Profiles of the windows that thresholds are learned from; none when there is one reference. Throws InputError below eight. */
export async function readWindows(
  settings: DriftCommandSettings,
  options: ProfileOptions,
  context: Context,
): Promise<readonly Profile[]> {
  const { referenceWindows: wanted, reference, moreReferences = [] } = settings;
  if (moreReferences.length > 0 && wanted) {
    throw new InputError({
      message: "several references are windows already",
      expected: "one reference to cut into windows",
    });
  }
  const sides = wanted
    ? await (await import("../data/split-windows.ts")).splitIntoWindows(reference, { ...wanted, ...options }, context)
    : [reference, ...moreReferences];
  if (settings.learnFrom) {
    const learned: Profile[] = [];
    for (const side of settings.learnFrom)
      learned.push((await readSide({ ...settings, exact: false }, side, options, context)).profile);
    return learned.length < fewestLearningWindows ? [] : learned;
  }
  if (sides.length === 1) return [];
  if (sides.length < fewestLearningWindows) {
    throw new InputError({
      message: `thresholds are learned from at least ${fewestLearningWindows} reference windows`,
      expected: `${fewestLearningWindows} or more`,
      received: String(sides.length),
    });
  }
  const windows: Profile[] = [];
  for (const side of sides) {
    const { profile } = await readSide({ ...settings, exact: false }, side, options, context);
    const problem = windows[0] ? findMergeProblem(windows[0], profile) : null;
    if (problem)
      throw new InputError({ message: `the references cannot be taken together: ${problem}`, file: side.source });
    windows.push(profile);
  }
  return windows;
}

async function readReference(
  settings: DriftCommandSettings,
  windows: readonly Profile[],
  options: ProfileOptions,
  context: Context,
): Promise<Side> {
  const [first, ...rest] = windows;
  if (!first || settings.referenceWindows || settings.learnFrom)
    return readSide(settings, settings.reference, options, context);
  const names = new Set(first.columns.map(({ name }) => name));
  return { profile: rest.reduce(mergeProfiles, first), fromProfile: true, numbers: new Map(), names };
}

/**
 * The reference, or all its windows together, and the current side: both at the same time where both are data. What is wrong with the
 * reference is told before what is wrong with the current side.
 */
export async function readBothSides(
  settings: DriftCommandSettings,
  windows: readonly Profile[],
  options: ProfileOptions,
  context: Context,
): Promise<readonly [Side, Side]> {
  const sources = [settings.reference.source, settings.current.source];
  const areData = (await Promise.all(sources.map((source) => isProfile(source, context)))).every((is) => !is);
  if (areData && windows.length === 0) return readAtOnce(settings, { ...options, atOnce: sources.length }, context);
  const before = await readReference(settings, windows, options, context);
  const related = before.fromProfile && Boolean(before.profile.relations ?? before.profile.publishedCorrelations);
  return [
    before,
    await readSide(settings, settings.current, related ? { ...options, relations: true } : options, context),
  ];
}

async function readAtOnce(
  settings: DriftCommandSettings,
  options: ProfileOptions,
  context: Context,
): Promise<readonly [Side, Side]> {
  const stop = createStopWithin(context.signal);
  const current = readSide(settings, settings.current, options, { ...context, signal: stop.signal });
  // It is awaited when the reference is there.
  current.catch(() => undefined);
  try {
    return [await readSide(settings, settings.reference, options, context), await current];
  } catch (error) {
    // Nothing goes on reading, nor keeps its files, after the command has failed.
    stop.abort();
    await current.catch(() => undefined);
    throw error;
  }
}

export async function readSide(
  settings: DriftCommandSettings,
  side: DriftSide,
  options: ProfileOptions,
  context: Context,
): Promise<Side> {
  const chosen = settings.columns ? new Set(settings.columns) : null;
  const { groups } = settings;
  const ignored = new Set([...(settings.ignore ?? []), ...(groups && !groups.byDay ? [groups.column] : [])]);
  const isCompared = (name: string): boolean => (chosen?.has(name) ?? true) && !ignored.has(name);
  const keep = settings.exact ? isCompared : undefined;
  const found = nameColumns(await readProfile(side.source, { ...options, window: side.window, keep }, context));
  if (found.profile.rows === 0 && !found.fromProfile && side.window === undefined) throw createNoRowsError(side.source);
  const columns = found.profile.columns.filter(({ name }) => isCompared(name));
  return { ...found, profile: { ...found.profile, columns } };
}

/** With the names of all columns there are, whichever are compared. */
function nameColumns(read: ReadProfile): Side {
  return { ...read, names: new Set(read.profile.columns.map(({ name }) => name)) };
}

/** Without the optional columns that only one side has. */
export function dropOptional(reference: Side, current: Side, optional: readonly string[]): readonly [Side, Side] {
  const keep = (side: Side, other: Side): Side => {
    const present = new Set(other.profile.columns.map(({ name }) => name));
    const columns = side.profile.columns.filter(({ name }) => present.has(name) || !optional.includes(name));
    return { ...side, profile: { ...side.profile, columns } };
  };
  return [keep(reference, current), keep(current, reference)];
}
