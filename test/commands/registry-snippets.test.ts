// The guide's snippets that need no Modelgate do what they say.
import { spawn, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LocalRegistry, startLocalRegistry } from "./local-registry.ts";
import { replaceAsset } from "./replace-asset.ts";

const guide = readFileSync(new URL("../../docs/guide/registry.md", import.meta.url), "utf8");
const bytes = "the bytes of a model, long enough for three parts";

/** The first snippet in this language that contains the word. */
function readSnippet(language: string, word: string): string {
  const snippets = [...guide.matchAll(/```(\w+)\n([\s\S]*?)```/g)].filter(([, found]) => found === language);
  const snippet = snippets.find(([, , text]) => text?.includes(word))?.[2];
  if (snippet === undefined) throw new Error(`no snippet in ${language} with ${word}`);
  return snippet;
}

const required = process.env["MODELGATE_REQUIRE_COMPONENTS"] !== undefined;

/** A test that runs this program: where it is not installed, skipped with a loud word, or failed when components are required. */
function needing(program: string) {
  const missing = spawnSync(program, ["--version"]).status !== 0;
  if (missing && !required)
    process.stderr.write(`SKIPPED: the guide's snippet with ${program} is not run: ${program} is not installed\n`);
  return it.skipIf(missing && !required);
}

describe("snippets of the guide", () => {
  let registry: LocalRegistry;
  let environment: NodeJS.ProcessEnv;
  beforeAll(async () => {
    registry = await startLocalRegistry();
    await registry.publish(bytes, { partBytes: 20 });
    await registry.promote("1.0.0", "production");
    await registry.call("PATCH", `/repos/${registry.repository}`, { private: true });
    const asked = await fetch(`${registry.github.url}/repos/${registry.repository}/releases`);
    expect(asked.status, "nobody sees it without a token").toBe(404);
    environment = {
      PATH: process.env["PATH"],
      GITHUB_API_URL: registry.github.url,
      GITHUB_TOKEN: registry.github.token,
    };
  });
  afterAll(() => registry.stop());

  async function run(program: string, args: readonly string[]): Promise<number | null> {
    const child = spawn(program, args, { cwd: registry.folder, env: environment, stdio: "inherit" });
    return await new Promise((resolve, reject) => child.on("error", reject).on("close", resolve));
  }

  needing("python3")("Python's standard library gets a stage's files, joined and checked", async () => {
    const snippet = readSnippet("python", "hashlib");
    expect(snippet.split("\n").filter((line) => line.trim() !== "").length).toBeLessThanOrEqual(20);
    const script = snippet
      .replace("https://api.github.com", registry.github.url)
      .replaceAll("org/models", registry.repository)
      .replaceAll("churn", "rain");
    writeFileSync(join(registry.folder, "fetch.py"), script);
    expect(await run("python3", ["fetch.py"])).toBe(0);
    expect(readFileSync(join(registry.folder, "model.onnx"), "utf8")).toBe(bytes);
    // Asked again it gets a 304 and reads nothing more.
    const again = await registry.count(() => run("python3", ["fetch.py"]));
    expect(again.map(({ status }) => status)).toEqual([304]);
    await registry.publish("other bytes");
    await registry.promote("1.1.0", "production");
    expect(await run("python3", ["fetch.py"])).toBe(0);
    expect(readFileSync(join(registry.folder, "model.onnx"), "utf8")).toBe("other bytes");
    await registry.publish("bytes of a third one");
    await registry.promote("1.2.0", "production");
    await replaceAsset(registry, registry.repository, "rain@1.2.0", "model.onnx");
    expect(await run("python3", ["fetch.py"]), "poisoned").toBe(1);
    expect(readFileSync(join(registry.folder, "model.onnx"), "utf8"), "the file in use stays").toBe("other bytes");
  });

  // `gh` wants port 80 and a host name, so it reaches the local GitHub as a proxy.
  needing("gh")("gh gets a release, and cat joins the parts", async () => {
    const script = readSnippet("bash", "gh release")
      .replace("churn@1.4.0", "rain@1.0.0")
      .replace("org/models", `github.localhost/${registry.repository}`);
    environment = {
      ...environment,
      HOME: registry.folder,
      HTTP_PROXY: registry.github.url,
      GH_HOST: "github.localhost",
      GH_TOKEN: registry.github.token,
      GH_ENTERPRISE_TOKEN: registry.github.token,
      GH_NO_UPDATE_NOTIFIER: "1",
    };
    expect(await run("sh", ["-ec", script])).toBe(0);
    expect(readFileSync(join(registry.folder, "model/model.onnx"), "utf8")).toBe(bytes);
  });

  needing("curl")("curl gets one asset", async () => {
    const release = (await registry.call("GET", `/repos/${registry.repository}/releases/tags/rain@1.0.0`)) as {
      readonly assets: readonly { readonly id: number; readonly name: string }[];
    };
    const asset = release.assets.find((each) => each.name.startsWith("model.onnx.part-002"));
    const command = readSnippet("sh", "curl")
      .replace("https://api.github.com", "$GITHUB_API_URL")
      .replace("org/models", registry.repository)
      .replace("assets/ID", `assets/${asset?.id}`);
    expect(await run("sh", ["-c", `${command.trim()} --silent`])).toBe(0);
    expect(readFileSync(join(registry.folder, "model.onnx"), "utf8")).toBe(bytes.slice(20, 40));
  });
});
