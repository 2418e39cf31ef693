// A judgement in the words of the report room, and what only the reader knows beside them: stale evidence, a baseline that moved on.
import type { CheckState, Obstacle } from "../evidence/decide-check.ts";
import { renderCheck } from "../report/check.ts";
import { commentLimitBytes, renderComment } from "../report/comment.ts";
import { countBytes, cutToBytes, escapeMarkdown } from "../report/escape.ts";
import type { ModelLinks, ReportContext } from "../report/report-context.ts";
import { commentMarker } from "../report/words.ts";
import type { Judgement } from "./judge-pull.ts";
import { type ReportState, renderReportState } from "./report-state.ts";

export interface RenderedJudgement {
  /** The worse of what the reader decided and what the report shows. */
  readonly state: CheckState;
  readonly comment: string;
  readonly check: { readonly title: string; readonly summary: string };
}

const titles = {
  success: "✅ Modelgate: this change concerns no model",
  failure: "❌ Modelgate: there is no verdict",
  action_required: "⚠️ Modelgate: a maintainer has to decide",
  neutral: "➖ Modelgate: nothing is judged",
} as const;

const severity = { success: 0, neutral: 1, action_required: 2, failure: 3 } as const;

/** Renders with everything that came from the workflow run escaped. The state line makes the comment know which run it speaks of. */
export function renderJudgement(judgement: Judgement, state: ReportState): RenderedJudgement {
  const stateLine = `<!-- modelgate-state ${renderReportState(state)} -->`;
  if (judgement.evidence === null) {
    const title = titles[judgement.decision.state];
    const summary = judgement.decision.obstacles.map((obstacle) => escapeMarkdown(obstacle.reason, 2000)).join("\n\n");
    return {
      state: judgement.decision.state,
      comment: [commentMarker, stateLine, `### ${title}`, "", summary].join("\n").trimEnd(),
      check: { title: title.replace(/^\S+ /, ""), summary: summary || "No model's paths are touched." },
    };
  }
  const context = createReportContext(judgement);
  const check = renderCheck(judgement.evidence, context);
  const standing = renderStanding(judgement.decision.obstacles);
  const worse = severity[judgement.decision.state] > severity[check.conclusion];
  const title = worse && standing !== null ? "The verdict does not count as it stands" : check.title;
  return {
    state: worse ? judgement.decision.state : check.conclusion,
    comment: insertAfterHeadline(renderComment(judgement.evidence, context), stateLine, standing),
    check: { title, summary: insertAfterHeadline(check.summary, null, standing) },
  };
}

/** Obstacles that no gate, change or level of trust explains: they are not in the evidence, so the report does not show them. */
function renderStanding(obstacles: readonly Obstacle[]): string | null {
  const own = obstacles.filter((obstacle) => obstacle.gate === null);
  if (own.length === 0) return null;
  const lines = own.slice(0, 20).map(({ model, reason }) => {
    const subject = model === null ? "" : `**${escapeMarkdown(model)}**: `;
    return `> - ${subject}${escapeMarkdown(reason, 1000)}`;
  });
  return ["> **Not green as it stands:**", ...lines].join("\n");
}

function insertAfterHeadline(markdown: string, stateLine: string | null, standing: string | null): string {
  const [before = "", ...rest] = markdown.split("\n### ");
  const [headline = "", ...body] = (rest.length > 0 ? rest.join("\n### ") : markdown.replace(/^### /, "")).split("\n");
  const head = rest.length > 0 ? [before] : [];
  const whole = [
    ...head,
    ...(stateLine === null ? [] : [stateLine]),
    `### ${headline}`,
    ...(standing === null ? [] : ["", standing]),
    ...body,
  ].join("\n");
  return countBytes(whole) > commentLimitBytes + 4000 ? cutToBytes(whole, commentLimitBytes + 4000) : whole;
}

/** What the report room needs beside the evidence. */
export function createReportContext(judgement: Judgement): ReportContext {
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
        evaluationUses: judgement.evaluationUses.get(`${model.model} ${model.evaluationData?.sha256 ?? ""}`) ?? null,
      },
    ];
  });
  return {
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
    changes: describeChanges(judgement),
  };
}

function describeChanges({ changedPaths, belief }: Judgement): ReportContext["changes"] {
  const config = changedPaths?.includes(".github/modelgate.yml") ?? false;
  return [
    ...(config
      ? [{ what: "config" as const, summary: "This pull request changes .github/modelgate.yml.", needsAccept: false }]
      : []),
    ...(belief?.changesWorkflows
      ? [{ what: "workflows" as const, summary: "It changes what runs in the workflow.", needsAccept: false }]
      : []),
  ];
}
