// Deployments under way or serving.
import { z } from "zod";
import type { RepositoryClient } from "./client.ts";
import { explained } from "./failure.ts";

const pageSize = 100;

export interface OpenDeployment {
  readonly id: number;
  /** The tag, branch or commit that was deployed. */
  readonly ref: string;
  readonly environment: string;
}

/** States after which a deployment needs nothing more; a newer successful one makes the older `inactive` by itself. */
const ended = new Set(["inactive", "failure", "error"]);

/** Deployments of the wanted refs that have not ended. Needs `deployments: read`; one request per 100 and one per wanted ref found. */
export async function listOpenDeployments(
  { client, owner, name }: RepositoryClient,
  isWanted: (ref: string) => boolean,
): Promise<readonly OpenDeployment[]> {
  const at = { owner, repo: name, per_page: pageSize };
  const open: OpenDeployment[] = [];
  for (let page = 1; ; page += 1) {
    const { data } = await explained(() => client.rest.repos.listDeployments({ ...at, page }));
    for (const { id, ref, environment } of data.filter((deployment) => isWanted(deployment.ref))) {
      const statuses = await explained(() =>
        client.rest.repos.listDeploymentStatuses({ owner, repo: name, deployment_id: id, per_page: 1 }),
      );
      const [newest] = z.array(z.object({ state: z.string() })).parse(statuses.data);
      if (newest === undefined || !ended.has(newest.state)) open.push({ id, ref, environment });
    }
    if (data.length < pageSize) return open;
  }
}
