// An event of our own in a repository: workflows there can start `on: repository_dispatch`.
import type { GitHubClient } from "./client.ts";
import { explained } from "./failure.ts";

/** Sends it; the token needs `contents: write` there. `payload` has at most 10 properties. */
export async function sendDispatch(
  client: GitHubClient,
  repository: string,
  event: string,
  payload: Readonly<Record<string, string | number | null>>,
): Promise<void> {
  const [owner = "", repo = ""] = repository.split("/");
  await explained(() =>
    client.rest.repos.createDispatchEvent({ owner, repo, event_type: event, client_payload: { ...payload } }),
  );
}
