// Releases as the registry sees them: a place for files that becomes visible at once, wherever it is kept.

export interface ReleaseAsset {
  readonly id: number;
  readonly name: string;
  readonly bytes: number;
  /** As the host computed it; null when it does not say (older GitHub Enterprise Server). */
  readonly sha256: string | null;
  /** `starter`: an upload that did not finish. */
  readonly state: "uploaded" | "starter";
}

export interface Release {
  readonly id: number;
  readonly tag: string;
  readonly draft: boolean;
  readonly immutable: boolean;
  readonly body: string;
  readonly url: string;
  readonly createdAt: string;
  /** Login of who made it; null when unknown. */
  readonly author: string | null;
  readonly assets: readonly ReleaseAsset[];
}

export interface ReleaseDraft {
  readonly tag: string;
  readonly title: string;
  readonly body: string;
  readonly prerelease: boolean;
  /** Commit the tag will point to; null = the default branch. */
  readonly targetCommit: string | null;
}

/** One asset as it should be on the host. */
export interface HostFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** Bytes to upload; `open` may be called again for another try. */
export interface UploadSource extends Omit<HostFile, "sha256"> {
  readonly open: () => AsyncIterable<Uint8Array>;
  /** Breaks the upload off. */
  readonly signal?: AbortSignal;
}

/** Bytes to upload that were digested. */
export interface AssetSource extends UploadSource, HostFile {}

/** `look-again`: what was to be made is there already, or what it was to be made of is gone; a rival was faster. */
export type Settled<T> = { readonly outcome: "done"; readonly value: T } | { readonly outcome: "look-again" };

/**
 * Where releases are kept. Every function may throw ProviderError; after one from a write, it may have taken effect.
 * `publish` answers `look-again` when another published release has the tag or the draft is gone; `upload` when the
 * release has an asset of that name. Into a release that is gone it throws LostAnswerError: a host says the same of one
 * that may not be written.
 */
export interface ReleasePort {
  createDraft(draft: ReleaseDraft): Promise<Release>;
  /** Gives a draft another tag and text; what was uploaded stays, and uploads go on. `look-again` when it is gone. */
  completeDraft(release: Release, draft: ReleaseDraft): Promise<Settled<Release>>;
  /** By id; null when there is none. */
  readRelease(id: number): Promise<Release | null>;
  /** Drafts and published releases with this tag, oldest first. */
  findReleases(tag: string): Promise<readonly Release[]>;
  /** All releases, newest first, as many as the host gives. */
  listReleases(): Promise<readonly Release[]>;
  upload(release: Release, source: UploadSource): Promise<Settled<ReleaseAsset>>;
  publish(release: Release): Promise<Settled<Release>>;
  deleteAsset(assetId: number): Promise<void>;
  deleteRelease(release: Release): Promise<void>;
  /** Tags that name a version of a model, whether or not there is a release for them. */
  listTags(): Promise<readonly string[]>;
  /** False when a ruleset keeps the tag. */
  deleteTag(tag: string): Promise<boolean>;
  /** The bytes of an asset from an offset on. */
  download(assetId: number, fromByte: number): Promise<AsyncIterable<Uint8Array>>;
}
