// Releases and their assets; the bytes lie in files beside the state.
import type { Row } from "./database.ts";

export interface Release extends Row {
  readonly repositoryId: number;
  readonly tagName: string;
  readonly targetCommitish: string;
  readonly name: string | null;
  readonly body: string | null;
  readonly draft: boolean;
  readonly prerelease: boolean;
  /** `true`/`false`: chosen; `legacy`: by date and version, as when nothing was said. */
  readonly makeLatest: "true" | "false" | "legacy";
  readonly immutable: boolean;
  readonly authorId: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly publishedAt: string | null;
}

export interface ReleaseAsset extends Row {
  readonly repositoryId: number;
  readonly releaseId: number;
  readonly name: string;
  readonly label: string | null;
  readonly contentType: string;
  /** `starter`: the upload broke off; it holds the name and has no bytes. */
  readonly state: "uploaded" | "starter";
  readonly sizeBytes: number;
  /** Bare lower-case hex; null for a starter. */
  readonly sha256: string | null;
  readonly downloadCount: number;
  readonly uploaderId: number;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** A signed statement about files. */
export interface Attestation extends Row {
  readonly repositoryId: number;
  readonly bundle: { readonly dsseEnvelope: { readonly payload: string } };
}
