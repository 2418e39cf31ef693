// `validate`: judges candidates with the config, lock and data of the checkout it stands in, and writes the evidence.
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Lock, LockedData, LockedModel } from "../config/lock.ts";
import { mayOverlap } from "../config/retraining.ts";
import type { ModelSettings } from "../config/settings.ts";
import { carryAcceptances, holdsWithAcceptances } from "../evidence/carry-acceptance.ts";
import { type Evidence, evidenceFileName, type ModelEvidence } from "../evidence/evidence.ts";
import type { Context } from "../host/context.ts";
import { writeFileAtomically } from "../host/files.ts";
import { withTemporaryFolder } from "../host/temporary-folder.ts";
import { type FoundBaseline, fetchBaseline } from "./baseline-model.ts";
import { type DescribedRows, describeRows } from "./describe-rows.ts";
import { findModel, type LoadedConfig, loadConfig, loadLock } from "./load-config.ts";
import type { Outcome } from "./outcome.ts";
import { pinModelData } from "./pin-data.ts";
import { describeProposal, type ProposedHead, type ProposedModels } from "./proposed-changes.ts";
import type { FetchHeadFiles } from "./proposed-rows.ts";
import type { RegistrySession } from "./registry-session.ts";
import { prepareData } from "./train.ts";
import { type MeasureModels, validateModel } from "./validate-model.ts";
import { renderValidation } from "./validation-text.ts";
import type { PredictionsPlace } from "./write-predictions.ts";

export interface ValidateSettings {
  readonly configFile: string | undefined;
  /** Names; empty = those the change concerns, or every model where there is no change. */
  readonly models: readonly string[];
  /** Where the candidate of a model lies, relative to the context's folder. */
  readonly candidateOf: (model: string) => string;
  /** A stage or version to compare with instead of the config's; null = the config's. */
  readonly baseline: string | null;
  /** Where the evidence goes, relative to the context's folder. */
  readonly out: string;
  /** The pull request's head; null = the checkout is judged by its own rules. */
  readonly head: ProposedHead | null;
  readonly headSha: string;
  readonly baseSha: string | null;
  /** Heads that `headSha` merged: what was accepted for them holds here too. */
  readonly mergedHeads: readonly string[];
  readonly workflowRun: Evidence["workflowRun"];
  readonly isolation: Evidence["isolation"];
  /** A model on disk to compare with instead of the registry's. */
  readonly baselinePath: string | null;
  /** Where per-row predictions go, relative to the context's folder; null = nowhere. */
  readonly predictions: PredictionsPlace | null;
  /** What becomes of a model or data that cannot be read: evidence that it failed, or an InputError and no evidence. */
  readonly wrongInput: "tell" | "throw";
}

/** Versions in the picture of a comment. */
const shownVersions = 12;

export interface ValidatePorts {
  /** Null = no registry: then there is no baseline but `baselinePath`. */
  readonly session: RegistrySession | null;
  /** Compares latencies; null = not, and gates on them are inconclusive. */
  readonly measure: MeasureModels | null;
  /** Files of the pull request's head; null = there is no pull request, or its files cannot be had. */
  readonly fetchHeadFiles: FetchHeadFiles | null;
}

/**
 * Judges and writes `evidence.json`. Exit 1 when a model is not shown to hold: its verdict is not pass and no maintainer
 * accepted it, or there is no verdict.
 */
export async function validate(
  settings: ValidateSettings,
  opened: ValidatePorts,
  context: Context,
): Promise<Outcome<Evidence>> {
  const loaded = await loadConfig(settings.configFile, context);
  const ports = { ...opened, session: opened.session?.under(loaded.config) ?? null };
  const lock = await loadLock(loaded.root);
  const proposal = settings.head === null ? null : describeProposal({ config: loaded.config, lock }, settings.head);
  const chosen = chooseModels(settings, loaded, proposal);
  const models = await withTemporaryFolder(async (folder) => {
    const judged: ModelEvidence[] = [];
    for (const name of loaded.config.models.keys()) {
      if (!chosen.includes(name)) {
        if (settings.models.length === 0) judged.push(createUnaffected(name));
        continue;
      }
      context.progress(`validating ${name}`);
      const model = findModel(loaded, name);
      await prepareData(model, loaded.root, context);
      const evaluation = await findEvaluationPin(model, lock, loaded.root, context);
      const pins = choosePins(name, evaluation, proposal);
      const place = { root: loaded.root, folder, base: { train: lock.models.get(name)?.train ?? null, evaluation } };
      judged.push(await judgeOne(model, place, pins, proposal, settings, ports, context));
    }
    return judged;
  });
  const chosenSettings = chosen.map((name) => findModel(loaded, name));
  const evidence: Evidence = {
    kind: "evidence",
    schemaVersion: 1,
    createdAt: context.now().toISOString(),
    headSha: settings.headSha,
    baseSha: settings.baseSha,
    baseConfigSha256: loaded.sha256,
    workflowRun: settings.workflowRun,
    isolation: settings.isolation,
    ranProposedCode: chosenSettings.some((model) => model.predict !== null),
    inconclusive: chosenSettings.every((model) => model.inconclusive === "warn") ? "warn" : "block",
    models,
  };
  const out = resolve(context.folder, settings.out);
  await mkdir(out, { recursive: true });
  await writeFileAtomically(join(out, evidenceFileName), `${JSON.stringify(evidence)}\n`);
  const holds = models.every(holdsWithAcceptances);
  return { exitCode: holds ? 0 : 1, document: evidence, text: renderValidation(evidence) };
}

function chooseModels(
  settings: ValidateSettings,
  loaded: LoadedConfig,
  proposal: ProposedModels | null,
): readonly string[] {
  if (settings.models.length > 0) return settings.models.map((name) => findModel(loaded, name).name);
  return proposal === null ? [...loaded.config.models.keys()] : proposal.affected;
}

interface Pins {
  readonly evaluation: LockedData | null;
  readonly second: LockedData | null;
  readonly notes: readonly string[];
}

/** Base's evaluation rows judge. A retraining brings later rows, disjoint from both trainings, and must hold on the old ones too. */
function choosePins(name: string, base: LockedData | null, proposal: ProposedModels | null): Pins {
  const plain = { evaluation: base, second: null, notes: [] };
  const proposed = proposal?.retrained.get(name);
  if (!proposed?.train || !proposed.evaluation || base === null) return plain;
  if (proposed.evaluation.sha256 === base.sha256) return plain;
  const note = mayOverlap(proposed.train, base)
    ? `Also judged on the old evaluation rows (${base.rows}), which the candidate may have trained on: failing there counts, passing says little.`
    : `Also judged on the old evaluation rows (${base.rows}).`;
  return { evaluation: proposed.evaluation, second: base, notes: [note] };
}

/** Where a model is judged: the checkout, a temporary folder, and what base's lock pins. */
interface Place {
  readonly root: string;
  readonly folder: string;
  readonly base: LockedModel;
}

async function describeJudgingRows(
  model: ModelSettings,
  { root, folder, base }: Place,
  pins: Pins,
  proposal: ProposedModels | null,
  { head }: ValidateSettings,
  { fetchHeadFiles }: ValidatePorts,
  { baseline }: FoundBaseline,
  context: Context,
): Promise<DescribedRows> {
  const changes = proposal?.changes.get(model.name) ?? [];
  if (pins.evaluation === null) return { changes, notes: [] };
  const proposed = proposal?.proposed.get(model.name) ?? null;
  const inner = join(folder, "head", model.name);
  await mkdir(inner, { recursive: true });
  const data = [base.train, base.evaluation, baseline?.trainedOn ?? null];
  return await describeRows(
    {
      settings: model,
      base,
      proposed,
      judging: pins.evaluation,
      retraining: pins.second !== null,
      baseline,
      changes,
    },
    {
      root,
      folder: inner,
      changedPaths: head === null ? [] : head.changedPaths,
      fetchHeadFiles: fetchHeadFiles ?? (async () => []),
      knownSources: data.flatMap((pin) => (pin === null ? [] : [pin.source])),
    },
    context,
  );
}

async function judgeOne(
  model: ModelSettings,
  place: Place,
  pins: Pins,
  proposal: ProposedModels | null,
  settings: ValidateSettings,
  ports: ValidatePorts,
  context: Context,
): Promise<ModelEvidence> {
  const { root } = place;
  const found = await findBaseline(model, settings, ports.session, place.folder, context);
  const rows = await describeJudgingRows(model, place, pins, proposal, settings, ports, found, context);
  const evidence = await validateModel(
    {
      settings: model,
      folder: resolve(context.folder, settings.candidateOf(model.name)),
      root,
      baseline: found.baseline,
      firstVersion: found.firstVersion,
      evaluationPin: pins.evaluation,
      secondPin: pins.second,
      changes: rows.changes,
      notes: [...pins.notes, ...rows.notes],
      predictions: settings.predictions && {
        ...settings.predictions,
        folder: resolve(context.folder, settings.predictions.folder),
      },
      measure: ports.measure,
      wrongInput: settings.wrongInput,
    },
    context,
  );
  const told = { ...evidence, ...describeHistory(evidence, found.index) };
  return carryAcceptances(told, found.index?.accepts ?? [], settings.mergedHeads);
}

/** The first metric of the published versions, oldest first, for the picture. */
function describeHistory(
  evidence: ModelEvidence,
  index: FoundBaseline["index"],
): Pick<ModelEvidence, "history" | "historyMetric"> {
  const metric = evidence.comparison?.metrics[0]?.metric;
  if (metric === undefined || index === null) return { history: [], historyMetric: null };
  const published = index.recent.flatMap(({ state, version, metrics }) => {
    const value = metrics[metric];
    return state === "available" && value !== undefined ? [{ version, value }] : [];
  });
  return { history: published.slice(0, shownVersions).reverse(), historyMetric: metric };
}

async function findBaseline(
  model: ModelSettings,
  settings: ValidateSettings,
  session: RegistrySession | null,
  folder: string,
  context: Context,
): Promise<FoundBaseline> {
  if (settings.baselinePath !== null) {
    const path = resolve(context.folder, settings.baselinePath);
    const features = model.features;
    const baseline = { path, features, version: "given", stage: null, sha256: null, metrics: null, trainedOn: null };
    return { baseline, firstVersion: false, index: null };
  }
  if (session === null) return { baseline: null, firstVersion: false, index: null };
  const asked = settings.baseline === null ? model : { ...model, baseline: settings.baseline };
  return fetchBaseline(asked, session, folder, context);
}

/** The lock's pin; without one the data is taken as it is in the checkout that judges. */
async function findEvaluationPin(
  model: ModelSettings,
  lock: Lock,
  root: string,
  context: Context,
): Promise<LockedData | null> {
  const pinned = lock.models.get(model.name)?.evaluation ?? null;
  if (pinned !== null || model.data === null) return pinned;
  context.progress(`modelgate.lock does not pin the evaluation data of ${model.name}: taking it as it is now`);
  return (await pinModelData(model, root, context)).evaluation;
}

function createUnaffected(model: string): ModelEvidence {
  return {
    model,
    status: "not-affected",
    verdict: null,
    problem: null,
    candidate: null,
    baseline: null,
    firstVersion: false,
    evaluationData: null,
    comparison: null,
    secondComparison: null,
    evaluation: null,
    benchmark: null,
    runRecord: null,
    changes: [],
    history: [],
    historyMetric: null,
    notes: [],
  };
}
