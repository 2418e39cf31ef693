// actions/download-artifact, over the artifact protocol of this server (or its REST API for another run).
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import picomatch from "picomatch";
import { callArtifactClient } from "../artifact-client.ts";
import type { ProvidedAction } from "./provided-action.ts";

interface ListedArtifact {
  readonly id: number;
  readonly name: string;
  readonly digest?: string;
}

/** Honours name, artifact-ids, pattern, merge-multiple, path, and github-token with repository and run-id. */
export const downloadArtifact: ProvidedAction = async ({ state, inputs }) => {
  const folder = resolve(state.folders.workspace, inputs["path"] ?? ".");
  const { github } = state.order;
  const [owner, repository] = (inputs["repository"] ?? String(github["repository"])).split("/");
  const elsewhere =
    inputs["github-token"] === undefined
      ? undefined
      : {
          token: inputs["github-token"],
          workflowRunId: Number(inputs["run-id"] ?? state.order.runId),
          repositoryOwner: owner ?? "",
          repositoryName: repository ?? "",
        };
  const listed = await callArtifactClient(state, { call: "listArtifacts", findBy: elsewhere });
  const chosen = chooseArtifacts(listed["artifacts"] as unknown as readonly ListedArtifact[], inputs);
  if (chosen.length === 0 && inputs["name"] !== undefined) {
    throw new Error(`Unable to download artifact(s): Artifact not found for name: ${inputs["name"]}`);
  }
  const isFlat = inputs["name"] !== undefined || inputs["merge-multiple"] === "true";
  for (const artifact of chosen) {
    const target = isFlat ? folder : join(folder, artifact.name);
    mkdirSync(target, { recursive: true });
    const found = await callArtifactClient(state, {
      call: "downloadArtifact",
      id: artifact.id,
      path: target,
      expectedHash: artifact.digest,
      findBy: elsewhere,
    });
    if (found["digestMismatch"] === true)
      throw new Error(`The bytes of artifact ${artifact.name} do not match its digest`);
    state.log.write(`Artifact ${artifact.name} (id ${artifact.id}) is in ${target}`);
  }
  return { succeeded: true, outputs: { "download-path": folder }, summary: "" };
};

function chooseArtifacts(all: readonly ListedArtifact[], inputs: Readonly<Record<string, string>>) {
  const ids = inputs["artifact-ids"]?.split(",").map(Number);
  if (ids !== undefined) return all.filter((artifact) => ids.includes(artifact.id));
  if (inputs["name"] !== undefined) return all.filter((artifact) => artifact.name === inputs["name"]).slice(0, 1);
  const pattern = inputs["pattern"];
  return pattern === undefined ? all : all.filter((artifact) => picomatch.isMatch(artifact.name, pattern));
}
