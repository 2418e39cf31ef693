// After a merge: the pull request's own bytes, where what was merged is exactly what was gated, so that nothing is trained twice.
// Whatever is doubtful means training again, with the reason.
import { findAffectedModels } from "../config/affected.ts";
import type { Config } from "../config/settings.ts";
import { findTreeDifference } from "../config/tree-difference.ts";
import type { Evidence } from "../evidence/evidence.ts";
import { findArtifact } from "../github/artifacts.ts";
import { listFilesAt, listPathsBetween } from "../github/contents.ts";
import { listPullsOfCommit, type PullRequest } from "../github/pulls.ts";
import type { WorkflowRun } from "../github/workflow-runs.ts";
import { findGateRun } from "./find-gate-run.ts";
import { type Judgement, type JudgePorts, judgePull } from "./judge-pull.ts";
import { readBaseConfig } from "./read-base-config.ts";
import { readSide } from "./read-proposed-head.ts";

export interface GatedBytesSettings {
  /** The push: the branch's commit before and after it. */
  readonly before: string;
  readonly after: string;
  readonly branch: string;
  /** `OWNER/NAME` of the repository whose reusable workflows are believed. */
  readonly publisher: string;
  /** The artifact with the candidates. */
  readonly candidatesName: string;
}

/** The run whose bytes may be published, or one sentence why there is none. */
export type GatedBytes =
  | {
      readonly run: WorkflowRun;
      readonly pull: PullRequest;
      readonly evidence: Evidence;
      readonly evidenceSha256: string;
      /** What to fetch the candidates by. */
      readonly artifactId: number;
      readonly artifactSha256: string | null;
    }
  | { readonly reason: string };

/** @throws ProviderError when GitHub cannot be asked. */
export async function findGatedBytes(settings: GatedBytesSettings, ports: JudgePorts): Promise<GatedBytes> {
  const { repository } = ports;
  const merged = (await listPullsOfCommit(repository, settings.after)).filter(
    (pull) => pull.merged && pull.baseBranch === settings.branch,
  );
  const [pull, ...others] = merged;
  if (pull === undefined || others.length > 0)
    return {
      reason: pull ? "several pull requests were merged with this commit" : "no pull request was merged with it",
    };
  // Judged once more by what the branch held before the merge: acceptances, baselines and workflows as they are now.
  const base = { ...pull, baseBranch: settings.before };
  const run = await findGateRun(repository, base, settings.publisher);
  if (run === null) return { reason: `no workflow run judged the head of #${pull.number}` };
  const judgement = await judgePull({ pull: base, run, publisher: settings.publisher }, ports);
  const doubt = findDoubt(judgement) ?? (await findOtherTree(settings, judgement, ports));
  if (doubt !== null) return { reason: doubt };
  const { evidence, evidenceSha256 } = judgement;
  if (evidence === null || evidenceSha256 === null) return { reason: "there is no evidence" };
  const artifact = await findArtifact(repository, run.id, settings.candidatesName);
  if (artifact === null || artifact.expired)
    return { reason: `the models of workflow run ${run.id} have expired or were deleted` };
  return { run, pull, evidence, evidenceSha256, artifactId: artifact.id, artifactSha256: artifact.sha256 };
}

/** Why the judgement does not carry a publication; null when it does. */
function findDoubt({ pull, decision, belief, evidence, affectedModels }: Judgement): string | null {
  if (belief?.level !== "attested")
    return `the evidence of #${pull.number} is self-reported: ${belief?.reasons[0] ?? "there is none"}`;
  const [obstacle] = decision.obstacles;
  if (decision.state !== "success")
    return `#${pull.number} does not pass its gates now: ${obstacle?.reason ?? decision.state}`;
  // What a maintainer accepted is carried over where the branch is judged again.
  const unclear = affectedModels.find(
    (name) =>
      !evidence?.models.some(
        ({ model, status, verdict }) => model === name && status === "judged" && verdict === "pass",
      ),
  );
  if (unclear !== undefined) return `the evidence of #${pull.number} is not a plain pass for ${unclear}`;
  return affectedModels.length === 0 ? `#${pull.number} concerns no model` : null;
}

/** What the merged commit has that was not gated; null when it is the same in all that concerns the models. */
async function findOtherTree(
  { before, after }: GatedBytesSettings,
  { pull, evidence, affectedModels }: Judgement,
  { repository }: JudgePorts,
): Promise<string | null> {
  const config = await readBaseConfig(repository, after);
  if (config === null || config.sha256 !== evidence?.baseConfigSha256)
    return "the config is another one than that by which the pull request was judged";
  const missed = await findUnjudged(config.config, affectedModels, before, after, repository);
  if (missed !== null) return missed;
  const [gated, merged] = await Promise.all([listFilesAt(repository, pull.headSha), listFilesAt(repository, after)]);
  if (gated === null || merged === null) return "the repository holds more files than GitHub lists at once";
  for (const name of affectedModels) {
    const path = findTreeDifference(config.config.models.get(name)?.paths ?? ["**"], gated, merged);
    if (path !== null) return `${path} is not what was gated for ${name}: the branch moved under the pull request`;
  }
  return null;
}

/** A model that the push concerns and the pull request did not judge. */
async function findUnjudged(
  config: Config,
  judged: readonly string[],
  before: string,
  after: string,
  repository: JudgePorts["repository"],
): Promise<string | null> {
  const [paths, old, now] = await Promise.all([
    listPathsBetween(repository, before, after),
    readSide(repository, before),
    readSide(repository, after),
  ]);
  if (now === null) return "there is no config";
  const concerned = findAffectedModels({ config, lock: now.lock }, old, paths);
  const missed = concerned.find((name) => !judged.includes(name));
  return missed === undefined ? null : `the push also concerns ${missed}, which the pull request did not judge`;
}
