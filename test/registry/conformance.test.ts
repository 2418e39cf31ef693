// The in-memory ports mean what the ports on GitHub mean: one script, run on both. The local GitHub stands for GitHub.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { gitBlobId, sha256Hex } from "../../src/json/digest.ts";
import type { LedgerPort } from "../../src/registry/ledger.ts";
import { LostAnswerError } from "../../src/registry/lost-answer.ts";
import type { AssetSource, Release, ReleasePort } from "../../src/registry/release.ts";
import { type LocalRegistry, startLocalRegistry } from "../commands/local-registry.ts";
import { createMemoryRegistry } from "./memory-registry.ts";

interface Ports {
  readonly ledger: LedgerPort;
  readonly releases: ReleasePort;
}

function createSource(name: string, text: string): AssetSource {
  const bytes = new TextEncoder().encode(text);
  async function* open(): AsyncIterable<Uint8Array> {
    yield bytes;
  }
  return { name, bytes: bytes.byteLength, sha256: sha256Hex(bytes), open };
}

/** Sends half of what it promised, then breaks. */
function createBroken(name: string, text: string): AssetSource {
  const whole = createSource(name, text);
  async function* open(): AsyncIterable<Uint8Array> {
    yield new TextEncoder().encode(text.slice(0, text.length / 2));
    throw new Error("the connection broke");
  }
  return { ...whole, open };
}

const draft = { tag: "rain@1.0.0", title: "rain 1.0.0", body: "A model.", prerelease: false, targetCommit: null };
const file = (path: string, content: string) => ({ path, content });

/** Id, times and addresses are the host's own. */
function describeRelease({ tag, draft: isDraft, body, assets }: Release) {
  return {
    tag,
    draft: isDraft,
    body,
    assets: assets.map(({ name, bytes, sha256, state }) => ({ name, bytes, sha256, state })),
  };
}

async function collect(pieces: AsyncIterable<Uint8Array>): Promise<string> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all).toString("utf8");
}

describe.each(["in memory", "on the local GitHub"])("the ports %s", (where) => {
  let local: LocalRegistry | null = null;
  let ports: Ports;
  beforeAll(async () => {
    local = where === "in memory" ? null : await startLocalRegistry();
    ports = local === null ? createMemoryRegistry() : await local.session();
  });
  afterAll(() => local?.stop());

  it("keep a ledger that begins once, moves only from its head, and chains", async () => {
    const { ledger } = ports;
    expect(await ledger.readHead()).toBeNull();
    expect(await ledger.readFile("a.json")).toBeNull();
    expect(await ledger.readTogether(["a.json"])).toEqual({ head: null, files: new Map() });
    const first = await ledger.append(null, "one\n", [file("a.json", "1"), file("x/b.json", "2")]);
    if (first.outcome !== "appended") throw new Error("not appended");
    expect(first.head).toMatchObject({ parent: null, parents: 0 });
    expect(await ledger.append(null, "a rival's first\n", [file("a.json", "3")])).toEqual({ outcome: "moved" });
    const [one, other] = await Promise.all(
      ["two", "three"].map((message) => ledger.append(first.head, `${message}\n`, [file("a.json", message)])),
    );
    expect([one?.outcome, other?.outcome].sort()).toEqual(["appended", "moved"]);
    expect(await ledger.append(first.head, "late\n", [file("a.json", "late")])).toEqual({ outcome: "moved" });
    const head = await ledger.readHead();
    if (head === null) throw new Error("no head");
    expect(head.parent).toBe(first.head.commit);
    expect(["two", "three"]).toContain(await ledger.readFile("a.json"));
    expect(await ledger.readFile("a.json", first.head.commit)).toBe("1");
    expect(await ledger.readFile("x/b.json", head.commit)).toBe("2");
    expect(await ledger.readFile("x", head.commit)).toBeNull();
    const together = await ledger.readTogether(["x/b.json", "x", "c.json"]);
    expect(together).toEqual({ head, files: new Map([["x/b.json", "2"]]) });
    expect((await ledger.readCommits(head)).map(({ commit }) => commit)).toEqual([first.head.commit, head.commit]);
    const back = async (count: number) =>
      (await ledger.readCommitsBack(head.commit, count)).map(({ commit }) => commit);
    expect(await back(1)).toEqual([head.commit]);
    expect(await back(9)).toEqual([head.commit, first.head.commit]);
    const ids = await ledger.readFileIds(head.commit);
    expect([...ids.keys()].sort()).toEqual(["a.json", "x/b.json"]);
    expect(ids.get("x/b.json")).toBe(gitBlobId("2"));
    expect(await ledger.listFolder("x", head.commit)).toEqual(["b.json"]);
    expect(await ledger.listFolder("nothing/here", head.commit)).toEqual([]);
  });

  it("let drafts share a tag, and one of them be published", async () => {
    const { releases } = ports;
    const [one, other] = [await releases.createDraft(draft), await releases.createDraft(draft)];
    expect((await releases.findReleases(draft.tag)).map(({ id }) => id)).toEqual([one.id, other.id]);
    expect(await releases.listTags()).toEqual([]);
    const published = await releases.publish(one);
    expect(published.outcome === "done" && describeRelease(published.value)).toEqual({
      tag: draft.tag,
      draft: false,
      body: "A model.",
      assets: [],
    });
    expect(await releases.listTags()).toEqual([draft.tag]);
    expect(await releases.publish(other)).toEqual({ outcome: "look-again" });
    expect((await releases.publish(one)).outcome).toBe("done");
    await releases.deleteRelease(other);
    await releases.deleteRelease(other);
    expect(await releases.readRelease(other.id)).toBeNull();
    expect(await releases.publish(other)).toEqual({ outcome: "look-again" });
    await expect(releases.upload(other, createSource("a.bin", "late"))).rejects.toThrow(LostAnswerError);
  });

  it("take a name once in a release, tell digests, and give ranges of bytes", async () => {
    const { releases } = ports;
    const release = await releases.createDraft({ ...draft, tag: "rain@1.1.0" });
    const made = await releases.upload(release, createSource("a.bin", "some bytes"));
    if (made.outcome !== "done") throw new Error("not uploaded");
    expect(made.value).toMatchObject({ name: "a.bin", bytes: 10, sha256: sha256Hex("some bytes"), state: "uploaded" });
    expect(await releases.upload(release, createSource("a.bin", "other bytes"))).toEqual({ outcome: "look-again" });
    expect(await collect(await releases.download(made.value.id, 0))).toBe("some bytes");
    expect(await collect(await releases.download(made.value.id, 5))).toBe("bytes");
    await releases.deleteAsset(made.value.id);
    await releases.deleteAsset(made.value.id);
    expect((await releases.upload(release, createSource("a.bin", "other bytes"))).outcome).toBe("done");
    const found = await releases.readRelease(release.id);
    expect(found?.assets).toMatchObject([{ name: "a.bin", sha256: sha256Hex("other bytes") }]);
    expect((await releases.listReleases()).map(({ tag }) => tag).slice(0, 2)).toEqual(["rain@1.1.0", "rain@1.0.0"]);
  });

  it("let a draft get another tag and text while it takes files, and say when it is gone", async () => {
    const { releases } = ports;
    const begun = await releases.createDraft({ ...draft, tag: "rain@0.0.0-uploading" });
    await releases.upload(begun, createSource("a.bin", "some bytes"));
    const completed = await releases.completeDraft(begun, { ...draft, tag: "rain@1.4.0", body: "Another." });
    await releases.upload(begun, createSource("b.bin", "more bytes"));
    expect(completed.outcome === "done" && completed.value).toMatchObject({ id: begun.id, tag: "rain@1.4.0" });
    expect(await releases.findReleases("rain@0.0.0-uploading")).toEqual([]);
    const [found] = await releases.findReleases("rain@1.4.0");
    expect(found).toMatchObject({ id: begun.id, draft: true, body: "Another." });
    expect(found?.assets.map(({ name }) => name)).toEqual(["a.bin", "b.bin"]);
    await releases.deleteRelease(begun);
    expect(await releases.completeDraft(begun, draft)).toEqual({ outcome: "look-again" });
  });

  it("keep the tag of a release that is deleted, until the tag itself is", async () => {
    const { releases } = ports;
    const release = await releases.createDraft({ ...draft, tag: "rain@1.2.0" });
    const published = await releases.publish(release);
    if (published.outcome !== "done") throw new Error("not published");
    await releases.deleteRelease(published.value);
    expect(await releases.findReleases("rain@1.2.0")).toEqual([]);
    expect(await releases.listTags()).toContain("rain@1.2.0");
    expect(await releases.deleteTag("rain@1.2.0")).toBe(true);
    expect(await releases.listTags()).not.toContain("rain@1.2.0");
    const again = await releases.createDraft({ ...draft, tag: "rain@1.2.0" });
    expect((await releases.publish(again)).outcome).toBe("done");
  });

  it("leave a starter, which holds the name, when an upload breaks off", async () => {
    const { releases } = ports;
    const release = await releases.createDraft({ ...draft, tag: "rain@1.3.0" });
    if (ports instanceof Object && "faults" in ports) {
      const { faults } = ports as ReturnType<typeof createMemoryRegistry>;
      faults.decide = (call) => (call === "upload" ? "half" : null);
      await expect(releases.upload(release, createSource("a.bin", "some bytes"))).rejects.toThrow();
      faults.decide = () => null;
    } else await expect(releases.upload(release, createBroken("a.bin", "some bytes"))).rejects.toThrow();
    const found = await releases.readRelease(release.id);
    expect(found?.assets).toMatchObject([{ name: "a.bin", state: "starter" }]);
    expect(await releases.upload(release, createSource("a.bin", "some bytes"))).toEqual({ outcome: "look-again" });
    await releases.deleteAsset(found?.assets[0]?.id ?? -1);
    expect((await releases.upload(release, createSource("a.bin", "some bytes"))).outcome).toBe("done");
  });
});
