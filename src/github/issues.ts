// Issues of incidents: one per model and kind, found by a marker in the body and its author, updated instead of repeated.
import type { RepositoryClient } from "./client.ts";

export interface Issue {
  readonly number: number;
  readonly url: string;
  readonly title: string;
  readonly body: string;
  readonly state: "open" | "closed";
}

/** Open issues (no pull requests) that one of `authors` opened and whose body begins with `marker`, oldest first. */
export async function findOwnIssues(
  repository: RepositoryClient,
  marker: string,
  authors: readonly string[],
): Promise<readonly Issue[]> {
  const { client, owner, name } = repository;
  const found = await client.paginate(client.rest.issues.listForRepo, {
    owner,
    repo: name,
    state: "open",
    per_page: 100,
  });
  return found
    .filter((issue) => !issue.pull_request && authors.includes(issue.user?.login ?? ""))
    .filter((issue) => (issue.body ?? "").trimStart().startsWith(marker))
    .map((issue) => ({
      number: issue.number,
      url: issue.html_url,
      title: issue.title,
      body: issue.body ?? "",
      state: "open" as const,
    }))
    .sort((a, b) => a.number - b.number);
}

/** The issue of that marker: made, or brought up to date. `body` begins with the marker. */
export async function putIssue(
  repository: RepositoryClient,
  issue: {
    readonly marker: string;
    readonly authors: readonly string[];
    readonly title: string;
    readonly body: string;
    readonly labels: readonly string[];
  },
): Promise<{ readonly issue: Issue; readonly created: boolean }> {
  const { client, owner, name } = repository;
  const [standing] = await findOwnIssues(repository, issue.marker, issue.authors);
  if (!standing) {
    const { data } = await client.rest.issues.create({
      owner,
      repo: name,
      title: issue.title,
      body: issue.body,
      labels: [...issue.labels],
    });
    return {
      issue: { number: data.number, url: data.html_url, title: issue.title, body: issue.body, state: "open" },
      created: true,
    };
  }
  if (standing.title !== issue.title || standing.body.trim() !== issue.body.trim()) {
    await client.rest.issues.update({
      owner,
      repo: name,
      issue_number: standing.number,
      title: issue.title,
      body: issue.body,
    });
  }
  return { issue: { ...standing, title: issue.title, body: issue.body }, created: false };
}

/** Closes as done. */
export async function closeIssue(repository: RepositoryClient, issueNumber: number): Promise<void> {
  const { client, owner, name } = repository;
  await client.rest.issues.update({
    owner,
    repo: name,
    issue_number: issueNumber,
    state: "closed",
    state_reason: "completed",
  });
}
