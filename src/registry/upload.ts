// Uploading a release's files, some at a time; one that fails does not stop the others.
import { LostAnswerError } from "./lost-answer.ts";
import type { Release, ReleaseAsset, ReleasePort, UploadSource } from "./release.ts";

const uploadsAtATime = 4;

/**
 * Uploads all; what the host says it holds of them, or null when a file of some name was there already, so that the release
 * has to be looked at. A lost answer is thrown when all others are through; any other failure lets those under way end and
 * begins none.
 */
export async function uploadSources(
  releases: ReleasePort,
  release: Release,
  sources: readonly UploadSource[],
  progress: (line: string) => void,
): Promise<readonly ReleaseAsset[] | null> {
  const waiting = [...sources];
  const failures: unknown[] = [];
  const uploaded: ReleaseAsset[] = [];
  let complete = true;
  async function work(): Promise<void> {
    for (let source = waiting.shift(); source !== undefined; source = waiting.shift()) {
      try {
        progress(`uploading ${source.name} (${source.bytes} bytes)`);
        const result = await releases.upload(release, source);
        if (result.outcome === "done") uploaded.push(result.value);
        else complete = false;
      } catch (error) {
        failures.push(error);
        if (!(error instanceof LostAnswerError)) waiting.length = 0;
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(uploadsAtATime, sources.length) }, work));
  const definite = failures.find((failure) => !(failure instanceof LostAnswerError));
  if (failures.length > 0) throw definite ?? failures[0];
  return complete ? uploaded : null;
}
