// The check run of a job, as webhooks show it.
import type { JsonObject } from "../json.ts";
import { renderAppId } from "../render/app.ts";
import { repositoryUrl } from "../render/repository.ts";
import { nodeId, type View } from "../render/view.ts";
import type { CheckRun } from "../state/check.ts";
import type { Repository } from "../state/repository.ts";

/** `check-run`. */
export function renderCheckRun(view: View, repository: Repository, check: CheckRun): JsonObject {
  const url = `${repositoryUrl(view, repository)}/check-runs/${check.id}`;
  return {
    id: check.id,
    name: check.name,
    node_id: nodeId("CheckRun", check.id),
    head_sha: check.headSha,
    external_id: check.externalId,
    url,
    html_url: check.detailsUrl ?? url,
    details_url: check.detailsUrl,
    status: check.status,
    conclusion: check.conclusion,
    started_at: check.startedAt,
    completed_at: check.completedAt,
    output: {
      title: check.title,
      summary: check.summary,
      text: check.text,
      annotations_count: check.annotations.length,
      annotations_url: `${url}/annotations`,
    },
    check_suite: { id: check.suiteId },
    app: renderAppId(view, check.appId),
    pull_requests: [],
  };
}
