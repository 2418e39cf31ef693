// Releases on GitHub: drafts that become visible whole, files streamed up and down.
import { RefusedError } from "../errors.ts";
import { LostAnswerError } from "../registry/lost-answer.ts";
import type { Release, ReleaseDraft, ReleasePort, Settled } from "../registry/release.ts";
import type { RepositoryClient } from "./client.ts";
import { explained, GitHubError } from "./failure.ts";
import { downloadFile, type RawAsset, readAsset, uploadFile, write } from "./release-files.ts";
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
    completeDraft: async (release, draft) => {
      const completed = await completeDraft(repository, release.id, draft);
      return completed === null ? { outcome: "look-again" } : { outcome: "done", value: toRelease(completed) };
    },
    readRelease: async (id) => {
      const raw = await findById(repository, id);
      return raw === null ? null : toRelease(raw);
    },
    findReleases: async (tag) => (await findByTag(repository, tag)).map(toRelease),
    listReleases: async () => (await listAll(repository)).map(toRelease),
    upload: async (release, source) =>
      await uploadFile(repository, uploadUrls.get(release.id) ?? (await findUploadUrl(repository, release.id)), source),
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
    download: (assetId, fromByte) => downloadFile(repository, assetId, fromByte),
  };
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

function describeDraft(draft: ReleaseDraft) {
  return {
    tag_name: draft.tag,
    name: draft.title,
    body: draft.body,
    draft: true,
    prerelease: draft.prerelease,
    make_latest: "false" as const,
    ...(draft.targetCommit === null ? {} : { target_commitish: draft.targetCommit }),
  };
}

async function createDraft(repository: RepositoryClient, draft: ReleaseDraft): Promise<RawRelease> {
  const { client, owner, name } = repository;
  const { data } = await write(() => client.rest.repos.createRelease({ owner, repo: name, ...describeDraft(draft) }));
  return data;
}

/** Null when the draft is gone. */
async function completeDraft(
  repository: RepositoryClient,
  id: number,
  draft: ReleaseDraft,
): Promise<RawRelease | null> {
  const { client, owner, name } = repository;
  const at = { owner, repo: name, release_id: id };
  try {
    return (await write(() => client.rest.repos.updateRelease({ ...at, ...describeDraft(draft) }))).data;
  } catch (error) {
    if (error instanceof GitHubError && error.status === 404) return null;
    throw error;
  }
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
