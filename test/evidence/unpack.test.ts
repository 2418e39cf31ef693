// The guarded unzip: what an archive may not carry, and that a refusal leaves nothing outside.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { InputError } from "../../src/errors.ts";
import { type UnpackLimits, unpackToFolder, unpackToMemory } from "../../src/evidence/unpack.ts";
import { makeZip, type ZipEntry } from "./zip.ts";

const limits: UnpackLimits = { entries: 50, bytes: 4 * 2 ** 20, ratio: 300 };

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "modelgate-unpack-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const hostile: readonly (readonly [string, readonly ZipEntry[], RegExp])[] = [
  ["..", [{ name: "../evil" }], /refused/],
  [".. inside", [{ name: "a/../../evil" }], /refused/],
  ["an absolute path", [{ name: "/etc/evil" }], /refused/],
  ["a backslash", [{ name: "a\\..\\evil" }], /refused/],
  ["a drive", [{ name: "C:evil" }], /refused/],
  ["a symbolic link", [{ name: "link", content: "/etc/passwd", mode: 0o120777 }], /symbolic link/],
  ["a device", [{ name: "device", mode: 0o060644 }], /not a plain file/],
  ["the same name twice", [{ name: "a" }, { name: "a" }], /twice/],
  ["names that differ in case", [{ name: "model.onnx" }, { name: "Model.onnx" }], /case/],
  ["names that differ in Unicode form", [{ name: "\u00e9" }, { name: "e\u0301" }], /case/],
  ["a control character", [{ name: "a\u0007b" }], /control/],
  ["an empty part", [{ name: "a//b" }], /empty/],
  ["encryption", [{ name: "a", encrypted: true }], /encrypted/],
  ["too many entries", Array.from({ length: 51 }, (_, index) => ({ name: `f${index}` })), /at most 50/],
  ["too many bytes", [{ name: "a", content: Buffer.alloc(5 * 2 ** 20, "model") }], /at most/],
  ["a bomb", [{ name: "a", content: Buffer.alloc(3 * 2 ** 20) }], /times its size/],
  ["a size that is not true", [{ name: "a", content: "0123456789", claimedBytes: 3 }], /refused/],
];

describe("the guarded unzip", () => {
  test("gives whole files, to memory and to a folder", async () => {
    const archive = makeZip([
      { name: "rain/" },
      { name: "rain/model.onnx", content: "bytes" },
      { name: "evidence.json", content: "{}" },
    ]);
    const files = await unpackToMemory(archive, limits, (name) => name.endsWith(".json"));
    expect([...files].map(([name, bytes]) => [name, Buffer.from(bytes).toString()])).toEqual([["evidence.json", "{}"]]);
    const folder = makeFolder();
    writeFileSync(join(folder, "archive"), archive);
    const names = await unpackToFolder(join(folder, "archive"), archive.length, join(folder, "out"), limits);
    expect(names).toEqual(["evidence.json", "rain/model.onnx"]);
    expect(readFileSync(join(folder, "out/rain/model.onnx"), "utf8")).toBe("bytes");
  });

  test.each(hostile)("refuses %s", async (_, entries, reason) => {
    const archive = makeZip(entries);
    await expect(unpackToMemory(archive, limits)).rejects.toThrow(InputError);
    await expect(unpackToMemory(archive, limits)).rejects.toThrow(reason);
    const folder = makeFolder();
    writeFileSync(join(folder, "archive"), archive);
    const out = join(folder, "out");
    await expect(unpackToFolder(join(folder, "archive"), archive.length, out, limits)).rejects.toThrow(InputError);
    expect(readdirSync(folder).sort()).toEqual(["archive", "out"]);
    expect(existsSync("/etc/evil")).toBe(false);
  });

  test.each([
    ["cut short", makeZip([{ name: "a", content: "0123456789" }]).subarray(0, 40)],
    ["empty", Buffer.alloc(0)],
    ["not an archive", Buffer.from("<html>404</html>")],
  ])("refuses what is %s", async (_, archive) => {
    await expect(unpackToMemory(archive, limits)).rejects.toThrow(InputError);
  });

  test("writes into no folder that holds something", async () => {
    const folder = makeFolder();
    writeFileSync(join(folder, "archive"), makeZip([{ name: "a" }]));
    await expect(unpackToFolder(join(folder, "archive"), 100, folder, limits)).rejects.toThrow(/not empty/);
  });
});
