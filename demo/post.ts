// The routes that the local GitHub has beside GitHub's own.
import type { LocalGitHub } from "./local-github.ts";

/** POSTs to a route of the local GitHub itself. */
export async function post<T = unknown>(github: LocalGitHub, path: string, body: unknown): Promise<T> {
  const answer = await fetch(new URL(path, github.url), {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${github.token}` },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`POST ${path}: ${answer.status} ${text}`);
  return (text === "" ? undefined : JSON.parse(text)) as T;
}
