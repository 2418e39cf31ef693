// Issues, pull requests (an issue with a head and a base), comments, labels, reviews.
import type { Row } from "./database.ts";

export interface Issue extends Row {
  readonly repositoryId: number;
  readonly number: number;
  readonly title: string;
  readonly body: string | null;
  readonly state: "open" | "closed";
  readonly stateReason: "completed" | "reopened" | "not_planned" | "duplicate" | null;
  readonly authorId: number;
  readonly labelIds: readonly number[];
  readonly assigneeIds: readonly number[];
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly closedAt: string | null;
  readonly closedById: number | null;
  readonly isPull: boolean;
  /** The App through which it was written, if any. */
  readonly appId: number | null;
}

export interface Pull extends Row {
  readonly repositoryId: number;
  readonly number: number;
  /** The repository that holds the head branch; null when that fork is gone. */
  readonly headRepositoryId: number | null;
  /** Branch names, without `refs/heads/`. */
  readonly headRef: string;
  readonly headSha: string;
  readonly baseRef: string;
  /** Head of the base branch when the pull request was last looked at. */
  readonly baseSha: string;
  readonly draft: boolean;
  readonly maintainerCanModify: boolean;
  readonly mergedAt: string | null;
  readonly mergedById: number | null;
  /** The test merge while open, the real one afterwards; null when there are conflicts. */
  readonly mergeCommitSha: string | null;
  readonly mergeable: boolean | null;
}

export interface IssueComment extends Row {
  readonly repositoryId: number;
  readonly issueNumber: number;
  readonly authorId: number;
  readonly body: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly appId: number | null;
}

export interface Label extends Row {
  readonly repositoryId: number;
  readonly name: string;
  readonly color: string;
  readonly description: string | null;
  readonly isDefault: boolean;
}

export interface Review extends Row {
  readonly repositoryId: number;
  readonly pullNumber: number;
  readonly authorId: number;
  readonly body: string;
  readonly state: "APPROVED" | "CHANGES_REQUESTED" | "COMMENTED" | "DISMISSED";
  readonly commitId: string;
  readonly submittedAt: string;
}
