// Reviews of pull requests: approve, ask for changes, comment.
import { z } from "zod";
import { authorOf } from "../auth/actor.ts";
import { issueOf } from "../changes/pull-heads.ts";
import { input, type RepositoryCall } from "../http/call.ts";
import { paginate } from "../http/pagination.ts";
import { json, type Reply, unprocessable } from "../http/reply.ts";
import { renderReview } from "../render/issue.ts";
import { renderPullSimple } from "../render/pull.ts";
import { defaultView, viewOf } from "../render/view.ts";
import type { RouteTools } from "./catalog.ts";
import { pullNumbered } from "./pulls.ts";

const writing = z.object({
  body: z.string().optional(),
  event: z.enum(["APPROVE", "REQUEST_CHANGES", "COMMENT"]).optional(),
  commit_id: z.string().optional(),
});
const states = { APPROVE: "APPROVED", REQUEST_CHANGES: "CHANGES_REQUESTED", COMMENT: "COMMENTED" } as const;

export function addReviewRoutes({ platform }: RouteTools): void {
  const { router } = platform;
  router.repositoryRoute(
    "GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews",
    { permissions: ["pull_requests:read"] },
    (call) => {
      const { number } = pullNumbered(call);
      const rows = call.platform.store.reviews.group(call.repository.id).filter((row) => row.pullNumber === number);
      return paginate(call, rows, (row) => renderReview(viewOf(call), call.repository, row));
    },
  );
  router.repositoryRoute(
    "POST /repos/{owner}/{repo}/pulls/{pull_number}/reviews",
    { permissions: ["pull_requests:write"], role: "read" },
    create,
  );
}

function create(call: RepositoryCall): Reply {
  const author = authorOf(call.actor);
  const pull = pullNumbered(call);
  const wanted = input(call, "PullRequestReview", writing);
  const event = wanted.event ?? "COMMENT";
  if (event !== "COMMENT" && issueOf(call.platform, pull).authorId === author.id) {
    throw unprocessable(`Can not ${event === "APPROVE" ? "approve" : "request changes on"} your own pull request`);
  }
  const review = call.platform.store.reviews.insert({
    repositoryId: call.repository.id,
    pullNumber: pull.number,
    authorId: author.id,
    body: wanted.body ?? "",
    state: states[event],
    commitId: wanted.commit_id ?? pull.headSha,
    submittedAt: call.platform.timestamp(),
  });
  const view = defaultView(call.platform);
  const payload = {
    review: {
      ...renderReview(view, call.repository, review),
      state: review.state.toLowerCase(),
      body: review.body === "" ? null : review.body,
    },
    pull_request: renderPullSimple(view, call.repository, pull),
  };
  call.platform.emitEvent(call.repository, "pull_request_review", "submitted", payload, call.actor);
  return json(200, renderReview(viewOf(call), call.repository, review));
}
