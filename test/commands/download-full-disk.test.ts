// A disk that takes only a part of a file, as the system tells it: the limit on the size of files stands for a full disk.
import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LocalRegistry, startLocalRegistry } from "./local-registry.ts";

const program = fileURLToPath(new URL("../../bin/modelgate.mjs", import.meta.url));
// One piece of the answer: the system takes its first 8 KiB and says no more until the next write.
const bytes = "x".repeat(9_000);

describe.skipIf(process.platform === "win32")("a disk that is full before the file is whole", () => {
  let registry: LocalRegistry;
  beforeAll(async () => {
    registry = await startLocalRegistry();
    await registry.publish(bytes);
  });
  afterAll(() => registry.stop());

  async function download(limit: string, out: string) {
    const command = `trap '' XFSZ; ${limit} exec "${process.execPath}" "${program}" registry download rain@1.0.0 --out "${out}" --repo ${registry.repository}`;
    const environment = { PATH: process.env["PATH"], ...registry.context.environment, MODELGATE_NO_CACHE: "1" };
    const child = spawn("bash", ["-c", command], { cwd: registry.folder, env: environment });
    let said = "";
    child.stderr.on("data", (piece: Buffer) => {
      said += piece.toString();
    });
    const status = await new Promise((resolve) => child.on("close", resolve));
    return { status, said };
  }

  it("fails plainly and keeps nothing that could be taken for the model; with room it is whole", async () => {
    const out = join(registry.folder, "out");
    const failed = await download("ulimit -f 8;", out);
    expect(failed.said).toContain("the file cannot be written");
    expect(failed.status).toBe(3);
    expect(existsSync(out) ? readdirSync(out).filter((name) => name.startsWith("model.onnx")) : []).toEqual([]);
    const whole = await download("", out);
    expect(whole.status).toBe(0);
    expect(readFileSync(join(out, "model.onnx"), "utf8")).toBe(bytes);
  }, 60_000);
});
