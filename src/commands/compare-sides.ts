// The comparison of two sides that were read: what is loaded while they are.
import { readNewCategories } from "../data/new-categories.ts";
import { countNewCategories } from "../data/sample-categories.ts";
import { InputError } from "../errors.ts";
import type { Context } from "../host/context.ts";
import { roleOf } from "../monitoring/column-summary.ts";
import { compareProfiles } from "../monitoring/compare-profiles.ts";
import type { CategoryNames } from "../monitoring/distribution.ts";
import { type DriftReport, defaultDriftPolicy } from "../monitoring/drift-report.ts";
import type { Profile } from "../monitoring/profile.ts";
import { learnEffects } from "../monitoring/reference-windows.ts";
import { checkComparable } from "./check-comparable.ts";
import type { DriftCommandSettings } from "./drift.ts";
import type { DriftGroups, DriftRows } from "./drift-rows.ts";
import { dropOptional, type Side } from "./drift-sides.ts";

/**
 * The report on the reference `before` and the current side `after`; thresholds are learned from `windows`, `named` reads categories once more. Throws
 * InputError when they have no column in common, a column changed its type, or what is asked needs rows that a profile has not.
 */
export async function compareSides(
  settings: DriftCommandSettings,
  [before, after]: readonly [Side, Side],
  windows: readonly Profile[],
  context: Context,
  named: boolean,
): Promise<DriftReport> {
  const [reference, current] = dropOptional(before, after, settings.optional ?? []);
  checkComparable(settings, reference, current);
  const rows = await lookAtRows(settings, reference, current, context);
  const samples = settings.exact
    ? (await import("../monitoring/compare-samples.ts")).compareSamples(before.numbers, current.numbers)
    : undefined;
  const names = named ? await readNames(settings, reference, current, context) : null;
  const profiled = reference.fromProfile || current.fromProfile;
  const newCategories = profiled
    ? null
    : await countNewCategories(
        { reference: reference.profile, current: current.profile },
        settings,
        settings.missingValues,
        context,
      );
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
    ...(names ? { names } : {}),
    ...(newCategories ? { newCategories } : {}),
  });
  return profiled
    ? report
    : await readNewCategories(
        report,
        reference.profile,
        { ...settings.current, missingValues: settings.missingValues },
        context,
      );
}

/** Null where a side is a profile: those hold no names, and values are named from the rows of both only. */
async function readNames(
  settings: DriftCommandSettings,
  reference: Side,
  current: Side,
  context: Context,
): Promise<CategoryNames | null> {
  if (reference.fromProfile || current.fromProfile) return null;
  const there = new Set(current.profile.columns.map(({ name }) => name));
  const columns = reference.profile.columns
    .filter((column) => ["categorical", "boolean"].includes(roleOf(column)) && there.has(column.name))
    .map(({ name }) => name);
  const { nameCategories } = await import("../data/name-categories.ts");
  return nameCategories(columns, [settings.reference, settings.current], settings.missingValues, context);
}

function describeGroups({ column, byDay }: DriftGroups): string {
  return byDay ? `day of ${column}` : column;
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
  const { testRows } = await import("./drift-rows.ts");
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
