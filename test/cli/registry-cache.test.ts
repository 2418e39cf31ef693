// Asking twice from two processes: the second answer costs no quota, and nothing that lies in the cache can be believed wrongly.
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { runProgram } from "../../src/cli/program.ts";
import { openFileCache } from "../../src/host/answer-cache.ts";
import { type LocalRegistry, startLocalRegistry } from "../commands/local-registry.ts";

describe("the cache of the command line", () => {
  let registry: LocalRegistry;
  let cache: string;
  let folders = 0;
  beforeAll(async () => {
    registry = await startLocalRegistry();
    await registry.publish("the first");
    await registry.promote("1.0.0", "production");
  });
  afterAll(() => registry.stop());
  beforeEach(() => {
    cache = join(registry.folder, `cache-${++folders}`);
  });

  /** As another process would: nothing but the files is shared. Gives what was printed and what GitHub answered. */
  async function ask(command = "registry resolve rain@production", more: Record<string, string> = {}) {
    let stdout = "";
    const environment = { ...registry.context.environment, XDG_CACHE_HOME: cache, ...more };
    const note = (text: string) => {
      stdout += text;
    };
    const words = [...command.split(" "), "--repo", registry.repository];
    const requests = await registry.count(async () => {
      const terminal = { stdout: note, stderr: note };
      expect(await runProgram(words, { ...registry.context, environment }, terminal, "0.0.0")).toBe(0);
    });
    return { version: stdout.trim(), statuses: requests.map(({ status }) => status) };
  }
  const files = () =>
    readdirSync(join(cache, "modelgate/answers")).map((name) => join(cache, "modelgate/answers", name));

  it("asks once more with what it knows, and sees a stage move at once", async () => {
    expect(await ask()).toEqual({ version: "1.0.0", statuses: [200] });
    expect(await ask()).toEqual({ version: "1.0.0", statuses: [304] });
    await registry.publish("the second");
    await registry.promote("1.1.0", "production");
    expect(await ask()).toEqual({ version: "1.1.0", statuses: [200] });
    expect(await ask()).toEqual({ version: "1.1.0", statuses: [304] });
  });

  it("does without where it is not wanted, and in workflow runs", async () => {
    await ask();
    expect((await ask("registry resolve rain@production --no-cache")).statuses).toEqual([200]);
    expect((await ask(undefined, { MODELGATE_NO_CACHE: "1" })).statuses).toEqual([200]);
    expect((await ask(undefined, { GITHUB_ACTIONS: "true" })).statuses).toEqual([200]);
  });

  it("keeps answers of one token from another, readable by the user alone and without the token", async () => {
    await ask();
    const anonymous = await ask(undefined, { GITHUB_TOKEN: "" });
    expect(anonymous).toEqual({ version: "1.1.0", statuses: [200] });
    expect(files()).toHaveLength(2);
    for (const file of files()) expect(readFileSync(file, "utf8") + file).not.toContain(registry.github.token);
    expect(statSync(join(cache, "modelgate/answers")).mode & 0o077).toBe(0);
  });

  it.each([
    ["cut off", (text: string) => text.slice(0, text.length / 2)],
    ["another text under the same ETag", (text: string) => text.replaceAll("1.1.0", "1.0.0")],
    ["not JSON", () => "\0\0"],
    ["empty", () => ""],
  ])("reads anew when a file is %s", async (_, spoil) => {
    await ask();
    for (const file of files()) writeFileSync(file, spoil(readFileSync(file, "utf8")));
    expect(await ask()).toEqual({ version: "1.1.0", statuses: [200] });
    expect((await ask()).statuses).toEqual([304]);
  });

  it("goes on where the folder cannot be written", async () => {
    writeFileSync(cache, "a file where the folder should be");
    expect((await ask()).version).toBe("1.1.0");
  });

  it("is whole whoever writes at once, and does not grow without end", async () => {
    const many = openFileCache(cache, ["scope"]);
    const texts = Array.from({ length: 20 }, (_, index) => String(index).repeat(5000));
    await Promise.all(texts.map((text, index) => many.write("one", { etag: `"${index}"`, text })));
    const { etag, text } = (await many.read("one")) ?? { etag: "", text: "" };
    expect(text).toBe(texts[Number(etag.replaceAll('"', ""))]);
    for (let index = 0; index < 450; index += 1) await many.write(`key ${index}`, { etag: '"x"', text: "" });
    expect(readdirSync(cache).length).toBeLessThanOrEqual(400);
    expect(await many.read("key 449")).not.toBeNull();
  });
});
