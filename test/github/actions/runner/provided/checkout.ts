// actions/checkout: a real clone from this server over HTTP with the job's token.
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { runStepProgram } from "../program-step.ts";
import type { ProvidedAction, ProvidedCall } from "./provided-action.ts";

/** Honours repository, ref, token, path, fetch-depth, fetch-tags and persist-credentials. */
export const checkOut: ProvidedAction = async (call) => {
  const { state, inputs } = call;
  const { github } = state.order;
  const repository = inputs["repository"] ?? String(github["repository"]);
  const isOwn = repository.toLowerCase() === String(github["repository"]).toLowerCase();
  const folder = resolve(state.folders.workspace, inputs["path"] ?? ".");
  const ref = inputs["ref"] || (isOwn ? String(github["ref"]) : "");
  const commit = inputs["ref"] ? undefined : isOwn ? String(github["sha"]) : undefined;
  const token = inputs["token"] ?? state.order.token;
  const header = `http.${state.settings.url}/.extraheader=AUTHORIZATION: basic ${encodeCredentials(token)}`;
  state.log.addMask(encodeCredentials(token));
  mkdirSync(folder, { recursive: true });
  // As on GitHub: what lies in the folder goes, so that nothing of an earlier step mixes with the commit.
  for (const entry of readdirSync(folder)) rmSync(join(folder, entry), { recursive: true, force: true });

  const git = makeGit(call, folder, header);
  await git(["init", "--quiet", "--initial-branch=main", folder]);
  await git(["remote", "add", "origin", `${state.settings.url}/${repository}.git`]);
  const depth = Number(inputs["fetch-depth"] ?? "1");
  const limits = depth > 0 ? [`--depth=${depth}`] : [];
  const tags = inputs["fetch-tags"] === "true" || depth === 0 ? ["--tags"] : ["--no-tags"];
  const everything = depth > 0 ? [] : ["+refs/heads/*:refs/remotes/origin/*"];
  await git([
    "fetch",
    "--quiet",
    "--prune",
    ...tags,
    ...limits,
    "origin",
    ...everything,
    `+${commit ?? (ref || "HEAD")}`,
  ]);
  const branch = /^refs\/heads\/(.+)$/.exec(ref)?.[1] ?? (isBranchName(ref) ? ref : undefined);
  await git(
    branch === undefined || commit === undefined
      ? ["checkout", "--quiet", "--force", "--detach", "FETCH_HEAD"]
      : ["checkout", "--quiet", "--force", "-B", branch, "FETCH_HEAD"],
  );
  if (inputs["persist-credentials"] !== "false") {
    const [key, value] = [header.slice(0, header.indexOf("=")), header.slice(header.indexOf("=") + 1)];
    await git(["config", "--local", key, value]);
  }
  const head = await git(["log", "-1", "--format=%H"]);
  return { succeeded: true, outputs: { ref, commit: commit ?? head }, summary: "" };
};

/** Runs git without showing the credentials it is given; throws when it fails. */
function makeGit({ state, signal }: ProvidedCall, folder: string, header: string) {
  return async (args: readonly string[]): Promise<string> => {
    const started = state.log.lines.at(-1)?.length ?? 0;
    state.log.write(`$ git ${args.join(" ")}`);
    const { succeeded } = await runStepProgram(
      state,
      { command: "git", args: ["-c", header, ...args], folder, environment: {} },
      signal,
    );
    if (!succeeded) throw new Error(`git ${args[0]} failed`);
    return (
      state.log.lines
        .at(-1)
        ?.slice(started + 1)
        .at(-1)?.text ?? ""
    );
  };
}

function isBranchName(ref: string): boolean {
  return ref !== "" && !ref.startsWith("refs/") && !/^[0-9a-f]{40}$/.test(ref);
}

function encodeCredentials(token: string): string {
  return Buffer.from(`x-access-token:${token}`).toString("base64");
}
