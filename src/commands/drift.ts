// `modelgate drift`: has the current data moved away from the reference?
import { readNewCategories } from "../data/new-categories.ts";
import type { ProfileOptions } from "../data/profile-data.ts";
import { type ReadProfile, readProfile } from "../data/read-profile.ts";
import { readSamples } from "../data/read-samples.ts";
import { InputError } from "../errors.ts";
import type { Context } from "../host/context.ts";
import { compareProfiles, findTypeConflicts } from "../monitoring/compare-profiles.ts";
import type { DriftReport } from "../monitoring/drift-report.ts";
import type { Importances } from "../monitoring/drift-verdict.ts";
import { type DriftFailure, failsOn } from "../monitoring/fail-on.ts";
import { renderDriftMarkdown, renderDriftText } from "../report/drift.ts";
import { renderDriftPage } from "../report/drift-page.ts";
import { renderJunit } from "../report/junit.ts";
import { listDriftCases } from "../report/junit-cases.ts";
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

/** The report alone, for use cases that go on with it. */
export async function compareData(settings: DriftCommandSettings, context: Context): Promise<DriftReport> {
  const options = { missingValues: settings.missingValues };
  const [reference, current] = dropOptional(
    await readSide(settings, settings.reference, options, context),
    await readSide(settings, settings.current, options, context),
    settings.optional ?? [],
  );
  checkComparable(settings, reference, current);
  const samples = settings.exact ? await readSamples(settings, reference.profile, context) : undefined;
  const report = compareProfiles(reference.profile, current.profile, {
    exact: settings.exact ?? false,
    measures: settings.measures ?? "default",
    importances: settings.importances ?? null,
    referenceSource: settings.reference.source,
    currentSource: settings.current.source,
    ...(samples ? { samples } : {}),
  });
  return reference.fromProfile || current.fromProfile
    ? report
    : await readNewCategories(report, reference.profile, { ...settings.current, ...options }, context);
}

async function readSide(
  settings: DriftCommandSettings,
  side: DriftSide,
  options: ProfileOptions,
  context: Context,
): Promise<ReadProfile> {
  const found = await readProfile(side.source, { ...options, window: side.window }, context);
  if (found.profile.rows === 0 && !found.fromProfile && side.window === undefined) throw createNoRowsError(side.source);
  const chosen = settings.columns ? new Set(settings.columns) : null;
  const ignored = new Set(settings.ignore);
  const columns = found.profile.columns.filter(({ name }) => (chosen?.has(name) ?? true) && !ignored.has(name));
  return { ...found, profile: { rows: found.profile.rows, columns } };
}

/** Without the optional columns that only one side has. */
function dropOptional(
  reference: ReadProfile,
  current: ReadProfile,
  optional: readonly string[],
): readonly [ReadProfile, ReadProfile] {
  const keep = (side: ReadProfile, other: ReadProfile): ReadProfile => {
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
