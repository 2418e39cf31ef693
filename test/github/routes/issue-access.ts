// What the routes of issues, labels, comments and pull requests share: finding an issue, telling of a change, bounds of texts.
import { idParam, type RepositoryCall } from "../http/call.ts";
import { notFound, validationFailed } from "../http/reply.ts";
import { renderIssue } from "../render/issue.ts";
import { defaultView } from "../render/view.ts";
import type { Issue } from "../state/issue.ts";

/** Bytes up to which GitHub takes the body of an issue or a comment. */
export const maxBodyBytes = 262_144;

/** The issue of the path; 404 when there is none. */
export function issueNumbered(call: RepositoryCall): Issue {
  const number = idParam(call, "issue_number");
  const issue = call.platform.store.issues.group(call.repository.id).find((row) => row.number === number);
  if (issue === undefined) throw notFound();
  return issue;
}

/** Tells the world of a change to an issue. */
export function emitIssue(call: RepositoryCall, issue: Issue, action: string, more: object = {}): void {
  const payload = { issue: renderIssue(defaultView(call.platform), call.repository, issue), ...more };
  call.platform.emitEvent(call.repository, "issues", action, payload, call.actor);
}

/** Characters up to which GitHub takes the body of a pull request. */
const maxPullBodyCharacters = 65_536;

/** 422 for texts that GitHub would not take. */
export function checkBody(resource: string, body: string | null | undefined): void {
  if (body == null) return;
  const fits =
    resource === "PullRequest" ? [...body].length <= maxPullBodyCharacters : Buffer.byteLength(body) <= maxBodyBytes;
  if (fits) return;
  throw validationFailed([
    { resource, field: "body", code: "custom", message: "body is too long (maximum is 65536 characters)" },
  ]);
}
