// A judgement in the words of the report room: the comment with the state it remembers, and the check's title and summary.
import type { Obstacle } from "../evidence/decide-check.ts";
import { escapeMarkdown } from "../report/escape.ts";
import type { ReportContext } from "../report/report-context.ts";
import type { Judgement } from "./judge-pull.ts";
import { type ReportState, renderReportState } from "./report-state.ts";

/** First line of the comment; with its author it is what the comment is found by. */
export const commentMarker = "<!-- modelgate -->";

export interface RenderedJudgement {
  readonly comment: string;
  readonly check: { readonly title: string; readonly summary: string };
}

const words = {
  success: "✅ Modelgate: pass",
  failure: "❌ Modelgate: not green",
  action_required: "⚠️ Modelgate: a maintainer has to decide",
  neutral: "➖ Modelgate: not shown to be safe",
} as const;

/** Renders with everything that came from the workflow run escaped. */
export function renderJudgement(judgement: Judgement, state: ReportState): RenderedJudgement {
  const { title, body } = renderWithoutEvidence(judgement);
  return {
    comment: [commentMarker, `<!-- modelgate-state ${renderReportState(state)} -->`, `### ${title}`, "", body].join(
      "\n",
    ),
    check: { title, summary: body },
  };
}

function renderWithoutEvidence(judgement: Judgement): { readonly title: string; readonly body: string } {
  const lines = judgement.decision.obstacles.map(renderObstacle);
  const none = judgement.affectedModels.length === 0 ? "This change concerns no model." : "Every gate passes.";
  return {
    title: words[judgement.decision.state],
    body: lines.length > 0 ? lines.join("\n") : none,
  };
}

function renderObstacle({ model, gate, reason }: Obstacle): string {
  const subject = [model, gate].filter((part) => part !== null).map((part) => escapeMarkdown(part));
  return `- ${subject.length > 0 ? `**${subject.join(" ")}**: ` : ""}${escapeMarkdown(reason, 2000)}`;
}

/** What the report room needs beside the evidence. */
export function createReportContext(judgement: Judgement): ReportContext {
  const refused = judgement.decision.obstacles.some((obstacle) => obstacle.gate === "evidence");
  const { belief, pull } = judgement;
  return {
    trust: {
      level: belief?.level ?? "self-reported",
      reasons: belief?.reasons ?? [],
      accepted: !refused,
    },
    headSha: pull.headSha,
    baseBranch: pull.baseBranch,
    runUrl: judgement.run?.url ?? null,
    docsUrl: null,
    acceptances: judgement.acceptances.filter(
      (one) => one.headSha === pull.headSha && one.evidenceSha256 === judgement.evidenceSha256,
    ),
    models: new Map(),
    affected: judgement.affectedModels,
    changes: [],
  };
}
