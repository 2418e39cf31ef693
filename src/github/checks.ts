// Check runs of the App: one per name and commit, opened when a head arrives and completed when its verdict is known.
import type { RepositoryClient } from "./client.ts";

export type CheckConclusion = "success" | "failure" | "neutral" | "action_required" | "cancelled";

export interface CheckRun {
  readonly id: number;
  readonly status: string;
  readonly conclusion: string | null;
  /** What we wrote there: which evidence and workflow run the verdict is of. */
  readonly externalId: string;
  readonly url: string | null;
}

/** `status` without a conclusion, or the conclusion. Texts are Markdown, bounded by the caller. */
export interface CheckWrite {
  readonly status: "queued" | "in_progress" | CheckConclusion;
  readonly externalId: string;
  readonly title: string;
  readonly summary: string;
  readonly text?: string;
  readonly detailsUrl?: string;
  /** At most 50. Lines of files in the commit; texts are plain. */
  readonly annotations?: readonly {
    readonly path: string;
    readonly startLine: number;
    readonly endLine: number;
    readonly level: "notice" | "warning" | "failure";
    readonly title: string;
    readonly message: string;
  }[];
}

/** Check runs of that name on the commit that this App made, newest first. Others may use the name; they do not count. */
export async function listOwnChecks(
  repository: RepositoryClient,
  headSha: string,
  checkName: string,
  appId: number,
): Promise<readonly CheckRun[]> {
  const { client, owner, name } = repository;
  const found = await client.paginate(client.rest.checks.listForRef, {
    owner,
    repo: name,
    ref: headSha,
    check_name: checkName,
    app_id: appId,
    filter: "all",
    per_page: 100,
  });
  return found
    .filter((run) => run.app?.id === appId && run.name === checkName)
    .map((run) => ({
      id: run.id,
      status: run.status,
      conclusion: run.conclusion,
      externalId: run.external_id ?? "",
      url: run.html_url,
    }))
    .sort((a, b) => b.id - a.id);
}

/**
 * Writes the check: the newest of ours is brought to the new state, or one is made. A completed check cannot be opened again,
 * so an open state on a completed check makes a new one.
 */
export async function putCheck(
  repository: RepositoryClient,
  headSha: string,
  checkName: string,
  appId: number,
  write: CheckWrite,
): Promise<CheckRun> {
  const { client, owner, name } = repository;
  const [standing] = await listOwnChecks(repository, headSha, checkName, appId);
  const open = write.status === "queued" || write.status === "in_progress";
  const state = open
    ? { status: write.status as "queued" | "in_progress" }
    : { status: "completed" as const, conclusion: write.status as CheckConclusion };
  const fields = {
    owner,
    repo: name,
    name: checkName,
    external_id: write.externalId,
    ...state,
    ...(write.detailsUrl === undefined ? {} : { details_url: write.detailsUrl }),
    output: {
      title: write.title,
      summary: write.summary,
      ...(write.text === undefined ? {} : { text: write.text }),
      ...listAnnotations(write, standing),
    },
  };
  const reuse = standing && !(open && standing.status === "completed");
  const { data } = reuse
    ? await client.rest.checks.update({ ...fields, check_run_id: standing.id })
    : await client.rest.checks.create({ ...fields, head_sha: headSha });
  return {
    id: data.id,
    status: data.status,
    conclusion: data.conclusion,
    externalId: data.external_id ?? "",
    url: data.html_url,
  };
}

/** GitHub adds annotations to those that are there: the same write twice must not show them twice. */
function listAnnotations({ annotations, externalId }: CheckWrite, standing: CheckRun | undefined) {
  if (!annotations || annotations.length === 0 || standing?.externalId === externalId) return {};
  return {
    annotations: annotations.map(({ path, startLine, endLine, level, title, message }) => ({
      path,
      start_line: startLine,
      end_line: endLine,
      annotation_level: level,
      title,
      message,
    })),
  };
}
