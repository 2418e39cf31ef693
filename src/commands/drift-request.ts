// What a person asks of `drift`, on the command line or as an action: checked, and filled up from a model of the config.
import { InputError } from "../errors.ts";
import type { Context } from "../host/context.ts";
import type { DriftCommandSettings, DriftSide } from "./drift.ts";
import type { DriftGroups } from "./drift-rows.ts";

/** Absent values are those of the model, or off. */
export interface DriftRequest
  extends Pick<
    DriftCommandSettings,
    "columns" | "ignore" | "missingValues" | "multivariate" | "embeddings" | "exact" | "measures" | "failOn" | "files"
  > {
  /** A model of the config: its columns, times, groups and missing values. */
  readonly model?: string | undefined;
  readonly configFile?: string | undefined;
  /** Eight or more are windows that thresholds are learned from. */
  readonly references: readonly string[];
  readonly current: string;
  readonly time?: string | undefined;
  readonly referenceFrom?: string | undefined;
  readonly referenceTo?: string | undefined;
  readonly currentFrom?: string | undefined;
  readonly currentTo?: string | undefined;
  readonly group?: string | undefined;
  readonly wholeDays?: boolean | undefined;
  readonly referenceWindows?: number | null | undefined;
  /** File with an evaluation whose explanation weighs the columns. */
  readonly importances?: string | undefined;
}

/** Settings of `drift`. Throws InputError for what does not go together, and what loading config and importances throws. */
export async function resolveDriftRequest(request: DriftRequest, context: Context): Promise<DriftCommandSettings> {
  const model = request.model === undefined ? undefined : await readModel(request.model, request, context);
  const time = request.time ?? model?.time ?? undefined;
  const { referenceFrom, referenceTo, currentFrom, currentTo } = request;
  const [reference, ...moreReferences] = request.references.map((source) =>
    describeSide("reference", source, time, referenceFrom, referenceTo),
  );
  return {
    reference: reference ?? { source: "" },
    moreReferences,
    current: describeSide("current", request.current, time, currentFrom, currentTo),
    referenceWindows: describeWindows(request.referenceWindows ?? null, time),
    groups: describeGroups(request, time, model?.group ?? null),
    embeddings: request.embeddings,
    multivariate: request.multivariate,
    columns: request.columns ?? model?.features ?? undefined,
    ignore: [...(request.ignore ?? []), ...(model?.ignored ?? [])],
    missingValues: request.missingValues ?? model?.missingValues,
    exact: request.exact ?? false,
    measures: request.measures ?? "default",
    optional: model?.optional,
    importances: await readImportances(request.importances, model?.importances ?? null, context),
    failOn: request.failOn,
    ...(request.files ? { files: request.files } : {}),
  };
}

async function readModel(name: string, { configFile }: DriftRequest, context: Context) {
  const { findModel, loadConfig } = await import("./load-config.ts");
  const model = findModel(await loadConfig(configFile, context), name);
  const { time, features, missingValues, id, group, label } = model;
  return {
    time,
    features,
    missingValues,
    group,
    ignored: [id, group].filter((column) => column !== null),
    optional: [label, time].filter((column) => column !== null),
    importances: model.monitor?.importances ?? null,
  };
}

/** Those of the file, else those of the config; null = none. */
async function readImportances(
  file: string | undefined,
  weights: Readonly<Record<string, number>> | null,
  context: Context,
): Promise<NonNullable<DriftCommandSettings["importances"]> | null> {
  const { giveImportances } = await import("../monitoring/drift-verdict.ts");
  if (file === undefined) return weights === null ? null : giveImportances(weights);
  const { readImportancesFile } = await import("./read-importances.ts");
  return readImportancesFile(file, context);
}

function describeSide(
  side: "reference" | "current",
  source: string,
  time: string | undefined,
  from: string | undefined,
  to: string | undefined,
): DriftSide {
  if ((from !== undefined || to !== undefined) && time === undefined) {
    throw new InputError({
      message: `--${side}-from and --${side}-to need --time`,
      expected: "the name of the time column",
    });
  }
  return time === undefined ? { source } : { source, window: { time, from, to } };
}

/** `--group`, `--whole-days`, or the config's group. */
function describeGroups(
  { group: column, wholeDays }: DriftRequest,
  time: string | undefined,
  configured: string | null,
): DriftGroups | null {
  if (wholeDays) {
    if (time !== undefined && column === undefined) return { column: time, byDay: true, required: true };
    throw new InputError({
      message: column === undefined ? "--whole-days needs --time" : "rows are grouped by --group or by --whole-days",
      expected: column === undefined ? "the name of the time column" : "one of them",
    });
  }
  const group = column ?? configured;
  return group === null ? null : { column: group, byDay: false, required: column !== undefined };
}

function describeWindows(count: number | null, time: string | undefined): DriftCommandSettings["referenceWindows"] {
  if (count === null) return null;
  if (time !== undefined) return { time, count };
  throw new InputError({ message: "--reference-windows needs --time", expected: "the name of the time column" });
}
