// `modelgate drift`: has the current data moved away from the reference?

import type { ProfileOptions } from "../data/aggregate-engine.ts";
import { readNewCategories } from "../data/new-categories.ts";
import { countNewCategories } from "../data/sample-categories.ts";
import { InputError } from "../errors.ts";
import type { Context } from "../host/context.ts";
import { roleOf } from "../monitoring/column-summary.ts";
import { compareProfiles } from "../monitoring/compare-profiles.ts";
import type { CategoryNames } from "../monitoring/distribution.ts";
import { type DriftReport, defaultDriftPolicy } from "../monitoring/drift-report.ts";
import type { Importances } from "../monitoring/drift-verdict.ts";
import { type DriftFailure, failsOn } from "../monitoring/fail-on.ts";
import { learnEffects } from "../monitoring/reference-windows.ts";
import { renderDriftMarkdown, renderDriftText } from "../report/drift.ts";
import { renderJunit } from "../report/junit.ts";
import { listDriftCases } from "../report/junit-cases.ts";
import { checkComparable } from "./check-comparable.ts";
import type { DriftGroups, DriftRows } from "./drift-rows.ts";
import { dropOptional, readBothSides, readWindows, type Side } from "./drift-sides.ts";
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
  /** Threads that were started for plain files before; whoever did ends them. */
  readonly threads?: ProfileOptions["threads"];
  /** Files to write beside the answer. */
  readonly files?: PageFiles;
}

/**
 * Compares two data sets, or profiles of them. Exit code 1 on drift, or what `failOn` names. Throws InputError when they have no column in
 * common, a column changed its type, or `exact` is asked of a profile.
 */
export async function drift(settings: DriftCommandSettings, context: Context): Promise<Outcome<DriftReport>> {
  const report = await compareData(settings, context, settings.files?.html !== undefined);
  const at = context.now();
  await writePages(
    settings.files ?? {},
    {
      html: async () => (await import("../report/drift-page.ts")).renderDriftPage(report, at),
      junit: () => renderJunit("drift", listDriftCases(report), at),
    },
    context,
  );
  return {
    exitCode: failsOn(report, settings.failOn ?? ["drift"]) ? 1 : 0,
    document: report,
    text: renderDriftText(report),
    markdown: renderDriftMarkdown(report),
  };
}

/** The report alone, for use cases that go on with it; `named` reads categories once more, for pictures. */
export async function compareData(
  settings: DriftCommandSettings,
  context: Context,
  named = false,
): Promise<DriftReport> {
  const jointly = (settings.multivariate ?? false) || (settings.embeddings ?? []).length > 0;
  const options: ProfileOptions = {
    missingValues: settings.missingValues,
    relations: jointly || "few-rows",
    differentNumbers: false,
    threads: settings.threads,
  };
  const windows = await readWindows(settings, options, context);
  const [before, after] = await readBothSides(settings, windows, options, context);
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
