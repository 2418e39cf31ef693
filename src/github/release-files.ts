// The files of a release on GitHub, streamed up and down.
import { Readable } from "node:stream";
import { LostAnswerError } from "../registry/lost-answer.ts";
import type { ReleaseAsset, Settled, UploadSource } from "../registry/release.ts";
import type { RepositoryClient } from "./client.ts";
import { explained, GitHubError } from "./failure.ts";
import { fetchFile } from "./stream-download.ts";
import { fetchStreaming } from "./stream-upload.ts";

export interface RawAsset {
  readonly id: number;
  readonly name: string;
  readonly size: number;
  readonly state: string;
  readonly digest?: string | null;
}

/** What GitHub says of a file; without a digest where its version gives none. */
export function readAsset(raw: RawAsset): ReleaseAsset {
  const digest = raw.digest?.match(/^sha256:([0-9a-f]{64})$/i)?.[1];
  return {
    id: raw.id,
    name: raw.name,
    bytes: raw.size,
    sha256: digest?.toLowerCase() ?? null,
    state: raw.state === "uploaded" ? "uploaded" : "starter",
  };
}

/** Runs a write; failures after which it may have taken effect become LostAnswerError. */
export async function write<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await explained(run);
  } catch (error) {
    if (error instanceof GitHubError && (error.status === 0 || error.status >= 500))
      throw new LostAnswerError(error.problems);
    throw error;
  }
}

/** Sends one file to where the release takes its files. LostAnswerError when the release is gone. */
export async function uploadFile(
  repository: RepositoryClient,
  uploadUrl: string,
  source: UploadSource,
): Promise<Settled<ReleaseAsset>> {
  const url = `${uploadUrl.replace(/\{.*\}$/, "")}?name=${encodeURIComponent(source.name)}`;
  const openBody = () => {
    const pieces = source.open();
    return pieces instanceof Readable ? pieces : Readable.from(pieces, { objectMode: false });
  };
  try {
    const response = await write(() =>
      repository.client.request({
        method: "POST",
        url,
        headers: { "content-type": "application/octet-stream", "content-length": source.bytes },
        data: openBody(),
        request: { openBody, fetch: fetchStreaming, ...(source.signal ? { signal: source.signal } : {}) },
      }),
    );
    return { outcome: "done", value: readAsset(response.data as RawAsset) };
  } catch (error) {
    if (error instanceof GitHubError && error.status === 422 && /already_exists/.test(error.problems[0].received ?? ""))
      return { outcome: "look-again" };
    // The draft went away under us: a rival finished first, or somebody deleted it.
    if (error instanceof GitHubError && error.status === 404) throw new LostAnswerError(error.problems);
    throw error;
  }
}

/** The bytes of an asset from an offset on. */
export async function downloadFile(
  repository: RepositoryClient,
  assetId: number,
  fromByte: number,
): Promise<AsyncIterable<Uint8Array>> {
  const { client, owner, name } = repository;
  const response = await explained(() =>
    client.request("GET /repos/{owner}/{repo}/releases/assets/{asset_id}", {
      owner,
      repo: name,
      asset_id: assetId,
      headers: { accept: "application/octet-stream", ...(fromByte > 0 ? { range: `bytes=${fromByte}-` } : {}) },
      request: { parseSuccessResponseBody: false, fetch: fetchFile },
    }),
  );
  const body = response.data as unknown as AsyncIterable<Uint8Array>;
  // A host that does not know ranges sends everything: what is there already is passed over.
  return fromByte > 0 && (response.status as number) === 200 ? skipBytes(body, fromByte) : body;
}

async function* skipBytes(body: AsyncIterable<Uint8Array>, count: number): AsyncIterable<Uint8Array> {
  let left = count;
  for await (const piece of body) {
    if (piece.byteLength > left) yield piece.subarray(left);
    left = Math.max(0, left - piece.byteLength);
  }
}
