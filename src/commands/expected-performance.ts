// How well the version in production should do on a window: as it did on evaluation rows of the same season.
import { basename, join } from "node:path";
import type { LockedData } from "../config/lock.ts";
import type { ModelSettings } from "../config/settings.ts";
import type { MetricEstimate } from "../evaluation/comparison.ts";
import { evaluate } from "../evaluation/evaluate.ts";
import { EvaluationDocument } from "../evidence/evidence.ts";
import { parseImportances } from "../evidence/importances.ts";
import { parseDocument } from "../evidence/parse-document.ts";
import type { Context } from "../host/context.ts";
import { findFileKind, readBoundedFile } from "../host/files.ts";
import { withTemporaryFolder } from "../host/temporary-folder.ts";
import type { Importances } from "../monitoring/drift-verdict.ts";
import type { MonitoringWindow } from "../monitoring/findings.ts";
import { fewestLabelledRows } from "../monitoring/performance.ts";
import { pickSeasonalWindows } from "../monitoring/seasons.ts";
import { selectRows } from "../tables/select-rows.ts";
import type { Table } from "../tables/table.ts";
import { readEvaluationRows } from "./pinned-data.ts";
import { predictBoth } from "./predict-both.ts";
import { download } from "./registry-download.ts";
import type { RegistrySession } from "./registry-session.ts";

/** Days the season is widened by on both sides, step by step, until it has rows enough. */
const widenings = [0, 7, 15, 30] as const;
const evaluationFile = "evaluation.json";

export interface Expectation {
  readonly metrics: readonly Omit<MetricEstimate, "candidate">[];
  /** How much each column matters to the version; null = its evaluation does not explain it. */
  readonly importances: Importances | null;
}

/** Of a model without a version in production. */
export const nothingExpected: Expectation = { metrics: [], importances: null };

/**
 * Metrics over all rows to compare the window's with: the version predicts the pinned evaluation rows of the same season,
 * outside the window, when there are enough of them and the model is data; else what it was published with. Empty when
 * the release says nothing either.
 */
export async function expectPerformance(
  settings: ModelSettings,
  pin: LockedData | null,
  root: string,
  window: Required<MonitoringWindow>,
  version: string,
  session: RegistrySession,
  context: Context,
): Promise<Expectation> {
  return withTemporaryFolder(async (out) => {
    await download({ reference: `${settings.name}@${version}`, out }, session, context);
    const seasonal =
      settings.monitor?.reference === "same-season" && settings.model !== null && settings.predict === null && pin
        ? findSeason(settings, await readEvaluationRows(settings, pin, root, context), window)
        : null;
    const published = await readPublished(join(out, evaluationFile));
    if (seasonal === null || pin === null) return published;
    const files = { path: join(out, basename(settings.model ?? "")), features: settings.features };
    const { rows, candidate } = await predictBoth(settings, seasonal, files, null, root, context);
    const { metrics } = evaluate({
      rows,
      candidate,
      metrics: settings.metrics.filter(({ kind }) => kind === "built-in"),
      slices: [],
      confidence: settings.confidence,
      seed: pin.sha256,
    });
    return { ...published, metrics: metrics.filter(({ slice }) => slice === null) };
  });
}

/** The rows of the same days of earlier years, widened until there are enough; null when there are not. */
function findSeason(settings: ModelSettings, table: Table, window: Required<MonitoringWindow>): Table | null {
  const times = settings.time === null ? undefined : table.columns.get(settings.time);
  if (!times || !(times.values instanceof Float64Array)) return null;
  const { values } = times;
  for (const days of widenings) {
    const seasons = pickSeasonalWindows(window, "1970-01-01", days);
    const inside = (time: number) =>
      seasons.some(({ from, to }) => time >= Date.parse(from) && time < Date.parse(to) + 86_400_000);
    const picked = Array.from(values.keys()).filter((row) => inside(values[row] ?? Number.NaN));
    if (picked.length >= fewestLabelledRows) return selectRows(table, picked);
  }
  return null;
}

async function readPublished(path: string): Promise<Expectation> {
  if ((await findFileKind(path)) !== "file") return nothingExpected;
  const limits = { bytes: 16 * 2 ** 20, depth: 40 };
  const bytes = await readBoundedFile(path, limits.bytes);
  const { metrics } = parseDocument(bytes, EvaluationDocument, evaluationFile, limits);
  return {
    metrics: metrics.filter(({ slice }) => slice === null),
    importances: parseImportances(bytes, evaluationFile),
  };
}
