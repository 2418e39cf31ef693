import { describe, expect, it } from "vitest";
import { gitBlobId, sha256Hex, startSha256 } from "../../src/json/digest.ts";

describe("digests", () => {
  it("gives the SHA-256 of FIPS 180-4's example", () => {
    expect(sha256Hex("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  });

  it("gives what `git hash-object` prints", () => {
    expect(gitBlobId("")).toBe("e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
    expect(gitBlobId("hello\n")).toBe("ce013625030ba8dba906f756967f9e9ca394464a");
  });

  it("gives the same digest piece by piece", () => {
    const stream = startSha256();
    stream.update(new TextEncoder().encode("a"));
    stream.update(new TextEncoder().encode("bc"));
    expect(stream.finish()).toBe(sha256Hex("abc"));
  });
});
