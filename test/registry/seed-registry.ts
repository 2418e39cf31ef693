// A registry with very many versions on the local GitHub, written into its repository and state directly: what publishing and
// promoting one by one would come to, by the registry's own functions, without the hours of requests.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sha256Hex } from "../../src/json/digest.ts";
import { planAppend } from "../../src/registry/append-event.ts";
import type { EventDraft } from "../../src/registry/event.ts";
import type { LedgerCommit } from "../../src/registry/ledger.ts";
import type { LedgerView } from "../../src/registry/ledger-view.ts";
import { digestContent, renderManifest } from "../../src/registry/manifest.ts";
import { createModelIndex, type ModelIndex, type VersionRecord } from "../../src/registry/model-index.ts";
import { ledgerBranch, manifestName, tagOf } from "../../src/registry/names.ts";
import { decideNextVersion } from "../../src/registry/versioning.ts";
import { writeCommit } from "../github/git/commits.ts";
import { writeObject } from "../github/git/objects.ts";
import { setRef } from "../github/git/refs.ts";
import { changeTree, emptyTreeSha } from "../github/git/trees.ts";
import { assetFile } from "../github/routes/release-access.ts";
import type { LocalGitHub } from "../github/server.ts";
import { accountOf, findRepository } from "../github/state/store.ts";

export interface SeedWish {
  /** `OWNER/NAME`, with a first commit and without a ledger. */
  readonly repository: string;
  /** Versions to publish, by model; each one's content is `bytes N of MODEL`. */
  readonly models: readonly { readonly model: string; readonly versions: number }[];
  /** Every so many versions one goes to `staging`, and so does the last; 0 = none. */
  readonly promoteEvery: number;
  /** `last`: all commits but the newest hold an empty tree, for who reads no files of the past; many versions need it. */
  readonly trees: "all" | "last";
  /** Which versions (N of 1.N.0, of each model) have a release with its files; the others are in the ledger alone. */
  readonly releases: (minor: number) => boolean;
  readonly now: () => Date;
}

/** Writes the whole history and sets the ledger's branch; the number of events. */
export function seedRegistry(github: LocalGitHub, wish: SeedWish): number {
  const [owner = "", name = ""] = wish.repository.split("/");
  const repository = findRepository(github.platform.store, owner, name);
  if (repository === undefined) throw new Error(`no repository ${wish.repository}`);
  const folder = github.platform.git.folder(repository.id);
  const history = new SeededHistory(folder, wish);
  let last = createModelIndex("");
  for (const { model, versions } of wish.models) {
    let index = createModelIndex(model);
    for (let number = 1; number <= versions; number += 1) {
      index = history.publish(index, number, (record, reserveCommit, bytes) =>
        wish.releases(number - 1)
          ? addRelease(github, repository, record, reserveCommit, bytes)
          : describeRelease(record, 0, ""),
      );
      const due = wish.promoteEvery > 0 && (number % wish.promoteEvery === 0 || number === versions);
      if (due) index = history.promote(index);
    }
    last = index;
  }
  history.finish(last.model, last);
  return history.events;
}

type Published = { readonly release: NonNullable<VersionRecord["release"]>; readonly manifestSha256: string };

class SeededHistory {
  events = 0;
  #head: LedgerCommit | null = null;
  #last: VersionRecord | null = null;
  #tree = emptyTreeSha;
  /** What the commits since the last one with files wrote, by path. */
  readonly #files = new Map<string, string>();
  readonly #folder: string;
  readonly #wish: SeedWish;

  constructor(folder: string, wish: SeedWish) {
    this.#folder = folder;
    this.#wish = wish;
  }

  publish(
    index: ModelIndex,
    number: number,
    release: (record: VersionRecord, reserveCommit: string, bytes: string) => Published,
  ): ModelIndex {
    const { model } = index;
    const bytes = `bytes ${number} of ${model}`;
    const files = [{ name: "model.onnx", sha256: sha256Hex(bytes) }];
    const contentSha256 = digestContent(files, {});
    const lineage = { codeSha: null, dataSha256: null, inputs: null, workflowRun: null };
    const { version, change } = decideNextVersion(index, lineage);
    const common = { model, version, stage: null, actor: "owner", reason: null, contentSha256 };
    const reserve = { ...common, event: "reserve" as const, change, verdict: null, lineage, metrics: {} };
    const reserved = this.#append({ head: this.#head, index, record: null }, reserve);
    if (reserved.record === null || this.#head === null) throw new Error("a reservation without a record");
    const made = release(reserved.record, this.#head.commit, bytes);
    const available = { ...common, event: "available" as const, ...made, assets: describeAssets(bytes) };
    const after = this.#append({ head: this.#head, ...reserved }, available);
    this.#last = after.record;
    return after.index;
  }

  promote(index: ModelIndex): ModelIndex {
    const version = this.#last?.version ?? "";
    const from = index.stages["staging"] ?? null;
    const event = { event: "stage-set", model: index.model, version, stage: "staging", from } as const;
    const view = { head: this.#head, index, record: null };
    return this.#append(view, { ...event, reason: null, actor: "owner" }).index;
  }

  /** The event that closes the history and, whatever `trees` says, a tree with every file; then the branch is set. */
  finish(model: string, index: ModelIndex): void {
    const note = { event: "note", model, version: null, stage: null, reason: "seeded", details: {} } as const;
    this.#append({ head: this.#head, index, record: null }, { ...note, actor: "owner" }, true);
    setRef(this.#folder, `refs/heads/${ledgerBranch}`, this.#head?.commit);
  }

  #append(view: LedgerView, draft: EventDraft, whole = this.#wish.trees === "all") {
    this.events += 1;
    const pace = {
      now: this.#wish.now,
      random: () => 0,
      wait: async () => {},
      newId: () => `seed-${this.events}`,
    };
    const planned = planAppend(view, draft, pace);
    for (const file of planned.files) this.#files.set(file.path, file.content);
    const tree = whole ? this.#writeTree() : emptyTreeSha;
    const person = { name: "owner", email: "owner@example.com", date: `${planned.event.at.slice(0, 19)}Z` };
    const parents = view.head === null ? [] : [view.head.commit];
    const commit = { tree, parents, author: person, committer: person, message: planned.message };
    this.#head = {
      commit: writeCommit(this.#folder, commit),
      parent: view.head?.commit ?? null,
      parents: parents.length,
      message: planned.message,
      author: null,
    };
    return planned.after;
  }

  #writeTree(): string {
    const changes = [...this.#files].map(([path, content]) => {
      const sha = writeObject(this.#folder, "blob", Buffer.from(content));
      return { path, entry: { mode: "100644", sha } };
    });
    this.#files.clear();
    this.#tree = changeTree(this.#folder, this.#tree, changes);
    return this.#tree;
  }
}

function describeAssets(bytes: string) {
  const file = { name: "model.onnx", path: "model.onnx", role: "model" as const };
  return [{ ...file, sha256: sha256Hex(bytes), bytes: Buffer.byteLength(bytes), parts: [] }];
}

function describeRelease(record: VersionRecord, id: number, url: string): Published {
  const tag = tagOf(record.model, record.version);
  return { release: { id, tag, url }, manifestSha256: sha256Hex(tag) };
}

function addRelease(
  github: LocalGitHub,
  repository: NonNullable<ReturnType<typeof findRepository>>,
  record: VersionRecord,
  reserveCommit: string,
  bytes: string,
): Published {
  const { store, dataFolder } = github.platform;
  const owner = accountOf(store, repository.ownerId);
  const tag = tagOf(record.model, record.version);
  const at = `${record.reserved.at.slice(0, 19)}Z`;
  const release = store.releases.insert({
    repositoryId: repository.id,
    tagName: tag,
    targetCommitish: repository.defaultBranch,
    name: `${record.model} ${record.version}`,
    body: "",
    draft: false,
    prerelease: false,
    makeLatest: "false",
    immutable: false,
    authorId: owner.id,
    createdAt: at,
    updatedAt: at,
    publishedAt: at,
  });
  const manifest = renderManifest(record, reserveCommit, describeAssets(bytes), {});
  for (const [name, text] of [
    ["model.onnx", bytes],
    [manifestName, manifest],
  ] as const) {
    const asset = store.assets.insert({
      repositoryId: repository.id,
      releaseId: release.id,
      name,
      label: "",
      contentType: "application/octet-stream",
      state: "uploaded",
      sizeBytes: Buffer.byteLength(text),
      sha256: sha256Hex(text),
      downloadCount: 0,
      uploaderId: owner.id,
      createdAt: at,
      updatedAt: at,
    });
    mkdirSync(join(dataFolder, "assets"), { recursive: true });
    writeFileSync(assetFile(dataFolder, asset.id), text);
  }
  const url = `${github.url}/${owner.login}/${repository.name}/releases/tag/${encodeURIComponent(tag)}`;
  return { release: { id: release.id, tag, url }, manifestSha256: sha256Hex(manifest) };
}
