// The guide's snippets that need no Modelgate do what they say.
import { spawn, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LocalRegistry, startLocalRegistry } from "./local-registry.ts";

const guide = readFileSync(new URL("../../docs/guide/registry.md", import.meta.url), "utf8");
const bytes = "the bytes of a model, long enough for three parts";

function readSnippet(language: string): string {
  const snippet = new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(guide)?.[1];
  if (snippet === undefined) throw new Error(`no snippet in ${language}`);
  return snippet;
}

function isInstalled(program: string): boolean {
  return spawnSync(program, ["--version"]).status === 0;
}

describe("snippets of the guide", () => {
  let registry: LocalRegistry;
  let environment: NodeJS.ProcessEnv;
  beforeAll(async () => {
    registry = await startLocalRegistry();
    await registry.publish(bytes, { partBytes: 20 });
    await registry.promote("1.0.0", "production");
    environment = {
      PATH: process.env["PATH"],
      GITHUB_API_URL: registry.github.url,
      GITHUB_TOKEN: registry.github.token,
    };
  });
  afterAll(() => registry.stop());

  async function run(program: string, args: readonly string[]): Promise<number | null> {
    const child = spawn(program, args, { cwd: registry.folder, env: environment, stdio: "inherit" });
    return await new Promise((resolve) => child.on("close", resolve));
  }

  it.skipIf(!isInstalled("python3"))("Python's standard library gets a stage's files, joined and checked", async () => {
    const script = readSnippet("python").replaceAll("org/models", registry.repository).replaceAll("churn", "rain");
    writeFileSync(join(registry.folder, "fetch.py"), script);
    expect(await run("python3", ["fetch.py"])).toBe(0);
    expect(readFileSync(join(registry.folder, "model.onnx"), "utf8")).toBe(bytes);
  });

  it.skipIf(!isInstalled("curl"))("curl gets one asset", async () => {
    const [release] = (await registry.call("GET", `/repos/${registry.repository}/releases`)) as {
      readonly assets: readonly { readonly id: number; readonly name: string }[];
    }[];
    const asset = release?.assets.find((each) => each.name.startsWith("model.onnx.part-002"));
    const command = readSnippet("sh")
      .replace("https://api.github.com", "$GITHUB_API_URL")
      .replace("org/models", registry.repository)
      .replace("assets/ID", `assets/${asset?.id}`);
    expect(await run("sh", ["-c", `${command.trim()} --silent`])).toBe(0);
    expect(readFileSync(join(registry.folder, "model.onnx"), "utf8")).toBe(bytes.slice(20, 40));
  });
});
