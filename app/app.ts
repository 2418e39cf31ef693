// The wiring: which event is handled where. Every handler gets plain values; payloads end here.
import type { Probot } from "probot";
import { handleInstallation } from "./handlers/installation.ts";
import { handleComment } from "./handlers/issue-comment.ts";
import { handleMergeGroup } from "./handlers/merge-group.ts";
import { handleHead } from "./handlers/pull-request.ts";
import { handleRerequest } from "./handlers/rerequested.ts";
import { handleRunCompleted } from "./handlers/workflow-run.ts";
import { asGitHubClient } from "./octokit.ts";
import { openSession, type RepositoryPayload, type SharedSession } from "./session.ts";

/** Registers every handler. `shared` is asked for once per delivery, so that the App's name can be read when it is first needed. */
export function registerHandlers(probot: Probot, shared: () => Promise<SharedSession>): void {
  type Client = Parameters<typeof asGitHubClient>[0];
  const open = async (payload: { readonly repository: RepositoryPayload }, octokit: Client) =>
    openSession(payload.repository, asGitHubClient(octokit), await shared());

  probot.on(
    ["pull_request.opened", "pull_request.synchronize", "pull_request.reopened"],
    async ({ payload, octokit }) => {
      await handleHead(payload.pull_request.number, payload.pull_request.head.sha, await open(payload, octokit));
    },
  );
  probot.on("pull_request.edited", async ({ payload, octokit }) => {
    if (!payload.changes.base) return;
    await handleHead(payload.pull_request.number, payload.pull_request.head.sha, await open(payload, octokit));
  });
  probot.on("workflow_run.completed", async ({ payload, octokit }) => {
    await handleRunCompleted(payload.workflow_run.id, await open(payload, octokit));
  });
  probot.on("check_run.rerequested", async ({ payload, octokit }) => {
    const session = await open(payload, octokit);
    if (payload.check_run.app?.id !== session.identity.appId) return;
    await handleRerequest(payload.check_run.head_sha, session);
  });
  probot.on("check_suite.rerequested", async ({ payload, octokit }) => {
    const session = await open(payload, octokit);
    if (payload.check_suite.app.id !== session.identity.appId) return;
    await handleRerequest(payload.check_suite.head_sha, session);
  });
  probot.on("merge_group.checks_requested", async ({ payload, octokit }) => {
    const { repository, merge_group: group } = payload;
    if (!repository) return;
    await handleMergeGroup({ headSha: group.head_sha, headRef: group.head_ref }, await open({ repository }, octokit));
  });
  probot.on("issue_comment.created", async ({ payload, octokit }) => {
    const { comment, issue } = payload;
    await handleComment(
      {
        body: comment.body,
        by: comment.user?.login ?? "",
        byPerson: comment.user?.type === "User" && payload.sender.type === "User",
        commentUrl: comment.html_url,
        issueNumber: issue.number,
        isPullRequest: issue.pull_request !== undefined && issue.pull_request !== null,
        isOpen: issue.state === "open",
      },
      await open(payload, octokit),
    );
  });
  probot.on(["installation.created", "installation_repositories.added"], async ({ payload, name }) => {
    const { context } = await shared();
    handleInstallation(name, payload.installation.permissions, payload.installation.events, context.progress);
  });
}
