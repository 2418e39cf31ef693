// The registry from a terminal: exit statuses, documents, and bad input, each with one clear message and nothing changed.
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runProgram } from "../../src/cli/program.ts";
import { openRegistry } from "../../src/index.ts";
import { type LocalRegistry, startLocalRegistry } from "../commands/local-registry.ts";

interface Run {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly document: Record<string, unknown>;
}

describe("modelgate publish, promote, rollback, registry", () => {
  let registry: LocalRegistry;
  beforeAll(async () => {
    registry = await startLocalRegistry();
    mkdirSync(join(registry.folder, ".github"));
    writeFileSync(
      join(registry.folder, ".github/modelgate.yml"),
      "version: 1\nmodels:\n  rain:\n    stages: [{ name: staging }, { name: production, promotes-from: staging }]\n",
    );
    writeFileSync(join(registry.folder, "one.onnx"), "one");
    writeFileSync(join(registry.folder, "two.onnx"), "two");
    writeFileSync(join(registry.folder, "empty.onnx"), "");
    writeFileSync(join(registry.folder, "manifest.json"), "{}");
  });
  afterAll(() => registry.stop());

  async function run(command: string, environment: Record<string, string> = {}): Promise<Run> {
    const out = { stdout: "", stderr: "" };
    const status = await runProgram(
      command.split(" "),
      {
        ...registry.context,
        environment: { ...registry.context.environment, GITHUB_REPOSITORY: registry.repository, ...environment },
        progress: (line) => {
          out.stderr += `${line}\n`;
        },
      },
      {
        stdout: (text) => {
          out.stdout += text;
        },
        stderr: (text) => {
          out.stderr += text;
        },
      },
      "0.0.0",
    );
    const document = command.includes("--json") ? (JSON.parse(out.stdout) as Record<string, unknown>) : {};
    return { status, ...out, document };
  }

  it("plans, publishes, and finds the same bytes published", async () => {
    expect((await run("publish rain --file one.onnx --dry-run --json")).document).toMatchObject({
      kind: "publication",
      state: "planned",
      version: "1.0.0",
      change: "first",
      release: null,
    });
    expect(await registry.call("GET", `/repos/${registry.repository}/releases`)).toEqual([]);
    const { status, document } = await run("publish rain --file one.onnx --json");
    expect(status).toBe(0);
    expect(document).toMatchObject({
      kind: "publication",
      schemaVersion: 1,
      model: "rain",
      version: "1.0.0",
      state: "published",
      release: { tag: "rain@1.0.0" },
      assets: [{ name: "one.onnx", bytes: 3 }],
    });
    expect((await run("publish rain --file one.onnx --json")).document).toMatchObject({ state: "unchanged" });
    const release = await registry.call("GET", `/repos/${registry.repository}/releases/tags/rain@1.0.0`);
    const { body } = release as { readonly body: string };
    const sha256 = createHash("sha256").update("one").digest("hex");
    expect(body).toMatch(/^# rain 1\.0\.0\n/);
    expect(body).toContain(`| \`one.onnx\` | 3 | \`${sha256}\` |`);
    expect(body).toContain("`modelgate registry download rain@1.0.0 --out DIR`");
  });

  it.each([
    ["publish rain --file two.onnx --version 1.0.0", 1, /exists with other bytes/],
    ["publish rain --file one.onnx --version 2.0.0", 1, /are already version 1.0.0/],
    ["publish rain --file two.onnx --version 1.10", 2, /not a version[\s\S]*1\.10\.0/],
    ["publish rain --file two.onnx --version v1", 2, /not a version[\s\S]*did you mean 1\.0\.0/],
    ["publish rain --file two.onnx --version 01.2.3", 2, /not a version[\s\S]*did you mean 1\.2\.3/],
    ["publish rain --file manifest.json", 2, /every release has a manifest\.json of its own[\s\S]*rename it/],
    ["publish rain --file missing.onnx", 2, /no such file/],
    ["publish rain --file empty.onnx", 2, /empty file/],
    ["publish rian --file one.onnx", 2, /did you mean `rain`/],
    ["publish ../rain --file one.onnx", 2, /does not name this model|not a name of a model/],
    ["promote rain 1.0.0 production", 1, /never in staging/],
    ["promote rain 9.9.9 staging", 2, /no such version/],
    ["promote rain 1.0.0 qa", 2, /no stage qa[\s\S]*staging, production/],
    ["rollback rain", 1, /holds no version/],
    ["registry verify --model snow", 2, /no model snow/],
    ["registry resolve rain", 2, /MODEL@STAGE or MODEL@VERSION/],
    ["registry resolve rain@production", 2, /holds no version/],
    ["registry resolve snow@production", 2, /no model snow/],
    ["registry show snow", 2, /no model snow/],
    ["registry history --at yesterday", 2, /not a date/],
    ["registry list --repo nobody/nothing", 3, /no such thing, or the token may not see it/],
  ])("%s exits %i", async (command, status, message) => {
    const { status: got, stderr, stdout } = await run(command);
    expect(stderr).toMatch(message);
    expect(got).toBe(status);
    expect(stdout).toBe("");
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(stderr).not.toContain(registry.github.token);
  });

  it("publishes nothing while the card lacks a required section, and shows what people wrote", async () => {
    const folder = join(registry.folder, "carded");
    mkdirSync(join(folder, ".github"), { recursive: true });
    const config = "models: { rain: { card: { file: CARD.md, required: [purpose, limits] } } }";
    writeFileSync(join(folder, ".github/modelgate.yml"), config);
    writeFileSync(join(folder, "CARD.md"), "## Intended use\nUmbrellas.\n");
    const at = `--config ${join(folder, ".github/modelgate.yml")} --json`;
    const refused = await run(`publish rain --file one.onnx --version 5.0.0-rc.1 --dry-run ${at}`);
    expect(refused).toMatchObject({
      status: 1,
      document: {
        problems: [
          { message: "the model card of rain lacks required sections: limits", hint: "write `## limits` in CARD.md" },
        ],
      },
    });
    expect((await run(`card rain ${at}`)).document).toMatchObject({ missing: ["limits"] });
    writeFileSync(join(folder, "CARD.md"), "## Intended use\nUmbrellas.\n## Limits\nNo snow.\n");
    expect((await run(`publish rain --file one.onnx --version 5.0.0-rc.1 --dry-run ${at}`)).status).toBe(0);
    const { document } = await run(`card rain ${at}`);
    expect(document).toMatchObject({ missing: [], markdown: expect.stringContaining("## Limits\n\nNo snow.") });
  });

  it("left the registry as it was", async () => {
    expect((await run("registry history --json")).document).toMatchObject({
      events: [{ event: "reserve" }, { event: "available" }],
    });
  });

  it("says what a token lacks, and that a wrong one is wrong", async () => {
    const { token } = (await registry.call("POST", "/_local/users", {
      login: "reader",
      repo: registry.repository,
      role: "read",
    })) as { readonly token: string };
    const refused = await run("publish rain --file two.onnx", { GITHUB_TOKEN: token });
    expect(refused.stderr).toMatch(/may not|no such thing/);
    expect(refused.status).toBe(3);
    const wrong = await run("publish rain --file two.onnx --json", { GITHUB_TOKEN: "ghp_wrong" });
    expect(wrong.status).toBe(3);
    expect(wrong.document).toMatchObject({
      kind: "error",
      problems: [{ message: "GitHub does not accept the token" }],
    });
    expect(wrong.stdout + wrong.stderr).not.toContain("ghp_wrong");
  });

  it("promotes, rolls back and tells the story as documents", async () => {
    await run("publish rain --file two.onnx");
    for (const version of ["1.0.0", "1.1.0"])
      for (const stage of ["staging", "production"])
        expect((await run(`promote rain ${version} ${stage}`)).status).toBe(0);
    expect((await run("rollback rain --reason drift --dry-run --json")).document).toMatchObject({
      kind: "stage-change",
      from: "1.1.0",
      to: "1.0.0",
      event: null,
    });
    expect((await run("rollback rain --reason drift --json")).document).toMatchObject({
      kind: "stage-change",
      model: "rain",
      stage: "production",
      from: "1.1.0",
      to: "1.0.0",
      actor: registry.github.owner,
      reason: "drift",
    });
    expect((await run("registry resolve rain@production")).stdout).toBe("1.0.0\n");
    expect((await run("registry list --json")).document).toMatchObject({
      kind: "registry-state",
      models: [{ name: "rain", stages: { staging: "1.1.0", production: "1.0.0" } }],
    });
    expect((await run("registry verify --json")).document).toMatchObject({
      kind: "registry-verification",
      holds: true,
      events: 9,
      firstBad: null,
      problems: [],
    });
  });

  it("exits 1 when an asset was replaced by hand", async () => {
    const releases = (await registry.call("GET", `/repos/${registry.repository}/releases`)) as {
      readonly tag_name: string;
      readonly upload_url: string;
      readonly assets: readonly { readonly id: number; readonly name: string }[];
    }[];
    const release = releases.find((each) => each.tag_name === "rain@1.1.0");
    const asset = release?.assets.find((each) => each.name === "two.onnx");
    await registry.call("DELETE", `/repos/${registry.repository}/releases/assets/${asset?.id}`);
    await fetch(`${release?.upload_url.replace(/\{.*/, "")}?name=two.onnx`, {
      method: "POST",
      headers: { authorization: `Bearer ${registry.github.token}`, "content-type": "application/octet-stream" },
      body: "poison",
    });
    const { status, document } = await run("registry verify --json");
    expect(status).toBe(1);
    expect(document).toMatchObject({
      holds: false,
      firstBad: { sequence: 4, problem: "rain@1.1.0: two.onnx was replaced" },
    });
    const fetched = await run("registry download rain@1.1.0 --out stolen");
    expect(fetched.stderr).toMatch(/not what was published/);
    expect(fetched.status).toBe(1);
    expect((await run("rollback rain --to 1.1.0")).stderr).toMatch(/not those that were published/);
  });

  it("thins out what no rule keeps, and never what a stage holds", async () => {
    const plan = await run("registry gc rain --keep-last 1 --dry-run --json");
    expect(plan.document).toMatchObject({
      state: "planned",
      models: [
        {
          versions: [
            { version: "1.0.0", keep: true, reason: "production holds it" },
            { version: "1.1.0", keep: true },
          ],
        },
      ],
    });
  });

  it("is read by programs through openRegistry, at no quota when nothing changed", async () => {
    const opened = openRegistry({
      repository: registry.repository,
      token: registry.github.token,
      apiUrl: registry.github.url,
    });
    expect(await opened.resolve("rain@production")).toMatchObject({ version: "1.0.0", tag: "rain@1.0.0" });
    const requests = await registry.count(() => opened.resolve("rain@production"));
    expect(requests.map((entry) => entry.status)).toEqual([304]);
    expect((await opened.show("rain")).versions).toHaveLength(2);
  });
});
