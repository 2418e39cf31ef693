// Releases and assets as the API shows them.
import type { JsonObject } from "../json.ts";
import type { Release, ReleaseAsset } from "../state/release.ts";
import type { Repository } from "../state/repository.ts";
import { renderUserId } from "./account.ts";
import { repositoryPage, repositoryUrl } from "./repository.ts";
import { nodeId, type View } from "./view.ts";

/** `release`, with its assets. A draft has no address by tag yet. */
export function renderRelease(view: View, repository: Repository, release: Release): JsonObject {
  const url = `${repositoryUrl(view, repository)}/releases/${release.id}`;
  const page = repositoryPage(view, repository);
  const tag = encodeURIComponent(release.tagName);
  const uploads = repositoryUrl(view, repository).replace("/api/v3/", "/api/uploads/");
  return {
    url,
    assets_url: `${url}/assets`,
    upload_url: `${uploads}/releases/${release.id}/assets{?name,label}`,
    html_url: `${page}/releases/tag/${release.draft ? `untagged-${release.id.toString(16)}` : tag}`,
    id: release.id,
    author: renderUserId(view, release.authorId),
    node_id: nodeId("Release", release.id),
    tag_name: release.tagName,
    target_commitish: release.targetCommitish,
    name: release.name,
    draft: release.draft,
    immutable: release.immutable,
    prerelease: release.prerelease,
    created_at: release.createdAt,
    updated_at: release.updatedAt,
    published_at: release.publishedAt,
    assets: view.store.assets.group(release.id).map((asset) => renderAsset(view, repository, release, asset)),
    tarball_url: release.draft ? null : `${repositoryUrl(view, repository)}/tarball/${tag}`,
    zipball_url: release.draft ? null : `${repositoryUrl(view, repository)}/zipball/${tag}`,
    body: release.body,
  };
}

export function renderAsset(view: View, repository: Repository, release: Release, asset: ReleaseAsset): JsonObject {
  const tag = release.draft ? `untagged-${release.id.toString(16)}` : encodeURIComponent(release.tagName);
  return {
    url: `${repositoryUrl(view, repository)}/releases/assets/${asset.id}`,
    id: asset.id,
    node_id: nodeId("ReleaseAsset", asset.id),
    name: asset.name,
    label: asset.label,
    uploader: renderUserId(view, asset.uploaderId),
    content_type: asset.contentType,
    state: asset.state,
    size: asset.sizeBytes,
    digest: asset.sha256 === null ? null : `sha256:${asset.sha256}`,
    download_count: asset.downloadCount,
    created_at: asset.createdAt,
    updated_at: asset.updatedAt,
    browser_download_url: `${repositoryPage(view, repository)}/releases/download/${tag}/${encodeURIComponent(asset.name)}`,
  };
}
