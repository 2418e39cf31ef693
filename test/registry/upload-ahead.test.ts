import { describe, expect, it } from "vitest";
import { sha256Hex } from "../../src/json/digest.ts";
import { publishVersion } from "../../src/registry/publish.ts";
import { type PublishFile, planUploads } from "../../src/registry/publish-files.ts";
import { beginUpload } from "../../src/registry/upload-ahead.ts";
import { Crash, type Fault } from "./faults.ts";
import { createFile, createMemoryRegistry, createRequest, type MemoryRegistry } from "./memory-registry.ts";

const partBytes = 4;

function createLarge(text: string): PublishFile {
  const parts = Array.from({ length: Math.ceil(text.length / partBytes) }, (_, index) =>
    sha256Hex(text.slice(index * partBytes, (index + 1) * partBytes)),
  );
  return { ...createFile("model.onnx", text), partSha256: parts };
}

/** As the command does it: sent ahead, and discarded when it was not adopted. A process that died discards nothing. */
async function publishAhead(registry: MemoryRegistry, bytes: string) {
  const files = [createLarge(bytes), createFile("card.md", "card", "document")];
  const parts = planUploads(files, partBytes).flatMap(({ uploads }) => (uploads.length > 1 ? uploads : []));
  const ahead = await beginUpload(registry, "rain", parts);
  try {
    const published = await publishVersion(registry, { ...createRequest(bytes), files, partBytes, ahead });
    await ahead?.discard();
    return published;
  } catch (error) {
    if (!(error instanceof Crash)) await ahead?.discard();
    throw error;
  }
}

const describeReleases = ({ releases }: MemoryRegistry) =>
  releases.releases.map(({ tag, draft, assets }) => [tag, draft, assets.map(({ name }) => name).sort()]);

const assets = [
  "card.md",
  "manifest.json",
  "model.onnx.part-001-of-003",
  "model.onnx.part-002-of-003",
  "model.onnx.part-003-of-003",
];

describe("parts that are sent before they are digested", () => {
  it("become the version's, in a draft that is named after it; nothing is sent twice", async () => {
    const registry = createMemoryRegistry();
    await publishAhead(registry, "0123456789");
    expect(describeReleases(registry)).toEqual([["rain@1.0.0", false, assets]]);
    const count = (name: string) => registry.faults.calls.filter((call) => call === name).length;
    expect([count("createDraft"), count("completeDraft"), count("upload")]).toEqual([1, 1, 5]);
  });

  it("go when the version is out already", async () => {
    const registry = createMemoryRegistry();
    await publishAhead(registry, "0123456789");
    expect(await publishAhead(registry, "0123456789")).toMatchObject({ state: "unchanged" });
    expect(describeReleases(registry)).toEqual([["rain@1.0.0", false, assets]]);
  });

  it("go when somebody has begun with the same bytes: that draft is gone on with", async () => {
    const registry = createMemoryRegistry();
    registry.faults.decide = (call) => (call === "publish" ? "crash-before" : null);
    await expect(publishAhead(registry, "0123456789")).rejects.toThrow(Crash);
    const begun = registry.releases.releases[0]?.id;
    registry.faults.decide = () => null;
    await publishAhead(registry, "0123456789");
    expect(describeReleases(registry)).toEqual([["rain@1.0.0", false, assets]]);
    expect(registry.releases.releases[0]?.id).toBe(begun);
  });

  it("go when the publish is refused", async () => {
    const registry = createMemoryRegistry();
    await publishAhead(registry, "0123456789");
    const ahead = await beginUpload(
      registry,
      "rain",
      planUploads([createLarge("other bytes")], partBytes)[0]?.uploads ?? [],
    );
    const refused = publishVersion(registry, { ...createRequest("other bytes"), version: "1.0.0", ahead });
    await expect(refused).rejects.toThrow(/exists with other bytes/);
    await ahead?.discard();
    expect(describeReleases(registry)).toEqual([["rain@1.0.0", false, assets]]);
  });

  it("are sent again where the file changed on the way: what counts is what was digested", async () => {
    const registry = createMemoryRegistry();
    const changed = planUploads([createLarge("9876543210")], partBytes)[0]?.uploads ?? [];
    const ahead = await beginUpload(registry, "rain", changed);
    const request = { ...createRequest("0123456789"), files: [createLarge("0123456789")], partBytes, ahead };
    const { record } = await publishVersion(registry, request);
    const digests = record.assets.flatMap(({ parts }) => parts.map(({ sha256 }) => sha256)).sort();
    const held = registry.releases.releases[0]?.assets.filter(({ name }) => name.includes("part")) ?? [];
    expect(held.map(({ sha256 }) => sha256).sort()).toEqual(digests);
  });

  const faults: readonly Fault[] = ["lost-before", "lost-after", "half", "crash-before", "crash-after"];
  it.each(faults)("are whole after the publish is run again, wherever it stops (%s)", async (fault) => {
    for (let stop = 0; ; stop += 1) {
      const registry = createMemoryRegistry();
      registry.faults.decide = (_call, number) => (number === stop ? fault : null);
      let stopped = false;
      const run = () => publishAhead(registry, "0123456789");
      const { record } = await run().catch((error: unknown) => {
        if (!(error instanceof Crash) && !(error instanceof Error && error.name === "LostAnswerError")) throw error;
        stopped = true;
        return run();
      });
      expect(record).toMatchObject({ version: "1.0.0", state: "available" });
      expect(describeReleases(registry).filter(([, draft]) => !draft)).toEqual([["rain@1.0.0", false, assets]]);
      // A process that dies leaves a draft at most, which nobody sees and `modelgate doctor` deletes.
      const left = registry.releases.releases.filter(({ draft }) => draft).map(({ tag }) => tag);
      expect(
        left.every((tag) => tag === "rain@0.0.0-uploading"),
        `stopped at ${stop}: ${left}`,
      ).toBe(true);
      if (!stopped && registry.faults.calls.length <= stop) break;
    }
  });
});
