// The pages that people look at in a browser.
import type { ActionsService } from "../actions/service.ts";
import { type Call, idParam, param } from "../http/call.ts";
import { HttpError, type Reply } from "../http/reply.ts";
import type { Platform } from "../platform.ts";
import { downloadArtifact, listRuns, showJob, showRun } from "./actions-pages.ts";
import { showCheckRun } from "./checks-view.ts";
import { listBranches, listCommits, showHome, showPath } from "./code-pages.ts";
import { showCommit } from "./commit-page.ts";
import { listIssues, showIssue } from "./issue-pages.ts";
import { drawAvatar, page } from "./layout.ts";
import { html } from "./markup.ts";
import { showOwner } from "./owner-page.ts";
import { openPage, type PageCall } from "./page-call.ts";
import { showPull } from "./pull-page.ts";
import { listReleases, showRelease } from "./release-pages.ts";

/** Called once at the start, after the API's routes; a page is a route with `foreign: true`. */
export function installPages({ router, store }: Platform, actions: ActionsService): void {
  const options = { actor: "anyone", foreign: true } as const;
  const add = (path: string, show: (call: PageCall) => Reply): void => {
    router.route(`GET /{owner}/{repo}${path}`, options, (call) => orErrorPage(() => show(openPage(call, actions))));
  };
  const number = (call: PageCall, name: string): number => idParam(call.call, name);
  const text = (call: PageCall, name: string): string => param(call.call, name);

  router.route("GET /{owner}", options, (call: Call) => orErrorPage(() => showOwner(call)));
  router.route("GET /avatars/{account_id}", options, (call) => ({
    status: 200,
    bytes: Buffer.from(drawAvatar(store.accounts.get(idParam(call, "account_id"))?.login ?? "?")),
    headers: { "content-type": "image/svg+xml" },
  }));
  add("", showHome);
  add("/tree/{path}", (call) => showPath(call, text(call, "path")));
  add("/blob/{path}", (call) => showPath(call, text(call, "path")));
  add("/commits/{ref}", (call) => listCommits(call, text(call, "ref")));
  add("/commit/{sha}", (call) => showCommit(call, text(call, "sha")));
  add("/branches", listBranches);
  add("/issues", (call) => listIssues(call, "issues"));
  add("/issues/{number}", (call) => showIssue(call, number(call, "number")));
  add("/pulls", (call) => listIssues(call, "pulls"));
  add("/pull/{number}", (call) => showPull(call, number(call, "number"), "conversation"));
  add("/pull/{number}/files", (call) => showPull(call, number(call, "number"), "files"));
  add("/runs/{check_run_id}", (call) => showCheckRun(call, number(call, "check_run_id")));
  add("/releases", listReleases);
  add("/releases/tag/{tag}", (call) => showRelease(call, text(call, "tag")));
  add("/actions", listRuns);
  add("/actions/runs/{run_id}", (call) => showRun(call, number(call, "run_id")));
  add("/actions/runs/{run_id}/job/{job_id}", (call) => showJob(call, number(call, "run_id"), number(call, "job_id")));
  add("/actions/runs/{run_id}/artifacts/{artifact_id}", (call) =>
    downloadArtifact(call, number(call, "run_id"), number(call, "artifact_id")),
  );
}

/** What is not there gets a page too. */
function orErrorPage(show: () => Reply): Reply {
  try {
    return show();
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    return page(
      error.message,
      html`<main><div class="blank"><h1>${error.status}</h1>${error.message}</div></main>`,
      error.status,
    );
  }
}
