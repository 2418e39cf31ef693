// `modelgate drift`: has the current data moved away from the reference?

import type { ProfileOptions } from "../data/aggregate-engine.ts";
import { readNewCategories } from "../data/new-categories.ts";
import { type ReadProfile, readProfile } from "../data/read-profile.ts";
import { readSamples } from "../data/read-samples.ts";
import { splitIntoWindows } from "../data/split-windows.ts";
import { InputError } from "../errors.ts";
import type { Context } from "../host/context.ts";
import { roleOf } from "../monitoring/column-summary.ts";
import { compareProfiles, findTypeConflicts } from "../monitoring/compare-profiles.ts";
import { type DriftReport, defaultDriftPolicy } from "../monitoring/drift-report.ts";
import type { Importances } from "../monitoring/drift-verdict.ts";
import { type DriftFailure, failsOn } from "../monitoring/fail-on.ts";
import { fewestLearningWindows } from "../monitoring/learned-threshold.ts";
import { findMergeProblem, mergeProfiles, type Profile } from "../monitoring/profile.ts";
import { learnEffects } from "../monitoring/reference-windows.ts";
import { renderDriftMarkdown, renderDriftText } from "../report/drift.ts";
import { renderDriftPage } from "../report/drift-page.ts";
import { renderJunit } from "../report/junit.ts";
import { listDriftCases } from "../report/junit-cases.ts";
import { type DriftGroups, type DriftRows, testRows } from "./drift-rows.ts";
import { createNoRowsError } from "./no-rows.ts";
import type { Outcome } from "./outcome.ts";
import { type PageFiles, writePages } from "./write-pages.ts";

/** One side: data or a profile, and which of its rows. */
export interface DriftSide {
  readonly source: string;
  readonly window?: ProfileOptions["window"];
}

export interface DriftCommandSettings {
  readonly reference: DriftSide;
  readonly current: DriftSide;
  /** Only these columns; default all that both have. */
  readonly columns?: readonly string[] | undefined;
  readonly ignore?: readonly string[] | undefined;
  readonly missingValues?: readonly string[] | undefined;
  /** Rows that depend on each other are exchanged whole. */
  readonly groups?: DriftGroups | null | undefined;
  /** Look at the rows as a whole too. */
  readonly multivariate?: boolean | undefined;
  /** Prefixes of columns that are one vector together; looks at the rows as a whole. */
  readonly embeddings?: readonly string[] | undefined;
  /** More references, each a window of its own; the reference is all of them together. */
  readonly moreReferences?: readonly DriftSide[] | undefined;
  /** Windows to learn thresholds from that are given one by one; fewer than eight teach nothing. */
  readonly learnFrom?: readonly DriftSide[] | undefined;
  /** Windows of equal numbers of rows to cut the reference into by `time`, to learn thresholds from. */
  readonly referenceWindows?: { readonly time: string; readonly count: number } | null | undefined;
  /** KS and Wasserstein on the rows, p-values as SciPy's. */
  readonly exact?: boolean;
  readonly measures?: "default" | "all";
  readonly importances?: Importances | null;
  /** Columns that one side may lack without a word: the label, say. */
  readonly optional?: readonly string[] | undefined;
  /** What gives exit code 1; default `drift`. */
  readonly failOn?: readonly DriftFailure[] | undefined;
  /** Files to write beside the answer. */
  readonly files?: PageFiles;
}

/**
 * Compares two data sets, or profiles of them. Exit code 1 on drift, or what `failOn` names. Throws InputError when they have no column in
 * common, a column changed its type, or `exact` is asked of a profile.
 */
export async function drift(settings: DriftCommandSettings, context: Context): Promise<Outcome<DriftReport>> {
  const report = await compareData(settings, context);
  const at = context.now();
  await writePages(
    settings.files ?? {},
    { html: () => renderDriftPage(report, at), junit: () => renderJunit("drift", listDriftCases(report), at) },
    context,
  );
  return {
    exitCode: failsOn(report, settings.failOn ?? ["drift"]) ? 1 : 0,
    document: report,
    text: renderDriftText(report),
    markdown: renderDriftMarkdown(report),
  };
}

/** A profile of the columns to compare, and the names of all columns there are. */
interface Side extends ReadProfile {
  readonly names: ReadonlySet<string>;
}

/** The report alone, for use cases that go on with it. */
export async function compareData(settings: DriftCommandSettings, context: Context): Promise<DriftReport> {
  const options = { missingValues: settings.missingValues };
  const windows = await readWindows(settings, options, context);
  const [reference, current] = dropOptional(
    await readReference(settings, windows, options, context),
    await readSide(settings, settings.current, options, context),
    settings.optional ?? [],
  );
  checkComparable(settings, reference, current);
  const rows = await lookAtRows(settings, reference, current, context);
  const samples = settings.exact ? await readSamples(settings, reference.profile, context) : undefined;
  const policy = defaultDriftPolicy;
  const report = compareProfiles(reference.profile, current.profile, {
    exact: settings.exact ?? false,
    measures: settings.measures ?? "default",
    importances: settings.importances ?? null,
    referenceSource: settings.reference.source,
    currentSource: settings.current.source,
    groupedBy: rows.groups && settings.groups ? describeGroups(settings.groups) : null,
    multivariate: rows.multivariate,
    referenceWindows: windows.length,
    effects: learnEffects(windows, 1 - policy.level),
    ...(rows.groups ? { groups: rows.groups } : {}),
    ...(rows.texts ? { texts: rows.texts } : {}),
    ...(samples ? { samples } : {}),
  });
  return reference.fromProfile || current.fromProfile
    ? report
    : await readNewCategories(report, reference.profile, { ...settings.current, ...options }, context);
}

function describeGroups({ column, byDay }: DriftGroups): string {
  return byDay ? `day of ${column}` : column;
}

/** Profiles of the windows that thresholds are learned from; none when there is one reference. Throws InputError below eight. */
async function readWindows(
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
    ? await splitIntoWindows(reference, { ...wanted, ...options }, context)
    : [reference, ...moreReferences];
  if (settings.learnFrom) {
    const learned: Profile[] = [];
    for (const side of settings.learnFrom) learned.push((await readSide(settings, side, options, context)).profile);
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
    const { profile } = await readSide(settings, side, options, context);
    const problem = windows[0] ? findMergeProblem(windows[0], profile) : null;
    if (problem)
      throw new InputError({ message: `the references cannot be taken together: ${problem}`, file: side.source });
    windows.push(profile);
  }
  return windows;
}

/** The reference, or all its windows together. */
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
  return { profile: rest.reduce(mergeProfiles, first), fromProfile: true, names };
}

async function lookAtRows(
  settings: DriftCommandSettings,
  reference: Side,
  current: Side,
  context: Context,
): Promise<DriftRows> {
  const { embeddings = [] } = settings;
  const multivariate = (settings.multivariate ?? false) || embeddings.length > 0;
  const profiled = reference.fromProfile || current.fromProfile || (settings.moreReferences?.length ?? 0) > 0;
  const there =
    reference.names.has(settings.groups?.column ?? "") &&
    current.names.has(settings.groups?.currentColumn ?? settings.groups?.column ?? "");
  const groups = settings.groups && (settings.groups.required || (there && !profiled)) ? settings.groups : null;
  const texts =
    settings.measures === "all" && !profiled && reference.profile.columns.some((column) => roleOf(column) === "text");
  if (!groups && !multivariate && !texts) return { groups: undefined, multivariate: null };
  if (profiled) {
    throw new InputError({
      message: `${multivariate ? "--multivariate" : "a group"} needs the rows of both sides`,
      file: reference.fromProfile ? settings.reference.source : settings.current.source,
      expected: "one reference and one current data set, no profiles",
    });
  }
  const names = new Set(current.profile.columns.map(({ name }) => name));
  const columns = reference.profile.columns
    .filter(({ name }) => names.has(name) && name !== groups?.column)
    .map((column) => ({ name: column.name, ordered: !["categorical", "boolean"].includes(roleOf(column)) }));
  const { missingValues } = settings;
  return testRows(
    {
      reference: settings.reference,
      current: settings.current,
      columns,
      groups,
      multivariate,
      embeddings,
      texts,
      missingValues,
    },
    context,
  );
}

async function readSide(
  settings: DriftCommandSettings,
  side: DriftSide,
  options: ProfileOptions,
  context: Context,
): Promise<Side> {
  const found = nameColumns(await readProfile(side.source, { ...options, window: side.window }, context));
  if (found.profile.rows === 0 && !found.fromProfile && side.window === undefined) throw createNoRowsError(side.source);
  const chosen = settings.columns ? new Set(settings.columns) : null;
  const { groups } = settings;
  const ignored = new Set([...(settings.ignore ?? []), ...(groups && !groups.byDay ? [groups.column] : [])]);
  const columns = found.profile.columns.filter(({ name }) => (chosen?.has(name) ?? true) && !ignored.has(name));
  return { ...found, profile: { ...found.profile, columns } };
}

/** With the names of all columns there are, whichever are compared. */
function nameColumns(read: ReadProfile): Side {
  return { ...read, names: new Set(read.profile.columns.map(({ name }) => name)) };
}

/** Without the optional columns that only one side has. */
function dropOptional(reference: Side, current: Side, optional: readonly string[]): readonly [Side, Side] {
  const keep = (side: Side, other: Side): Side => {
    const present = new Set(other.profile.columns.map(({ name }) => name));
    const columns = side.profile.columns.filter(({ name }) => present.has(name) || !optional.includes(name));
    return { ...side, profile: { ...side.profile, columns } };
  };
  return [keep(reference, current), keep(current, reference)];
}

function checkComparable(settings: DriftCommandSettings, reference: ReadProfile, current: ReadProfile): void {
  const files = `${settings.reference.source} and ${settings.current.source}`;
  if (settings.exact && (reference.fromProfile || current.fromProfile)) {
    throw new InputError({
      message: "--exact needs the rows, and a profile holds none",
      file: reference.fromProfile ? settings.reference.source : settings.current.source,
      expected: "data on both sides",
    });
  }
  const names = new Set(current.profile.columns.map((column) => column.name));
  const absent = settings.columns?.find(
    (name) => !names.has(name) || !reference.profile.columns.some((column) => column.name === name),
  );
  if (absent !== undefined) {
    throw new InputError({ message: `${files} do not both have the column ${JSON.stringify(absent)}`, key: absent });
  }
  if (!reference.profile.columns.some((column) => names.has(column.name))) {
    throw new InputError({
      message: `${files} have no column in common`,
      expected:
        reference.profile.columns.map((column) => column.name).join(", ") || "at least one that is not left out",
      received: [...names].join(", ") || "none",
    });
  }
  const conflicts = findTypeConflicts(reference.profile, current.profile);
  if (conflicts.length > 0) {
    throw new InputError(
      conflicts.map((message) => ({
        message,
        file: settings.current.source,
        expected: "the type of the reference",
        hint: "a value that does not fit changes the type of a whole column: look for texts among the numbers, or leave the column out with --ignore",
      })),
    );
  }
}
