// The actions of GitHub's own that workflows here use, by repository; any ref is served by the same implementation.
import { checkOut } from "./checkout.ts";
import { downloadArtifact } from "./download-artifact.ts";
import type { ProvidedAction } from "./provided-action.ts";
import { setUp } from "./setup.ts";
import { uploadArtifact } from "./upload-artifact.ts";

const catalog: ReadonlyMap<string, ProvidedAction> = new Map([
  ["actions/checkout", checkOut],
  ["actions/upload-artifact", uploadArtifact],
  ["actions/download-artifact", downloadArtifact],
  ["actions/setup-node", setUp("node")],
  ["actions/setup-python", setUp("python3")],
]);

/** The built-in implementation of `owner/name`, or undefined. */
export function findProvidedAction(repository: string): ProvidedAction | undefined {
  return catalog.get(repository.toLowerCase());
}
