// Releases on GitHub: drafts that become visible whole, files streamed up and down.
import { Readable } from "node:stream";
import { RefusedError } from "../errors.ts";
import { LostAnswerError } from "../registry/lost-answer.ts";
import type { AssetSource, Release, ReleaseAsset, ReleaseDraft, ReleasePort, Settled } from "../registry/release.ts";
import type { RepositoryClient } from "./client.ts";
import { explained, GitHubError } from "./failure.ts";
import { fetchFile } from "./stream-download.ts";
import { fetchStreaming } from "./stream-upload.ts";
import { deleteTag, listTags } from "./tags.ts";

const pageSize = 100;
/** Pages looked through for a draft: drafts are new, and only the list shows them. */
const draftPages = 3;

/** The releases of a repository. Drafts and writes need `contents: write`. */
export function createGitHubReleases(repository: RepositoryClient): ReleasePort {
  // Where each release takes its files, as GitHub said when it was read.
  const uploadUrls = new Map<number, string>();
  const toRelease = (raw: RawRelease): Release => {
    uploadUrls.set(raw.id, raw.upload_url);
    return readRelease(raw);
  };
  return {
    createDraft: async (draft) => toRelease(await createDraft(repository, draft)),
    readRelease: async (id) => {
      const raw = await findById(repository, id);
      return raw === null ? null : toRelease(raw);
    },
    findReleases: async (tag) => (await findByTag(repository, tag)).map(toRelease),
    listReleases: async () => (await listAll(repository)).map(toRelease),
    upload: async (release, source) =>
      await upload(repository, uploadUrls.get(release.id) ?? (await findUploadUrl(repository, release.id)), source),
    publish: async (release) => {
      const published = await publish(repository, release);
      return published.outcome === "done" ? { outcome: "done", value: toRelease(published.value) } : published;
    },
    deleteAsset: (assetId) =>
      ignoreMissing(() =>
        repository.client.rest.repos.deleteReleaseAsset({
          owner: repository.owner,
          repo: repository.name,
          asset_id: assetId,
        }),
      ),
    deleteRelease: (release) => deleteRelease(repository, release.id),
    listTags: () => listTags(repository),
    deleteTag: (tag) => deleteTag(repository, tag),
    download: (assetId, fromByte) => download(repository, assetId, fromByte),
  };
}

interface RawAsset {
  readonly id: number;
  readonly name: string;
  readonly size: number;
  readonly state: string;
  readonly digest?: string | null;
}

interface RawRelease {
  readonly id: number;
  readonly tag_name: string;
  readonly draft: boolean;
  readonly immutable?: boolean;
  readonly body?: string | null;
  readonly html_url: string;
  readonly upload_url: string;
  readonly created_at: string;
  readonly author: { readonly login: string } | null;
  readonly assets: readonly RawAsset[];
}

function readRelease(raw: RawRelease): Release {
  return {
    id: raw.id,
    tag: raw.tag_name,
    draft: raw.draft,
    immutable: raw.immutable === true,
    body: raw.body ?? "",
    url: raw.html_url,
    createdAt: raw.created_at,
    author: raw.author?.login ?? null,
    assets: raw.assets.map(readAsset),
  };
}

function readAsset(raw: RawAsset): ReleaseAsset {
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
async function write<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await explained(run);
  } catch (error) {
    if (error instanceof GitHubError && (error.status === 0 || error.status >= 500))
      throw new LostAnswerError(error.problems);
    throw error;
  }
}

async function createDraft(repository: RepositoryClient, draft: ReleaseDraft): Promise<RawRelease> {
  const { client, owner, name } = repository;
  const { data } = await write(() =>
    client.rest.repos.createRelease({
      owner,
      repo: name,
      tag_name: draft.tag,
      name: draft.title,
      body: draft.body,
      draft: true,
      prerelease: draft.prerelease,
      make_latest: "false",
      ...(draft.targetCommit === null ? {} : { target_commitish: draft.targetCommit }),
    }),
  );
  return data;
}

async function findById(repository: RepositoryClient, id: number): Promise<RawRelease | null> {
  const { client, owner, name } = repository;
  try {
    return (await explained(() => client.rest.repos.getRelease({ owner, repo: name, release_id: id }))).data;
  } catch (error) {
    if (error instanceof GitHubError && error.status === 404) return null;
    throw error;
  }
}

async function findUploadUrl(repository: RepositoryClient, id: number): Promise<string> {
  const raw = await findById(repository, id);
  if (raw === null) throw new LostAnswerError(`release ${id} is gone`);
  return raw.upload_url;
}

async function findByTag(repository: RepositoryClient, tag: string): Promise<readonly RawRelease[]> {
  const { client, owner, name } = repository;
  const found = new Map<number, RawRelease>();
  for (let page = 1; page <= draftPages; page += 1) {
    const { data } = await explained(() =>
      client.rest.repos.listReleases({ owner, repo: name, per_page: pageSize, page }),
    );
    for (const release of data) if (release.tag_name === tag) found.set(release.id, release);
    if (data.length < pageSize) return sortById(found);
  }
  // Beyond the newest pages only a published release can be found, by its tag.
  try {
    const { data } = await explained(() => client.rest.repos.getReleaseByTag({ owner, repo: name, tag }));
    found.set(data.id, data);
  } catch (error) {
    if (!(error instanceof GitHubError) || error.status !== 404) throw error;
  }
  return sortById(found);
}

function sortById(found: ReadonlyMap<number, RawRelease>): readonly RawRelease[] {
  return [...found.values()].sort((a, b) => a.id - b.id);
}

async function listAll(repository: RepositoryClient): Promise<readonly RawRelease[]> {
  const { client, owner, name } = repository;
  const all: RawRelease[] = [];
  for (let page = 1; ; page += 1) {
    try {
      const { data } = await explained(() =>
        client.rest.repos.listReleases({ owner, repo: name, per_page: pageSize, page }),
      );
      all.push(...data);
      if (data.length < pageSize) return all;
    } catch (error) {
      // GitHub lists the newest 10,000 only and answers 422 beyond.
      if (page > 1 && error instanceof GitHubError && error.status === 422) return all;
      throw error;
    }
  }
}

async function upload(
  repository: RepositoryClient,
  uploadUrl: string,
  source: AssetSource,
): Promise<Settled<ReleaseAsset>> {
  const url = `${uploadUrl.replace(/\{.*\}$/, "")}?name=${encodeURIComponent(source.name)}`;
  const openBody = () => Readable.from(source.open(), { objectMode: false });
  try {
    const response = await write(() =>
      repository.client.request({
        method: "POST",
        url,
        headers: { "content-type": "application/octet-stream", "content-length": source.bytes },
        data: openBody(),
        request: { openBody, fetch: fetchStreaming },
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

async function publish(repository: RepositoryClient, release: Release): Promise<Settled<RawRelease>> {
  const { client, owner, name } = repository;
  const at = { owner, repo: name, release_id: release.id };
  try {
    const { data } = await write(() => client.rest.repos.updateRelease({ ...at, draft: false, make_latest: "false" }));
    return { outcome: "done", value: data };
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error;
    const received = error.problems[0].received ?? "";
    if (error.status === 422 && /already_exists/.test(received)) return { outcome: "look-again" };
    if (error.status === 422 && /rule|protected|cannot create ref|restrict/i.test(received)) {
      await deleteRelease(repository, release.id);
      throw new RefusedError({
        ...error.problems[0],
        message: `a ruleset of the repository does not let the tag ${release.tag} be made; the draft was removed`,
        hint: "allow tags of the form MODEL@VERSION for this token under Settings → Rules → Rulesets",
      });
    }
    if (error.status === 404 && (await findById(repository, release.id)) === null) return { outcome: "look-again" };
    if (error.status === 404 || error.status === 403)
      throw new GitHubError({
        status: error.status,
        route: error.route,
        requestId: error.requestId,
        message: `${received}. If the tagged commit changes .github/workflows, the token needs the permission workflows: write`,
        acceptedPermissions: null,
        waitSeconds: null,
      });
    throw error;
  }
}

async function deleteRelease(repository: RepositoryClient, id: number): Promise<void> {
  const { client, owner, name } = repository;
  await ignoreMissing(() => client.rest.repos.deleteRelease({ owner, repo: name, release_id: id }));
}

async function ignoreMissing(run: () => Promise<unknown>): Promise<void> {
  try {
    await write(run);
  } catch (error) {
    if (!(error instanceof GitHubError) || error.status !== 404) throw error;
  }
}

async function download(
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
