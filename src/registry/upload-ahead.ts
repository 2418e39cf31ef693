// Large files on their way while they are still being digested: into a draft that gets its version's name afterwards.
import { ModelgateError } from "../errors.ts";
import { LostAnswerError } from "./lost-answer.ts";
import { tagOf } from "./names.ts";
import type { Release, ReleaseDraft, ReleasePort, UploadSource } from "./release.ts";
import { uploadSources } from "./upload.ts";

export interface UploadAhead {
  /**
   * Gives the draft its version's name and text and waits for what is on its way. The draft with what it holds; null = it must
   * be looked for under the new tag. Failed uploads are not told: whoever finds a file missing sends it again.
   */
  readonly adopt: (draft: ReleaseDraft) => Promise<Release | null>;
  /** Stops the uploads and deletes the draft, unless it was adopted. */
  readonly discard: () => Promise<void>;
}

interface AheadPorts {
  readonly releases: ReleasePort;
  readonly progress: (line: string) => void;
}

/** Lower than any version that is published. */
const provisionalVersion = "0.0.0-uploading";

/** Begins to upload; null when the host takes no draft, which the publish itself will tell better. */
export async function beginUpload(
  { releases, progress }: AheadPorts,
  model: string,
  sources: readonly UploadSource[],
): Promise<UploadAhead | null> {
  const release = await createProvisionalDraft(releases, model);
  if (release === null) return null;
  const stop = new AbortController();
  const stoppable = sources.map((source) => ({ ...source, signal: stop.signal }));
  const uploading = uploadSources(releases, release, stoppable, progress).catch((error: unknown) => error);
  let adopted = false;
  return {
    adopt: async (draft) => {
      const completed = await completeDraft(releases, release, draft);
      // After a lost answer it may have its new name: then it is found under it, and deleting it would be wrong.
      adopted = completed !== "gone";
      const uploaded = await uploading;
      if (uploaded instanceof Error && !(uploaded instanceof ModelgateError)) throw uploaded;
      if (typeof completed === "string" || !Array.isArray(uploaded)) return null;
      return { ...completed, assets: uploaded };
    },
    discard: async () => {
      if (adopted) return;
      stop.abort();
      await uploading;
      try {
        await releases.deleteRelease(release);
      } catch (error) {
        if (!(error instanceof ModelgateError)) throw error;
        progress(`the draft ${release.tag} could not be deleted: \`modelgate doctor\` finds it`);
      }
    },
  };
}

async function createProvisionalDraft(releases: ReleasePort, model: string): Promise<Release | null> {
  try {
    return await releases.createDraft({
      tag: tagOf(model, provisionalVersion),
      title: `${model}: on its way`,
      // Told from drafts of others, and not yet a draft of any bytes.
      body: "<!-- modelgate:publish on its way -->",
      prerelease: true,
      targetCommit: null,
    });
  } catch (error) {
    if (error instanceof ModelgateError) return null;
    throw error;
  }
}

async function completeDraft(
  releases: ReleasePort,
  release: Release,
  draft: ReleaseDraft,
): Promise<Release | "unknown" | "gone"> {
  try {
    const completed = await releases.completeDraft(release, draft);
    return completed.outcome === "done" ? completed.value : "gone";
  } catch (error) {
    if (error instanceof LostAnswerError) return "unknown";
    throw error;
  }
}
