// On the default branch: publishes every model the evidence of this workflow run judged, from the very bytes it judged; where the
// gates say no, nothing is published and one issue opens.

import { join } from "node:path";
import { ModelgateError, RefusedError } from "../errors.ts";
import { type Evidence, evidenceFileName, type ModelEvidence } from "../evidence/evidence.ts";
import { listJudgedSets } from "../evidence/judged-sets.ts";
import { parseEvidence } from "../evidence/parse-evidence.ts";
import { closeIssue, findOwnIssues, putIssue } from "../github/issues.ts";
import type { Context } from "../host/context.ts";
import { readBoundedFile } from "../host/files.ts";
import { sha256Hex } from "../json/digest.ts";
import { escapeMarkdown, renderName } from "../report/escape.ts";
import { findLogin } from "./find-actor.ts";
import { findMergedHeads } from "./find-merged-heads.ts";
import { type LoadedConfig, loadConfig } from "./load-config.ts";
import type { Outcome } from "./outcome.ts";
import { publish } from "./publish.ts";
import { recordEvaluationUses } from "./record-evaluation-uses.ts";
import type { PublicationDocument } from "./registry-documents.ts";
import type { RegistrySession } from "./registry-session.ts";

export interface PublishModelsSettings {
  /** Folder with one folder per model, as the training job left them. */
  readonly candidates: string;
  /** Folder with `evidence.json`. */
  readonly evidence: string;
  /** sha256 of `evidence.json` as the job that judged says, which no other job can; null = not known. */
  readonly evidenceSha256: string | null;
  /** The run of the merged pull request whose evidence was taken over; null = the evidence is of the publishing run. */
  readonly adoptedRun: number | null;
  readonly configFile: string | undefined;
  /** Logins whose issues are ours. */
  readonly authors: readonly string[];
  readonly runUrl: string;
  readonly dryRun: boolean;
}

/** Kind `publications`. `refused` names the models that were not published and why. */
export interface PublicationsDocument {
  readonly kind: "publications";
  readonly schemaVersion: 1;
  readonly publications: readonly PublicationDocument[];
  readonly refused: readonly { readonly model: string; readonly reason: string; readonly issue: string | null }[];
}

const largestEvidenceBytes = 16 * 2 ** 20;

/**
 * Exit 1 when a model was refused; the others are published all the same. Throws RefusedError when the evidence is not the
 * judging job's, or not about the commit and config that publish: then nothing is written.
 */
export async function publishModels(
  settings: PublishModelsSettings,
  opened: RegistrySession,
  context: Context,
): Promise<Outcome<PublicationsDocument>> {
  const loaded = await loadConfig(settings.configFile, context);
  const session = opened.under(loaded.config);
  const bytes = await readBoundedFile(join(settings.evidence, evidenceFileName), largestEvidenceBytes);
  const evidence = parseEvidence(bytes);
  refuseOtherEvidence(evidence, sha256Hex(bytes), loaded, settings);
  await refuseOtherCommit(evidence, settings, session, context);
  const publications: PublicationDocument[] = [];
  const refused: PublicationsDocument["refused"][number][] = [];
  for (const model of evidence.models.filter(({ status }) => status !== "not-affected")) {
    const answer = await publishOne(model, loaded, settings, session, context);
    if ("publication" in answer) publications.push(answer.publication);
    else
      refused.push({
        model: model.model,
        reason: answer.reason,
        issue: await tellRefusal(model.model, answer.reason, settings, session),
      });
  }
  if (!settings.dryRun) await countUses(evidence, session, context);
  const lines = [
    ...publications.map(({ model, version, state }) => `${model} ${version}: ${state}`),
    ...refused.map(({ model, reason }) => `${model}: not published: ${reason}`),
  ];
  return {
    exitCode: refused.length > 0 ? 1 : 0,
    document: { kind: "publications", schemaVersion: 1, publications, refused },
    text: lines.join("\n") || "no model was judged: nothing to publish",
  };
}

function refuseOtherEvidence(
  evidence: Evidence,
  sha256: string,
  loaded: LoadedConfig,
  { evidenceSha256 }: PublishModelsSettings,
): void {
  if (evidenceSha256 !== null && evidenceSha256 !== sha256) {
    throw refuse("this is not the evidence that the validating job made", `sha256 ${evidenceSha256}`, sha256);
  }
  if (evidence.baseConfigSha256 !== loaded.sha256) {
    throw refuse(
      "the evidence was judged by another config",
      `sha256 ${loaded.sha256}`,
      `${evidence.baseConfigSha256}`,
    );
  }
}

function refuse(message: string, expected: string, received: string): RefusedError {
  const hint = "nothing was published; run the workflow again from its first job";
  return new RefusedError({ message, file: evidenceFileName, expected, received, hint });
}

/** The evidence is about the commit that publishes, or, where it was taken over, about a head that the commit merged. */
async function refuseOtherCommit(
  evidence: Evidence,
  { adoptedRun, evidenceSha256 }: PublishModelsSettings,
  { repository }: RegistrySession,
  { environment }: Context,
): Promise<void> {
  const { GITHUB_ACTIONS: inActions, GITHUB_SHA: sha } = environment;
  if (inActions !== "true" || !sha) return;
  if (adoptedRun === null) {
    if (evidence.headSha !== sha) throw refuse("the evidence speaks of another commit", sha, evidence.headSha);
    return;
  }
  if (evidenceSha256 === null)
    throw refuse("evidence that is taken over needs its digest", "evidence-sha256", "nothing");
  const heads = await findMergedHeads(repository, sha);
  if (!heads.includes(evidence.headSha))
    throw refuse("the evidence speaks of a commit that was not merged here", heads.join(", "), evidence.headSha);
}

/** The branch's own judging is a use of the evaluation set too, unless the merged pull request's was counted. */
async function countUses({ models, headSha }: Evidence, session: RegistrySession, context: Context): Promise<void> {
  const judged = models.flatMap(listJudgedSets);
  if (judged.length === 0) return;
  try {
    const sameChange = await findMergedHeads(session.repository, headSha);
    const actor = await findLogin(session.repository, context);
    await recordEvaluationUses({ judged, headSha, sameChange, pullNumber: null, actor }, session);
  } catch (error) {
    if (!(error instanceof ModelgateError)) throw error;
    session.progress(`warning: the use of the evaluation sets could not be counted: ${error.message}`);
  }
}

async function publishOne(
  judged: ModelEvidence,
  loaded: LoadedConfig,
  settings: PublishModelsSettings,
  session: RegistrySession,
  context: Context,
): Promise<{ readonly publication: PublicationDocument } | { readonly reason: string }> {
  if (judged.status !== "judged") return { reason: judged.problem ?? "there is no verdict" };
  try {
    const { document } = await publish(
      {
        model: judged.model,
        config: loaded.config.models.get(judged.model) ?? null,
        root: loaded.root,
        files: [],
        candidate: join(settings.candidates, judged.model),
        evidence: settings.evidence,
        version: null,
        card: null,
        profile: null,
        gatedRun: settings.adoptedRun,
        reason:
          settings.adoptedRun === null
            ? null
            : `the bytes that workflow run ${settings.adoptedRun} gated; the merged tree equals the gated one`,
        actor: null,
        dryRun: settings.dryRun,
      },
      session,
      context,
    );
    if (!settings.dryRun) await settleRefusal(judged.model, settings, session);
    return { publication: document };
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    return { reason: error.problems.map((problem) => problem.message).join("; ") };
  }
}

function renderMarker(model: string): string {
  return `<!-- modelgate-incident model=${model} kind=unpublished -->`;
}

async function tellRefusal(
  model: string,
  reason: string,
  { authors, runUrl, dryRun }: PublishModelsSettings,
  { repository }: RegistrySession,
): Promise<string | null> {
  if (dryRun) return null;
  const marker = renderMarker(model);
  const body = [
    marker,
    `The default branch was judged again, and **${renderName(model)}** was not published: ${escapeMarkdown(reason, 4000)}`,
    "",
    `Nothing was written to the registry; the stages hold what they held. [Workflow run](${runUrl})`,
  ].join("\n");
  const title = `${model} on the default branch does not pass its gates`;
  const { issue } = await putIssue(repository, { marker, authors, title, body, labels: ["modelgate:unpublished"] });
  return issue.url;
}

async function settleRefusal(model: string, { authors }: PublishModelsSettings, { repository }: RegistrySession) {
  for (const issue of await findOwnIssues(repository, renderMarker(model), authors)) {
    await closeIssue(repository, issue.number);
  }
}
