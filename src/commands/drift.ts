// `modelgate drift`: has the current data moved away from the reference?

import type { ProfileOptions } from "../data/aggregate-engine.ts";
import type { Context } from "../host/context.ts";
import type { DriftReport } from "../monitoring/drift-report.ts";
import type { Importances } from "../monitoring/drift-verdict.ts";
import type { DriftFailure } from "../monitoring/fail-on.ts";
import type { DriftGroups } from "./drift-rows.ts";
import { readBothSides, readWindows } from "./drift-sides.ts";
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
  const [, { renderDriftMarkdown, renderDriftText }, { failsOn }] = await loadComparison();
  const at = context.now();
  await writePages(
    settings.files ?? {},
    {
      html: async () => (await import("../report/drift-page.ts")).renderDriftPage(report, at),
      junit: () => renderCases(report, at),
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

async function renderCases(report: DriftReport, at: Date): Promise<string> {
  const { renderJunit } = await import("../report/junit.ts");
  const { listDriftCases } = await import("../report/junit-cases.ts");
  return renderJunit("drift", listDriftCases(report), at);
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
  // Threads that read leave this one nothing to do but wait.
  settings.threads?.allTaken.then(loadComparison).catch(() => undefined);
  const windows = await readWindows(settings, options, context);
  const sides = await readBothSides(settings, windows, options, context);
  const [{ compareSides }] = await loadComparison();
  return compareSides(settings, sides, windows, context, named);
}

/** What the comparison and its report need beyond what reads. */
function loadComparison() {
  return Promise.all([import("./compare-sides.ts"), import("../report/drift.ts"), import("../monitoring/fail-on.ts")]);
}
