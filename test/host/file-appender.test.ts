import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { createFileAppender } from "../../src/host/file-appender.ts";

const folder = mkdtempSync(join(tmpdir(), "modelgate-append-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const pieces = Array.from({ length: 60 }, (_, index) => Buffer.alloc(50_000 + index, index));

describe("appending in pieces", () => {
  it("writes all of them in their order, after what is there", async () => {
    const path = join(folder, "whole");
    const file = await open(path, "a");
    await file.appendFile("before");
    const appender = createFileAppender(file);
    for (const piece of pieces) await appender.append(piece);
    await appender.flush();
    await file.close();
    expect(readFileSync(path).equals(Buffer.concat([Buffer.from("before"), ...pieces]))).toBe(true);
  });

  it("tries again what the system did not take, and fails as it does", async () => {
    const taken: Buffer[] = [];
    const full = Object.assign(new Error("no space"), { code: "ENOSPC" });
    // A disk with room for half of the first batch.
    const file = {
      writev: async (batch: readonly Uint8Array[]) => {
        taken.push(Buffer.concat(batch).subarray(0, 500_000));
        return { bytesWritten: 500_000, buffers: batch };
      },
      appendFile: async () => {
        throw full;
      },
    } as unknown as FileHandle;
    const appender = createFileAppender(file);
    const appendAll = async () => {
      for (const piece of pieces) await appender.append(piece);
      await appender.flush();
    };
    await expect(appendAll()).rejects.toBe(full);
    await appender.settle();
    expect(Buffer.concat(taken)).toHaveLength(500_000);
  });
});
