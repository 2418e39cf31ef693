// A judgement in the words of the report room.
import type { ConfigChange } from "../config/config-diff.ts";
import { configFileName } from "../config/parse.ts";
import type { CheckState } from "../evidence/decide-check.ts";
import type { ModelEvidence } from "../evidence/evidence.ts";
import { rankUse } from "../registry/evaluation-use.ts";
import { type Check, renderCheck } from "../report/check.ts";
import { renderComment } from "../report/comment.ts";
import type { ModelLinks, ReportContext } from "../report/report-context.ts";
import { type Judgement, noChanges } from "./judge-pull.ts";
import { type ReportState, renderReportState } from "./report-state.ts";

export interface RenderedJudgement {
  readonly state: CheckState;
  readonly comment: string;
  readonly check: Pick<Check, "title" | "summary" | "annotations">;
}

/** Renders with everything that came from the workflow run escaped. The state line makes the comment know which run it speaks of. */
export function renderJudgement(judgement: Judgement, state: ReportState): RenderedJudgement {
  const context = createReportContext(judgement, state);
  const { title, summary, annotations } = renderCheck(judgement.evidence, context);
  return {
    state: judgement.decision.state,
    comment: renderComment(judgement.evidence, context),
    check: { title, summary, annotations },
  };
}

/** What the report room needs beside the evidence. */
export function createReportContext(judgement: Judgement, state: ReportState | null): ReportContext {
  const { belief, pull, evidence } = judgement;
  const refused = judgement.decision.obstacles.some((obstacle) => obstacle.gate === "evidence");
  const repositoryUrl = pull.url.replace(/\/pull\/\d+$/, "");
  const docs = new URL(`/${judgement.publisher}/blob/main/docs/guide/pull-requests.md`, pull.url).href;
  const links = (evidence?.models ?? []).map((model): [string, ModelLinks] => {
    const version = model.baseline?.version;
    const known = version !== undefined && /^\d/.test(version);
    const tag = encodeURIComponent(`${model.model}@${version}`);
    return [
      model.model,
      {
        baselineUrl: known ? `${repositoryUrl}/releases/tag/${tag}` : null,
        evaluationUses: countUses(judgement, model),
      },
    ];
  });
  return {
    decision: judgement.decision,
    state: state === null ? null : renderReportState(state),
    trust: { level: belief?.level ?? "self-reported", reasons: belief?.reasons ?? [], accepted: !refused },
    headSha: pull.headSha,
    baseBranch: pull.baseBranch,
    runUrl: judgement.run?.url ?? null,
    docsUrl: docs,
    acceptances: judgement.acceptances.filter(
      (one) => one.headSha === pull.headSha && one.evidenceSha256 === judgement.evidenceSha256,
    ),
    models: new Map(links),
    affected: judgement.affectedModels,
    problems: judgement.problems,
    changes: describeChanges(judgement),
  };
}

/** Which change this is that the model's evaluation set judges; null when that is not counted. */
function countUses({ evaluationUses, pull }: Judgement, { model, evaluationData }: ModelEvidence): number | null {
  const uses = evaluationUses.get(model);
  return uses === undefined || evaluationData === null ? null : rankUse(uses, evaluationData.sha256, [pull.headSha]);
}

/** What judges, as far as the change touches it, by name; the sentences are in the models' sections. */
function describeChanges({ changedPaths, belief, configChanges }: Judgement): ReportContext["changes"] {
  const rules = [...configChanges].flatMap(([model, changes]) => {
    const names = changes.filter(({ what }) => what === "gates" || what === "config").map(nameChange);
    const unique = [...new Set(names)];
    return unique.length === 0 ? [] : [`\`${model}\` is judged by other rules: ${unique.join(", ")}.`];
  });
  const unread = (changedPaths?.includes(configFileName) ?? false) && configChanges === noChanges;
  const told = unread ? [`This pull request changes \`${configFileName}\`.`] : rules;
  const changes = told.map((summary) => ({ what: "config" as const, summary, needsAccept: false }));
  return belief?.changesWorkflows
    ? [...changes, { what: "workflows", summary: "It changes what runs in the workflow.", needsAccept: false }]
    : changes;
}

function nameChange({ what, summary }: ConfigChange): string {
  if (what === "gates") return "its gates";
  const [, key, verb] = /^(`[^`]+`) (changes)\b/.exec(summary) ?? [];
  return key !== undefined && verb !== undefined ? key : summary.replace(/\.$/, "");
}
