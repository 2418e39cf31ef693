// The digests of the project: SHA-256 for content, and git's own object name for files in a commit.
import { createHash } from "node:crypto";

/** SHA-256 as 64 lower-case hex digits; text is taken as UTF-8. */
export function sha256Hex(content: Uint8Array | string): string {
  return createHash("sha256").update(content).digest("hex");
}

/** The name git gives a file with this content in a SHA-1 repository: 40 lower-case hex digits; text is taken as UTF-8. */
export function gitBlobId(content: Uint8Array | string): string {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return createHash("sha1").update(`blob ${bytes.byteLength}\0`).update(bytes).digest("hex");
}

/** A SHA-256 that is fed piece by piece, for content that must not be held in memory. */
export interface Sha256Stream {
  update(bytes: Uint8Array): void;
  /** What `finish` would say now; the stream goes on. */
  peek(): string;
  /** 64 lower-case hex digits; ends the stream. */
  finish(): string;
}

/** Starts a SHA-256 over content that arrives in pieces. */
export function startSha256(): Sha256Stream {
  const hash = createHash("sha256");
  return {
    update: (bytes) => void hash.update(bytes),
    peek: () => hash.copy().digest("hex"),
    finish: () => hash.digest("hex"),
  };
}

/** The first eight bytes of the MD5 of a text as a little-endian number, halved: a 63-bit name for a category, not a safeguard. */
export function categoryHash(text: string): bigint {
  return createHash("md5").update(text).digest().readBigUInt64LE(0) >> 1n;
}
