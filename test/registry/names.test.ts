import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ModelgateError } from "../../src/errors.ts";
import { nameAssets, parseModelName, parseVersion } from "../../src/registry/names.ts";
import { assetLimit, type PublishFile, planAssets } from "../../src/registry/publish-files.ts";
import { normalizeAssetName } from "../github/routes/release-assets.ts";
import { createFile } from "./memory-registry.ts";

/** Paths as people have them: spaces, Unicode, dots in front, cases, folders. */
const character = fc.constantFrom(..."aAzZ09._- @+~#%&()é漢🙂\u0000\n\\".split(""), "..");
const path = fc
  .array(fc.array(character, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 4 })
  .map((folders) => folders.map((letters) => letters.join("")).join("/"));

function tryNames(paths: readonly string[]): readonly string[] | null {
  try {
    return nameAssets(paths, ["manifest.json"]);
  } catch (error) {
    if (error instanceof ModelgateError) return null;
    throw error;
  }
}

describe("names of assets", () => {
  it("are such that GitHub keeps them as they are, whatever the path (seed 1, 3,000 paths)", () => {
    let named = 0;
    fc.assert(
      fc.property(path, (each) => {
        const names = tryNames([each]);
        if (names === null) return;
        named += 1;
        expect(names).toEqual(names.map(normalizeAssetName));
        expect(names[0]).toMatch(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,199}$/);
      }),
      { seed: 1, numRuns: 3000 },
    );
    expect(named).toBeGreaterThan(2500);
  });

  it("are different also where case is ignored, or the files are refused together", () => {
    fc.assert(
      fc.property(fc.array(path, { maxLength: 8 }), (paths) => {
        const names = tryNames(paths);
        if (names !== null) expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(paths.length);
      }),
      { seed: 2, numRuns: 1000 },
    );
    expect(tryNames(["model.onnx", "Model.ONNX"])).toBeNull();
    expect(tryNames(["a b.onnx", "a-b.onnx"])).toBeNull();
    expect(tryNames(["Manifest.json"])).toBeNull();
    expect(tryNames(["漢字"])).toBeNull();
    expect(tryNames(["weights/.hidden file.bin"])).toEqual(["weights.hidden-file.bin"]);
  });
});

describe("the files of a release", () => {
  const files = (count: number): readonly PublishFile[] =>
    Array.from({ length: count }, (_, index) => createFile(`shard-${index}.bin`, `${index}`));

  it("may be 1,000 with the manifest, and not one more", () => {
    expect(planAssets(files(assetLimit - 1), 1_000).sources).toHaveLength(999);
    expect(() => planAssets(files(assetLimit), 1_000)).toThrow("a release cannot hold this many assets");
  });

  it("may not be empty", () => {
    expect(() => planAssets([createFile("a.bin", "")], 1_000)).toThrow("an empty file cannot be published");
    expect(() => planAssets([], 1_000)).toThrow("there is no file to publish");
  });
});

describe("what is no name of a model", () => {
  it.each([
    "a/b",
    "a b",
    "",
    ".",
    "..",
    "a..b",
    "../a",
    "Churn",
    "café",
    "漢字",
    "a.",
    "a.lock",
    "-a",
    "a@1",
    "x".repeat(65),
    "a\n",
  ])("%j", (text) => {
    expect(() => parseModelName(text)).toThrow("this is not a name of a model");
  });
});

describe("what is no version", () => {
  it.each([
    "1.10",
    "v1",
    "v1.2.3",
    "01.2.3",
    "1.2",
    "1",
    "",
    "latest",
    "1.2.3+build",
    "=1.2.3",
    " 1.2.3",
    "1.2.3 ",
    "1.2.-3",
    "99999999999999999999.0.0",
    "1.2.3-01",
  ])("%j", (text) => {
    expect(() => parseVersion(text)).toThrow("this is not a version");
  });

  it("tells those who wrote 1.10 without quotes what became of it", () => {
    try {
      parseVersion("1.1");
    } catch (error) {
      expect(error instanceof ModelgateError && error.problems[0]?.hint).toContain("1.10 becomes the number 1.1");
    }
    expect.assertions(1);
  });
});
