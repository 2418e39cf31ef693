// The tree of a commit as one archive, as runners and `gh release download --archive` fetch it.
import { spawn } from "node:child_process";
import { readCommit } from "../git/commits.ts";
import { gitEnvironment } from "../git/environment.ts";
import { listRefs } from "../git/refs.ts";
import { resolveCommit } from "../git/resolve.ts";
import { param, type RepositoryCall } from "../http/call.ts";
import { empty, notFound, type Reply } from "../http/reply.ts";
import { repositoryPage } from "../render/repository.ts";
import { viewOf } from "../render/view.ts";
import { accountOf } from "../state/store.ts";
import type { RouteTools } from "./catalog.ts";

export function addArchiveRoutes({ platform }: RouteTools): void {
  const { router } = platform;
  const read = { permissions: ["contents:read"] } as const;
  const redirect = (format: string) => (call: RepositoryCall) => {
    const ref = param(call, "ref") || call.repository.defaultBranch;
    commitNamed(call, ref);
    return empty(302, { location: `${repositoryPage(viewOf(call), call.repository)}/legacy.${format}/${ref}` });
  };
  router.repositoryRoute("GET /repos/{owner}/{repo}/tarball/{ref}", read, redirect("tar.gz"));
  router.repositoryRoute("GET /repos/{owner}/{repo}/zipball/{ref}", read, redirect("zip"));
  const foreign = { ...read, foreign: true } as const;
  router.repositoryRoute("GET /{owner}/{repo}/legacy.tar.gz/{ref}", foreign, (call) => archive(call, "tar.gz"));
  router.repositoryRoute("GET /{owner}/{repo}/legacy.zip/{ref}", foreign, (call) => archive(call, "zip"));
}

function commitNamed(call: RepositoryCall, ref: string): string {
  const folder = call.platform.git.folder(call.repository.id);
  const sha = listRefs(folder).length === 0 ? undefined : resolveCommit(folder, ref);
  if (sha === undefined || readCommit(folder, sha) === undefined) throw notFound();
  return sha;
}

/** Everything lies in one folder, `owner-name-sha`. */
function archive(call: RepositoryCall, format: "tar.gz" | "zip"): Reply {
  const sha = commitNamed(call, param(call, "ref"));
  const owner = accountOf(call.platform.store, call.repository.ownerId).login;
  const name = `${owner}-${call.repository.name}-${sha.slice(0, 7)}`;
  const folder = call.platform.git.folder(call.repository.id);
  const child = spawn("git", ["-C", folder, "archive", `--format=${format}`, `--prefix=${name}/`, sha], {
    stdio: ["ignore", "pipe", "ignore"],
    env: gitEnvironment(),
  });
  return {
    status: 200,
    headers: {
      "content-type": format === "zip" ? "application/zip" : "application/x-gzip",
      "content-disposition": `attachment; filename=${name}.${format}`,
    },
    stream: child.stdout,
  };
}
