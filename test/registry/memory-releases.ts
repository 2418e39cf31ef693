// Releases in memory with GitHub's semantics: drafts share tags, a published tag is taken, an upload that breaks off leaves a starter.
import { sha256Hex } from "../../src/json/digest.ts";
import { LostAnswerError } from "../../src/registry/lost-answer.ts";
import type {
  Release,
  ReleaseAsset,
  ReleaseDraft,
  ReleasePort,
  Settled,
  UploadSource,
} from "../../src/registry/release.ts";
import type { Faults } from "./faults.ts";

export class MemoryReleases implements ReleasePort {
  releases: Release[] = [];
  readonly content = new Map<number, Uint8Array>();
  /** As on GitHub they are made by the publishing of a release, and stay when it is deleted. */
  readonly tags = new Set<string>();
  #lastId = 0;
  readonly #faults: Faults;

  constructor(faults: Faults) {
    this.#faults = faults;
  }

  async createDraft(draft: ReleaseDraft): Promise<Release> {
    return this.#faults.call("createDraft", () => {
      const id = this.#nextId();
      const release: Release = {
        id,
        tag: draft.tag,
        draft: true,
        immutable: false,
        body: draft.body,
        url: `memory:releases/${id}`,
        createdAt: "2026-01-01T00:00:00Z",
        author: null,
        assets: [],
      };
      this.releases.push(release);
      return release;
    });
  }

  async completeDraft(release: Release, draft: ReleaseDraft): Promise<Settled<Release>> {
    return this.#faults.call("completeDraft", () => {
      const current = this.#find(release.id);
      if (current === null) return { outcome: "look-again" };
      return { outcome: "done", value: this.#replace({ ...current, tag: draft.tag, body: draft.body }) };
    });
  }

  async readRelease(id: number): Promise<Release | null> {
    return this.#faults.call("readRelease", () => this.#find(id));
  }

  async findReleases(tag: string): Promise<readonly Release[]> {
    return this.#faults.call("findReleases", () => this.releases.filter((release) => release.tag === tag));
  }

  async listReleases(): Promise<readonly Release[]> {
    return this.#faults.call("listReleases", () => [...this.releases].reverse());
  }

  async upload(release: Release, source: UploadSource): Promise<Settled<ReleaseAsset>> {
    const pieces: Uint8Array[] = [];
    for await (const piece of source.open()) pieces.push(piece);
    if (source.signal?.aborted) throw new LostAnswerError("broken off");
    const bytes = Buffer.concat(pieces);
    const half = () => this.#addAsset(release.id, source.name, bytes.subarray(0, bytes.length / 2), "starter");
    return this.#faults.call("upload", () => this.#addAsset(release.id, source.name, bytes, "uploaded"), half);
  }

  async publish(release: Release): Promise<Settled<Release>> {
    return this.#faults.call("publish", () => {
      const current = this.#find(release.id);
      if (current === null) return { outcome: "look-again" };
      if (!current.draft) return { outcome: "done", value: current };
      if (this.releases.some((other) => !other.draft && other.tag === current.tag)) return { outcome: "look-again" };
      this.tags.add(current.tag);
      return { outcome: "done", value: this.#replace({ ...current, draft: false }) };
    });
  }

  async deleteAsset(assetId: number): Promise<void> {
    await this.#faults.call("deleteAsset", () => {
      for (const release of this.releases)
        this.#replace({ ...release, assets: release.assets.filter((asset) => asset.id !== assetId) });
    });
  }

  async deleteRelease(release: Release): Promise<void> {
    await this.#faults.call("deleteRelease", () => {
      this.releases = this.releases.filter((other) => other.id !== release.id);
    });
  }

  async listTags(): Promise<readonly string[]> {
    return this.#faults.call("listTags", () => [...this.tags]);
  }

  async deleteTag(tag: string): Promise<boolean> {
    return this.#faults.call("deleteTag", () => {
      this.tags.delete(tag);
      return true;
    });
  }

  async download(assetId: number, fromByte: number): Promise<AsyncIterable<Uint8Array>> {
    const content = this.content.get(assetId) ?? new Uint8Array();
    async function* read(): AsyncIterable<Uint8Array> {
      yield content.subarray(fromByte);
    }
    return this.#faults.call("download", read);
  }

  /** Somebody with rights replaces a file by hand. */
  replaceAsset(assetId: number, content: string): void {
    const bytes = new TextEncoder().encode(content);
    this.content.set(assetId, bytes);
    for (const release of this.releases)
      this.#replace({
        ...release,
        assets: release.assets.map((asset) =>
          asset.id === assetId ? { ...asset, bytes: bytes.length, sha256: sha256Hex(bytes) } : asset,
        ),
      });
  }

  #addAsset(releaseId: number, name: string, bytes: Uint8Array, state: ReleaseAsset["state"]): Settled<ReleaseAsset> {
    const release = this.#find(releaseId);
    if (release === null) throw new LostAnswerError("there is no such release, or the token may not see it");
    if (release.assets.some((asset) => asset.name === name)) return { outcome: "look-again" };
    const asset = { id: this.#nextId(), name, bytes: bytes.length, sha256: sha256Hex(bytes), state };
    this.content.set(asset.id, bytes);
    this.#replace({ ...release, assets: [...release.assets, asset] });
    return { outcome: "done", value: asset };
  }

  #replace(release: Release): Release {
    this.releases = this.releases.map((other) => (other.id === release.id ? release : other));
    return release;
  }

  #find(id: number): Release | null {
    return this.releases.find((release) => release.id === id) ?? null;
  }

  #nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }
}
