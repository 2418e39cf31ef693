// `monitor`: looks at the newest window of what production predicted, and says what was found and what should follow.
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Lock } from "../config/lock.ts";
import type { ModelSettings } from "../config/settings.ts";
import { InputError } from "../errors.ts";
import { type Findings, findingsFileName, type ModelFindings } from "../evidence/findings.ts";
import type { Context } from "../host/context.ts";
import { writeFileAtomically } from "../host/files.ts";
import { giveImportances } from "../monitoring/drift-verdict.ts";
import type { MonitorFailure } from "../monitoring/fail-on.ts";
import { decideIncident } from "../monitoring/incidents.ts";
import { readModelIndex } from "../registry/ledger-view.ts";
import { expectPerformance, nothingExpected } from "./expected-performance.ts";
import { findModel, loadConfig, loadLock } from "./load-config.ts";
import { compareWithReference, findFaults } from "./monitored-drift.ts";
import { findLastGood, readHistory } from "./monitoring-history.ts";
import { findNewestWindow } from "./newest-window.ts";
import type { Outcome } from "./outcome.ts";
import { locateSource } from "./pinned-data.ts";
import { proposeRetraining } from "./propose-retraining.ts";
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
  const window = await findNewestWindow(source, { time, windowSeconds, missingValues: model.missingValues }, context);
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

function renderModel(found: ModelFindings): string {
  const head = `${found.model}: ${found.decision} (${found.window?.from ?? "…"} to ${found.window?.to ?? "…"}, ${found.rows} rows)`;
  return [
    head,
    `  ${found.reason}`,
    ...found.findings.map(({ kind, severity, summary }) => `  ${severity.padEnd(8)}  ${kind.padEnd(11)}  ${summary}`),
  ].join("\n");
}
