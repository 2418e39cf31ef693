import { createHash } from "node:crypto";
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { digestParts, startWholeDigest } from "../../src/host/digest-parts.ts";

const folder = mkdtempSync(join(tmpdir(), "modelgate-digest-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

function write(bytes: number): { readonly path: string; readonly content: Buffer } {
  const path = join(folder, `of-${bytes}`);
  const content = Buffer.from(Array.from({ length: bytes }, (_, index) => (index * 7919) % 251));
  writeFileSync(path, content);
  return { path, content };
}

describe("digests by parts", () => {
  it.each([1, 999, 1000, 1001, 2000, 3500])("of %i bytes in parts of 1,000 are those of the pieces", async (bytes) => {
    const { path, content } = write(bytes);
    const pieces = Array.from({ length: Math.ceil(bytes / 1000) }, (_, index) =>
      content.subarray(index * 1000, (index + 1) * 1000),
    );
    expect(await digestParts(path, 1000)).toEqual({
      bytes,
      sha256: sha256(content),
      partSha256: bytes > 1000 ? pieces.map(sha256) : [],
    });
  });

  it("refuse a file that grows while it is read", async () => {
    const { path } = write(3_000_000);
    const digesting = digestParts(path, 1_000_000);
    setImmediate(() => appendFileSync(path, "more"));
    await expect(digesting).rejects.toThrow(/changed while it was read/);
  });

  it("give the first part on the way, wherever reads end", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.array(fc.nat(30)),
        fc.integer({ min: 1, max: 120 }),
        (bytes, cuts, partBytes) => {
          const digest = startWholeDigest(partBytes);
          let start = 0;
          for (const length of [...cuts, bytes.length]) {
            digest.update(bytes.subarray(start, start + length));
            start += length;
          }
          expect(digest.finish()).toEqual({ sha256: sha256(bytes), firstSha256: sha256(bytes.subarray(0, partBytes)) });
        },
      ),
    );
  });
});
