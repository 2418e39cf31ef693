// `monitor`: looks at the newest window of what production predicted, and says what was found and what should follow.
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Lock, LockedModel } from "../config/lock.ts";
import { fewestRetrainingRows } from "../config/retraining.ts";
import type { ModelSettings } from "../config/settings.ts";
import { readProfile } from "../data/read-profile.ts";
import { readTable } from "../data/read-table.ts";
import { findSeasonalReference } from "../data/seasonal-reference.ts";
import { InputError } from "../errors.ts";
import { type Findings, findingsFileName, type ModelFindings } from "../evidence/findings.ts";
import type { Context } from "../host/context.ts";
import { writeFileAtomically } from "../host/files.ts";
import { findDataFaults } from "../monitoring/data-faults.ts";
import type { DriftReport } from "../monitoring/drift-report.ts";
import { defaultDriftPolicy } from "../monitoring/drift-report.ts";
import { giveImportances, type Importances } from "../monitoring/drift-verdict.ts";
import type { MonitorFailure } from "../monitoring/fail-on.ts";
import type { MonitoringWindow } from "../monitoring/findings.ts";
import { decideIncident } from "../monitoring/incidents.ts";
import { readModelIndex } from "../registry/ledger-view.ts";
import { compareData } from "./drift.ts";
import { expectPerformance, nothingExpected } from "./expected-performance.ts";
import { findModel, loadConfig, loadLock } from "./load-config.ts";
import { findLastGood, readHistory } from "./monitoring-history.ts";
import type { Outcome } from "./outcome.ts";
import { pinWindow } from "./pin-data.ts";
import { locateSource } from "./pinned-data.ts";
import type { RegistrySession } from "./registry-session.ts";
import { watchPerformance } from "./watched-performance.ts";

export interface MonitorCommandSettings {
  readonly configFile: string | undefined;
  /** Names; empty = every model with `monitor:`. */
  readonly models: readonly string[];
  /** Folder for `findings.json`, relative to the context's folder. */
  readonly out: string;
  /** What gives exit code 1; default: whatever needs somebody. */
  readonly failOn?: readonly MonitorFailure[] | undefined;
  readonly headSha: string;
  readonly workflowRun: Findings["workflowRun"];
}

const daySeconds = 86_400;
/** A drifted window counts towards a retraining for this many window lengths. */
const memoryWindows = 3;

/** Exit 1 when something was found that needs somebody (inconclusive and insufficient do not), or what `failOn` names. Reads the ledger, writes nothing to GitHub. */
export async function monitor(
  settings: MonitorCommandSettings,
  opened: RegistrySession,
  context: Context,
): Promise<Outcome<Findings>> {
  const loaded = await loadConfig(settings.configFile, context);
  const session = opened.under(loaded.config);
  const lock = await loadLock(loaded.root);
  const watched = [...loaded.config.models.values()].filter((model) => model.monitor?.predictions);
  const chosen = settings.models.length > 0 ? settings.models.map((name) => findModel(loaded, name)) : watched;
  const models: ModelFindings[] = [];
  for (const model of chosen) {
    context.progress(`monitoring ${model.name}`);
    models.push(await monitorModel(model, lock, loaded.root, session, context));
  }
  const document: Findings = {
    kind: "findings",
    schemaVersion: 1,
    createdAt: context.now().toISOString(),
    headSha: settings.headSha,
    workflowRun: settings.workflowRun,
    models,
  };
  const out = resolve(context.folder, settings.out);
  await mkdir(out, { recursive: true });
  await writeFileAtomically(join(out, findingsFileName), `${JSON.stringify(document)}\n`);
  const failed = models.some((model) => failsMonitoring(model, settings.failOn ?? ["warn"]));
  return { exitCode: failed ? 1 : 0, document, text: models.map(renderModel).join("\n") || "no model has `monitor:`" };
}

/** `warn`: any decision but ok; a decision; a kind of finding that is more than a notice; a verdict on drift. */
function failsMonitoring(model: ModelFindings, names: readonly MonitorFailure[]): boolean {
  return names.some((name) => {
    if (name === "warn") return model.decision !== "ok";
    if (name === "insufficient" || name === "inconclusive") return model.driftVerdict === name;
    if (name === "drift" && model.driftVerdict === "drift") return true;
    return (
      model.decision === name || model.findings.some(({ kind, severity }) => kind === name && severity !== "notice")
    );
  });
}

async function monitorModel(
  model: ModelSettings,
  lock: Lock,
  root: string,
  session: RegistrySession,
  context: Context,
): Promise<ModelFindings> {
  const { predictions, windowSeconds, time } = requireMonitor(model);
  const stage = model.stages.at(-1)?.name ?? "production";
  const index = await readModelIndex(session.ledger, model.name);
  const version = index.stages[stage] ?? null;
  const source = locateSource(predictions, root);
  const window = await findNewestWindow(source, time, windowSeconds, model, context);
  const pin = lock.models.get(model.name)?.evaluation ?? null;
  const expected =
    version === null ? nothingExpected : await expectPerformance(model, pin, root, window, version, session, context);
  const { importances: weights } = model.monitor ?? {};
  const importances = weights ? giveImportances(weights) : expected.importances;
  const drift = await compareWithReference(model, lock, root, { source, time, window }, importances, context);
  const faults = await findFaults(model, lock, root, { source, time, window }, context);
  const performance = await watchPerformance(model, root, window, expected.metrics, context);
  const incident = decideIncident({
    window,
    drift,
    findings: [...faults, ...performance],
    history: readHistory(index),
    recentSeconds: memoryWindows * windowSeconds,
  });
  const proposal = incident.decision === "retrain" ? await proposeRetraining(model, lock, root, window, context) : null;
  const decision = incident.decision === "retrain" && proposal === null ? "warn" : incident.decision;
  return {
    model: model.name,
    stage,
    version,
    window,
    rows: drift.current.rows,
    driftVerdict: drift.verdict,
    findings: incident.findings
      .slice(0, 1000)
      .map((finding) => ({ ...finding, summary: finding.summary.slice(0, 1000) })),
    decision,
    reason: incident.reason.slice(0, 2000),
    streak: incident.streak,
    proposal,
    lastGoodVersion: decision === "rollback" ? findLastGood(index, stage) : null,
  };
}

function requireMonitor(model: ModelSettings): { predictions: string; windowSeconds: number; time: string } {
  const time = model.monitor?.predictions?.time ?? model.time;
  if (model.monitor?.predictions && time !== null) {
    return { predictions: model.monitor.predictions.source, windowSeconds: model.monitor.windowSeconds, time };
  }
  throw new InputError({
    key: `models.${model.name}.monitor.predictions`,
    message: model.monitor?.predictions ? "does not say which column holds the time" : "is not set",
    expected: "monitor: { predictions: { source: logs/*.parquet, time: at } }",
  });
}

async function findNewestWindow(
  source: string,
  time: string,
  windowSeconds: number,
  model: ModelSettings,
  context: Context,
): Promise<Required<MonitoringWindow>> {
  const options = { columns: [time], missingValues: model.missingValues };
  const { values } = [...(await readTable(source, options, context)).columns.values()][0] ?? { values: [] };
  let newest = Number.NEGATIVE_INFINITY;
  for (const value of values) if (typeof value === "number" && value > newest) newest = value;
  if (!Number.isFinite(newest)) throw new InputError({ file: source, key: time, message: "the column holds no time" });
  const last = Math.floor(newest / (daySeconds * 1000)) * daySeconds * 1000;
  const days = Math.max(1, Math.round(windowSeconds / daySeconds));
  return { from: toDay(last - (days - 1) * daySeconds * 1000), to: toDay(last) };
}

async function compareWithReference(
  model: ModelSettings,
  lock: Lock,
  root: string,
  {
    source,
    time,
    window,
  }: { readonly source: string; readonly time: string; readonly window: Required<MonitoringWindow> },
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
  const { multivariate = false, referenceWindows = null, wholeDays = false } = model.monitor ?? {};
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
      groups: groups && { ...groups, required: false },
      ...learning,
    },
    context,
  );
}

async function findFaults(
  model: ModelSettings,
  lock: Lock,
  root: string,
  current: { readonly source: string; readonly time: string; readonly window: MonitoringWindow },
  context: Context,
) {
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

/**
 * Both windows move: the evaluation keeps its length and ends with the checked window, training goes up to the day before
 * it. Null when that leaves too few rows to judge by or brings no new rows to train on.
 */
async function proposeRetraining(
  model: ModelSettings,
  lock: Lock,
  root: string,
  window: Required<MonitoringWindow>,
  context: Context,
): Promise<ModelFindings["proposal"]> {
  const locked = lock.models.get(model.name);
  if (!locked?.train) return null;
  const judgedFrom = findEvaluationStart(locked, window);
  const from = locked.train.window?.from;
  const to = dayBefore(judgedFrom);
  const pin = (rows: MonitoringWindow) => pinWindow(model, locked.train?.source ?? "", rows, root, context);
  const train = await pin(from === undefined ? { to } : { from, to });
  const evaluation = await pin({ from: judgedFrom, to: window.to });
  if (evaluation.rows < fewestRetrainingRows || train.rows <= locked.train.rows) return null;
  const plain = (data: typeof train) => ({
    ...data,
    window: data.window && { ...data.window },
    columns: [...data.columns],
  });
  return { train: plain(train), evaluation: plain(evaluation) };
}

/** As long before the window's end as the old evaluation was, but never within the old training. */
function findEvaluationStart(locked: LockedModel, window: Required<MonitoringWindow>): string {
  const before = locked.evaluation?.window;
  if (before?.from === undefined || before.to === undefined) return window.from;
  const length = Date.parse(before.to.slice(0, 10)) - Date.parse(before.from.slice(0, 10));
  const start = toDay(Date.parse(window.to) - length);
  const trainedTo = locked.train?.window?.to?.slice(0, 10);
  return trainedTo !== undefined && start <= trainedTo ? window.from : start;
}

function dayBefore(day: string): string {
  return toDay(Date.parse(day) - daySeconds * 1000);
}

function toDay(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

function renderModel(found: ModelFindings): string {
  const head = `${found.model}: ${found.decision} (${found.window?.from ?? "…"} to ${found.window?.to ?? "…"}, ${found.rows} rows)`;
  return [
    head,
    `  ${found.reason}`,
    ...found.findings.map(({ kind, severity, summary }) => `  ${severity.padEnd(8)}  ${kind.padEnd(11)}  ${summary}`),
  ].join("\n");
}
