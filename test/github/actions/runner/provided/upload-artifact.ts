// actions/upload-artifact, over the artifact protocol of this server.
import { callArtifactClient } from "../artifact-client.ts";
import { findFiles } from "../list-files.ts";
import { reportError } from "../program-step.ts";
import type { ProvidedAction } from "./provided-action.ts";

/** Honours name, path, if-no-files-found, retention-days, overwrite and include-hidden-files. */
export const uploadArtifact: ProvidedAction = async ({ state, inputs }) => {
  const name = inputs["name"] ?? "artifact";
  const patterns = (inputs["path"] ?? "")
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
  if (patterns.length === 0) throw new Error("Input required and not supplied: path");
  const hidden = inputs["include-hidden-files"] === "true";
  const { files, root } = findFiles(patterns, state.folders.workspace, { hidden });
  if (files.length === 0) return reportNothing(inputs["if-no-files-found"] ?? "warn", patterns);

  state.log.write(`With the provided path, there will be ${files.length} file(s) uploaded`);
  if (inputs["overwrite"] === "true") {
    await callArtifactClient(state, { call: "deleteArtifact", name }).catch(() => undefined);
  }
  const uploaded = await callArtifactClient(state, {
    call: "uploadArtifact",
    name,
    files,
    root,
    retentionDays: inputs["retention-days"] === undefined ? undefined : Number(inputs["retention-days"]),
  });
  state.log.write(`Artifact ${name} (${uploaded["size"]} bytes, sha256 ${uploaded["digest"]}) is uploaded`);
  const { github } = state.order;
  const url = `${state.settings.displayUrl}/${github["repository"]}/actions/runs/${state.order.runId}/artifacts/${uploaded["id"]}`;
  const outputs = {
    "artifact-id": String(uploaded["id"]),
    "artifact-digest": String(uploaded["digest"] ?? ""),
    "artifact-url": url,
  };
  return { succeeded: true, outputs, summary: "" };

  function reportNothing(policy: string, wanted: readonly string[]) {
    const message = `No files were found with the provided path: ${wanted.join(", ")}. No artifacts will be uploaded.`;
    if (policy === "error") reportError(state, message);
    else state.log.write(policy === "warn" ? `##[warning]${message}` : message);
    return { succeeded: policy !== "error", outputs: {}, summary: "" };
  }
};
