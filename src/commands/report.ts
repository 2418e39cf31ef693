// Use case: shows what evidence would say on a pull request, without GitHub: comment, summary and check.
import { join } from "node:path";
import { parseConfig } from "../config/parse.ts";
import type { Config } from "../config/settings.ts";
import { InputError } from "../errors.ts";
import { type CheckState, type Decision, decideCheck } from "../evidence/decide-check.ts";
import { type Evidence, evidenceFileName } from "../evidence/evidence.ts";
import { parseEvidence } from "../evidence/parse-evidence.ts";
import type { Context } from "../host/context.ts";
import { findFileKind, readBoundedFile } from "../host/files.ts";
import { sha256Hex } from "../json/digest.ts";
import { renderCheck, renderSummary } from "../report/check.ts";
import { renderComment } from "../report/comment.ts";
import type { ReportContext } from "../report/report-context.ts";
import { loadConfig } from "./load-config.ts";
import type { JsonDocument, Outcome } from "./outcome.ts";

export interface ReportSettings {
  /** Folder with `evidence.json`, or the file itself. */
  readonly evidence: string;
  readonly configFile: string | undefined;
}

/** Kind `report`: what would be written. `state` is what the check would say. */
export interface ReportPreviewDocument extends JsonDocument {
  readonly kind: "report";
  readonly written: false;
  readonly state: CheckState;
  readonly obstacles: Decision["obstacles"];
  readonly comment: string;
  readonly summary: string;
  readonly check: { readonly conclusion: CheckState; readonly title: string; readonly summary: string };
}

const largestEvidenceBytes = 16 * 2 ** 20;

/**
 * Renders evidence as for an author with write access, judged by the config found here where it knows the model. Exit 0 whatever the
 * verdict: it was asked to show.
 */
export async function previewReport(
  settings: ReportSettings,
  context: Context,
): Promise<Outcome<ReportPreviewDocument>> {
  const given = join(context.folder, settings.evidence);
  const path = settings.evidence.startsWith("/") ? settings.evidence : given;
  const file = (await findFileKind(path)) === "folder" ? join(path, evidenceFileName) : path;
  const bytes = await readBoundedFile(file, largestEvidenceBytes);
  const evidence = parseEvidence(bytes);
  const config = await findConfig(evidence, settings.configFile, context);
  const report = createPreviewContext(evidence, config, sha256Hex(bytes));
  const comment = renderComment(evidence, report);
  const { conclusion, title, summary } = renderCheck(evidence, report);
  return {
    exitCode: 0,
    document: {
      kind: "report",
      schemaVersion: 1,
      written: false,
      state: report.decision.state,
      obstacles: report.decision.obstacles,
      comment,
      summary: renderSummary(evidence, report),
      check: { conclusion, title, summary },
    },
    text: [`check: ${conclusion}: ${title}`, "", "comment:", comment].join("\n"),
    markdown: comment,
  };
}

function createPreviewContext(evidence: Evidence, config: Config, evidenceSha256: string): ReportContext {
  const affected = evidence.models.filter(({ status }) => status !== "not-affected").map(({ model }) => model);
  const reason = "Shown from a file, not read from a workflow run.";
  const decision = decideCheck(evidence, {
    headSha: evidence.headSha,
    fromFork: false,
    authorCanWrite: true,
    baseConfig: config,
    baseConfigSha256: evidence.baseConfigSha256 ?? "",
    affectedModels: affected,
    baselines: new Map(evidence.models.map(({ model, baseline }) => [model, baseline?.version ?? null])),
    belief: { level: "self-reported", reasons: [reason], changesWorkflows: false },
    acceptances: [],
    changes: new Map(),
    evidenceSha256,
  });
  return {
    decision: evidence.baseConfigSha256 === null ? withoutConfigDigest(decision) : decision,
    state: null,
    trust: { level: "self-reported", reasons: [reason], accepted: true },
    headSha: evidence.headSha,
    baseBranch: null,
    runUrl: null,
    docsUrl: null,
    acceptances: [],
    models: new Map(),
    affected,
    changes: [],
  };
}

/** Evidence made outside a pull request names no base config; that is no obstacle when it is only shown. */
function withoutConfigDigest(decision: Decision): Decision {
  const obstacles = decision.obstacles.filter(({ model }) => model !== null);
  const order = ["failure", "action_required", "neutral"] as const;
  const state = order.find((one) => obstacles.some((obstacle) => obstacle.state === one)) ?? "success";
  return { state, obstacles };
}

/** The config here, with a model that only has a name for each one it does not know. */
async function findConfig(evidence: Evidence, configFile: string | undefined, context: Context): Promise<Config> {
  const stub = evidence.models.map(
    ({ model }) => `  ${JSON.stringify(model)}: { inconclusive: ${evidence.inconclusive} }`,
  );
  const named = stub.length === 0 ? new Map() : parseConfig(`models:\n${stub.join("\n")}\n`, "evidence.json").models;
  try {
    const { config } = await loadConfig(configFile, context);
    return { version: 1, registry: null, models: new Map([...named, ...config.models]) };
  } catch (error) {
    if (!(error instanceof InputError) || configFile !== undefined) throw error;
    return { version: 1, registry: null, models: named };
  }
}
