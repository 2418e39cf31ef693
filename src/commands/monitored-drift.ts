// What monitoring compares: the newest window of production with the training data, by drift and by faults of the data.
import type { Lock } from "../config/lock.ts";
import type { ModelSettings } from "../config/settings.ts";
import { readProfile } from "../data/read-profile.ts";
import { findSeasonalReference } from "../data/seasonal-reference.ts";
import { InputError } from "../errors.ts";
import type { Context } from "../host/context.ts";
import { findDataFaults } from "../monitoring/data-faults.ts";
import { type DriftReport, defaultDriftPolicy } from "../monitoring/drift-report.ts";
import type { Importances } from "../monitoring/drift-verdict.ts";
import type { Finding, MonitoringWindow } from "../monitoring/findings.ts";
import { compareData } from "./drift.ts";
import { locateSource } from "./pinned-data.ts";

/** The window that is looked at. */
export interface Watched {
  readonly source: string;
  readonly time: string;
  readonly window: Required<MonitoringWindow>;
}

/** Drift against the same season of earlier years, or the training window, as the config says. Throws InputError without training data. */
export async function compareWithReference(
  model: ModelSettings,
  lock: Lock,
  root: string,
  { source, time, window }: Watched,
  importances: Importances | null,
  context: Context,
): Promise<DriftReport> {
  const reference = requireTraining(model, root);
  const trained = lock.models.get(model.name)?.train?.window ?? null;
  const seasonal =
    model.monitor?.reference === "same-season" && model.time !== null
      ? await findSeasonalReference(
          reference,
          {
            time: model.time,
            window,
            missingValues: model.missingValues,
            fewestRows: defaultDriftPolicy.fewestReferenceRows,
          },
          context,
        )
      : null;
  const training = model.time === null || trained === null ? undefined : { time: model.time, ...trained };
  const windows = seasonal && seasonal.rows > 0 ? seasonal.windows : training;
  const { multivariate = false, embeddings = [], referenceWindows = null, wholeDays = false } = model.monitor ?? {};
  const learning =
    referenceWindows === null || model.time === null
      ? {}
      : Array.isArray(windows)
        ? { learnFrom: windows.map((window) => ({ source: reference, window })) }
        : { referenceWindows: { time: model.time, count: referenceWindows } };
  const day = wholeDays && model.time !== null ? { column: model.time, currentColumn: time, byDay: true } : null;
  const group = model.group === null ? null : { column: model.group, byDay: false };
  const groups = day ?? group;
  return compareData(
    {
      reference: { source: reference, window: windows },
      current: { source, window: { time, ...window } },
      ...(model.features
        ? { columns: model.features }
        : {
            ignore: [time, model.time, model.id, model.group].filter((name) => name !== null),
            optional: model.label === null ? [] : [model.label],
          }),
      missingValues: model.missingValues,
      importances,
      multivariate,
      embeddings,
      groups: groups && { ...groups, required: false },
      ...learning,
    },
    context,
  );
}

/** Values that the training data says cannot be, columns that are gone, other types and units. */
export async function findFaults(
  model: ModelSettings,
  lock: Lock,
  root: string,
  current: Watched,
  context: Context,
): Promise<readonly Finding[]> {
  const trained = lock.models.get(model.name)?.train?.window ?? null;
  const { missingValues } = model;
  const window = model.time === null || trained === null ? undefined : { time: model.time, ...trained };
  const known = await readProfile(requireTraining(model, root), { missingValues, window }, context);
  const now = { missingValues, window: { time: current.time, ...current.window } };
  const seen = await readProfile(current.source, now, context);
  const inputs = model.features ? new Set(model.features) : null;
  const columns = known.profile.columns.filter(({ name }) => inputs?.has(name) ?? name !== model.label);
  return findDataFaults({ rows: known.profile.rows, columns }, seen.profile);
}

function requireTraining(model: ModelSettings, root: string): string {
  if (model.data?.train) return locateSource(model.data.train.source, root);
  throw new InputError({
    key: `models.${model.name}.data`,
    message: "names no training data, so there is nothing to compare with",
    expected: "data: { source: … }",
  });
}
