// actions/checkout: a real clone from this server over HTTP with the job's token.
import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
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
  const section = `http "${state.settings.url}/"`;
  const header = `AUTHORIZATION: basic ${encodeCredentials(token)}`;
  state.log.addMask(encodeCredentials(token));
  mkdirSync(folder, { recursive: true });
  // As on GitHub: what lies in the folder goes, so that nothing of an earlier step mixes with the commit.
  for (const entry of readdirSync(folder)) rmSync(join(folder, entry), { recursive: true, force: true });

  const git = makeGit(call, folder, ["-c", `http.${state.settings.url}/.extraheader=${header}`]);
  await git(["init", "--quiet", "--initial-branch=main", folder]);
  const remote = `[remote "origin"]\n\turl = ${state.settings.url}/${repository}.git\n\tfetch = ${allBranches}\n`;
  const credentials = inputs["persist-credentials"] === "false" ? "" : `[${section}]\n\textraheader = ${header}\n`;
  appendFileSync(join(folder, ".git", "config"), remote + credentials);
  const depth = Number(inputs["fetch-depth"] ?? "1");
  const limits = depth > 0 ? [`--depth=${depth}`] : [];
  const tags = inputs["fetch-tags"] === "true" || depth === 0 ? "--tags" : "--no-tags";
  const branches = depth > 0 ? [] : [allBranches];
  const wanted = `+${commit ?? (ref || "HEAD")}:${target}`;
  await git(["fetch", "--quiet", "--prune", tags, ...limits, "origin", ...branches, wanted]);
  const branch = /^refs\/heads\/(.+)$/.exec(ref)?.[1];
  const place = branch === undefined ? ["--detach"] : ["-B", branch];
  await git(["checkout", "--quiet", "--force", ...place, target]);
  const head = commit ?? readFileSync(join(folder, ".git", target), "utf8").trim();
  return { succeeded: true, outputs: { ref, commit: head }, summary: "" };
};

const allBranches = "+refs/heads/*:refs/remotes/origin/*";
/** Where the commit that was asked for is kept, so that nothing else that is fetched can be mistaken for it. */
const target = "refs/checkout/head";

/** Runs git without showing the credentials it is given; throws when it fails. */
function makeGit({ state, signal }: ProvidedCall, folder: string, settings: readonly string[]) {
  return async (args: readonly string[]): Promise<void> => {
    state.log.write(`$ git ${args.join(" ")}`);
    const program = { command: "git", args: [...settings, ...args], folder, environment: {}, tellsItsFailure: true };
    const { succeeded } = await runStepProgram(state, program, signal);
    if (!succeeded) throw new Error(`git ${args[0]} failed`);
  };
}

function encodeCredentials(token: string): string {
  return Buffer.from(`x-access-token:${token}`).toString("base64");
}
