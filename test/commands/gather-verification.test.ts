// Verifying a part, and a registry with more releases than GitHub lists: what was not looked at is said, and never called gone.
import { beforeEach, describe, expect, it } from "vitest";
import { defaultScope, type VerificationScope } from "../../src/commands/gather-verification.ts";
import { verify } from "../../src/commands/registry-verify.ts";
import { publishVersion } from "../../src/registry/publish.ts";
import type { Release } from "../../src/registry/release.ts";
import { createMemoryRegistry, createRequest, type MemoryRegistry } from "../registry/memory-registry.ts";

let registry: MemoryRegistry;
beforeEach(async () => {
  registry = createMemoryRegistry();
  for (const number of [1, 2, 3, 4, 5]) await publishVersion(registry, createRequest(`bytes ${number}`));
});

const check = (scope: Partial<VerificationScope>) => verify(registry, { ...defaultScope, ...scope });

function findAsset(tag: string, name: string): number {
  const release = registry.releases.releases.find((each) => each.tag === tag);
  return release?.assets.find((asset) => asset.name === name)?.id ?? -1;
}

/** GitHub answers with the newest 10,000, drafts among them. */
function listOnly(...tags: readonly string[]): void {
  const { releases } = registry.releases;
  const listed = releases.filter(({ tag }) => tags.includes(tag));
  const [one] = releases;
  if (one === undefined) throw new Error("no release");
  const others = Array.from(
    { length: 10_000 - listed.length },
    (_, index): Release => ({ ...one, id: -1 - index, draft: true, tag: "x" }),
  );
  registry.releases.listReleases = async () => [...listed, ...others];
}

describe("verifying a part of a registry", () => {
  it("reads the manifests of the newest, compares the others by digest, and says where to go on", async () => {
    const { document, text, exitCode } = await check({ last: 2 });
    expect(exitCode).toBe(0);
    expect(document.notChecked).toEqual({ releases: 0, manifests: 3, next: 6 });
    expect(text).toBe(
      [
        "the registry holds as far as it was checked: 10 events and their index",
        "not read: the manifests of 3 releases, whose files were compared by GitHub's digests alone",
        "go on with older versions: modelgate registry verify --until 6 --last 2",
      ].join("\n"),
    );
    expect((await check({ last: 2, until: 6 })).document.notChecked.next).toBe(2);
    expect((await check({ last: 2, until: 2 })).document.notChecked.next).toBeNull();
  });

  it("finds a file or a manifest that was replaced also where the manifest is not read", async () => {
    registry.releases.replaceAsset(findAsset("rain@1.0.0", "manifest.json"), "{}");
    registry.releases.replaceAsset(findAsset("rain@1.1.0", "model.onnx"), "other");
    expect((await check({ since: 9 })).document.problems.map(({ problem }) => problem)).toEqual([
      "rain@1.0.0: manifest.json is missing or was replaced",
      "rain@1.1.0: model.onnx was replaced",
    ]);
  });

  it("reads nothing of other models when one is named", async () => {
    await publishVersion(registry, createRequest("snow", { model: "snow" }));
    expect((await check({ model: "snow" })).document.notChecked).toEqual({ releases: 0, manifests: 5, next: null });
  });

  it("reads the manifest of a release that the ledger does not know, whatever the scope: the ledger may have been cut", async () => {
    const commits = await registry.ledger.readCommits((await registry.ledger.readHead())!);
    registry.ledger.head = commits[5]?.commit ?? null;
    const { document } = await check({ last: 0 });
    expect(document.holds).toBe(false);
    expect(document.problems[0]?.problem).toContain("the ledger ends at event 6: it was cut");
  });
});

describe("more releases than GitHub lists", () => {
  it("are asked for by their id within the scope, and told as not checked beyond it", async () => {
    listOnly("rain@1.4.0");
    const { document, text } = await check({ last: 3 });
    expect(document.problems).toEqual([]);
    expect(document.notChecked).toEqual({ releases: 2, manifests: 0, next: 4 });
    expect(text).toContain("not checked: 2 releases older than the 10,000 that GitHub lists");
    expect(text).not.toContain("gone");
  });

  it("are gone only when GitHub says so of the very one", async () => {
    registry.releases.releases = registry.releases.releases.filter(({ tag }) => tag !== "rain@1.2.0");
    listOnly("rain@1.4.0");
    expect((await check({ last: 3 })).document.problems.map(({ problem }) => problem)).toEqual([
      "rain@1.2.0: its release is gone",
    ]);
    expect((await check({ last: 1 })).document.problems).toEqual([]);
  });
});
