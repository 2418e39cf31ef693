// `init` writes what this repository needs and never over what is there; `doctor` says what is wrong and mends it from its plan.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseConfig } from "../../src/config/parse.ts";
import { createFolder, type Folder } from "./run-in-folder.ts";

let folder: Folder;
beforeEach(() => {
  folder = createFolder();
});
afterEach(() => folder.remove());

const read = (file: string) => readFileSync(join(folder.path, file), "utf8");
const config = ".github/modelgate.yml";
const workflows = ["pull-request", "main", "monitor"].map((name) => `.github/workflows/modelgate-${name}.yml`);

describe("modelgate init", () => {
  it("finds data, label, time, task and a split by time", async () => {
    const days = Array.from({ length: 50 }, (_, index) =>
      new Date(Date.UTC(2026, 0, 1 + index)).toISOString().slice(0, 10),
    );
    folder.write(
      "data/days.csv",
      `id,date,wind,rained\n${days.map((day, index) => `${index},${day},${index % 7},${index % 2}`).join("\n")}\n`,
    );
    const { status } = await folder.run("init");
    expect(status).toBe(0);
    const [model] = [...parseConfig(read(config), config).models.values()];
    expect(model).toMatchObject({
      task: "binary",
      label: "rained",
      id: "id",
      time: "date",
      data: { train: { source: "data/days.csv" }, evaluation: { by: "time", window: { from: "2026-02-10" } } },
      train: { trainer: "tfjs" },
      inconclusive: "warn",
    });
    for (const file of workflows) expect(existsSync(join(folder.path, file))).toBe(true);
    const document = JSON.parse((await folder.run("doctor --json")).stdout);
    expect(document.checks.find(({ id }: { id: string }) => id === "workflow-main").outcome).toBe("ok");
  });

  it("takes a program that trains, and writes a config that can be read whatever it finds", async () => {
    folder.write("src/train.py", "");
    folder.write("requirements.txt", "");
    folder.write("data/broken.csv", 'a,b\n1,"2\n');
    expect((await folder.run("init")).status).toBe(0);
    const [model] = [...parseConfig(read(config), config).models.values()];
    expect(model?.train?.command?.words).toEqual(["python", "src/train.py"]);
    expect(model?.train?.setup?.words).toEqual(["pip", "install", "-r", "requirements.txt"]);
  });

  it("keeps what is there, and says so; --force replaces it", async () => {
    folder.write(config, "models: { mine: {} }\n");
    const first = await folder.run("init");
    expect(first.stdout).toMatch(/kept +\.github\/modelgate\.yml/);
    expect(read(config)).toBe("models: { mine: {} }\n");
    const second = JSON.parse((await folder.run("init --force --json")).stdout);
    expect(second).toMatchObject({
      kind: "init",
      schemaVersion: 1,
      files: [{ path: config, state: "replaced" }, {}, {}, {}],
    });
    expect(read(config)).not.toContain("mine");
  });

  it("only plans in a dry run", async () => {
    const { stdout } = await folder.run("init --dry-run --json");
    expect(JSON.parse(stdout).files[0]).toMatchObject({ path: config, state: "planned" });
    expect(existsSync(join(folder.path, config))).toBe(false);
  });
});

describe("modelgate doctor", () => {
  it("finds what is missing, prints the plan, and mends it when asked", async () => {
    folder.write(
      config,
      "models: { rain: { data: { source: data/gone.csv }, train: { command: [python, gone.py] } } }\n",
    );
    folder.write("modelgate.lock", JSON.stringify({ version: 1, models: { rian: { train: null, evaluation: null } } }));
    const sick = await folder.run("doctor");
    expect(sick.status).toBe(1);
    expect(sick.stdout).toContain("modelgate.lock pins data of rian");
    expect(sick.stdout).toContain("did you mean rain?");
    expect(sick.stdout).toContain("data/gone.csv is not there");
    expect(sick.stdout).toContain("the program gone.py is not there");
    expect(sick.stdout).toContain("the data of rain is not pinned");
    expect(sick.stdout).toContain("`--repair` would:");
    expect(existsSync(join(folder.path, workflows[0] ?? ""))).toBe(false);
    const mended = JSON.parse((await folder.run("doctor --repair --json")).stdout);
    expect(mended.plan.map(({ path, done }: { path: string; done: boolean }) => [path, done])).toEqual([
      ["modelgate.lock", true],
      [".github/workflows/modelgate-pull-request.yml", true],
      [".github/workflows/modelgate-main.yml", true],
    ]);
    expect(JSON.parse(read("modelgate.lock")).models).toEqual({});
    const left = await folder.run("doctor");
    expect(left.stdout).not.toContain("rian");
    expect(left.stdout).not.toContain("`--repair` would:");
  });

  it("is content with a model that is only named", async () => {
    folder.write(config, "models: { m: {} }\n");
    await folder.run("doctor --repair");
    const { status, stdout } = await folder.run("doctor");
    expect(status).toBe(0);
    expect(stdout).toContain("Everything is in order.");
  });

  it("warns of a workflow at a branch", async () => {
    folder.write(config, "models: { m: {} }\n");
    folder.write(
      ".github/workflows/ci.yml",
      "on: push\njobs:\n  a:\n    uses: modelgate/modelgate/.github/workflows/pull-request.yml@main\n",
    );
    expect((await folder.run("doctor")).stdout).toContain("ci.yml calls the pull-request workflow at main");
  });

  it("names the permissions that a workflow does not grant", async () => {
    folder.write(config, "models: { m: {} }\n");
    const job = "uses: modelgate/modelgate/.github/workflows/main.yml@v1";
    folder.write(".github/workflows/ci.yml", `on: push\npermissions: { contents: read }\njobs:\n  a:\n    ${job}\n`);
    const { status, stdout } = await folder.run("doctor");
    expect(status).toBe(1);
    expect(stdout).toContain("ci.yml grants less than the main workflow needs");
    expect(stdout).toContain("permissions: { actions: read, contents: write, issues: write, pull-requests: read }");
  });
});

describe("a config that is wrong, through the command", () => {
  it.each<[string, string | Uint8Array | null, RegExp]>([
    ["missing", null, /no \.github\/modelgate\.yml/],
    ["empty", "", /is empty/],
    ["64 KiB + 1", `models: { m: {} }\n#${"x".repeat(65_536)}`, /too large/],
    ["not UTF-8", new Uint8Array([0x6d, 0xff, 0xfe]), /not UTF-8/],
    ["two documents", "models: { m: {} }\n---\na: 1\n", /more than one document/],
    ["2,000 levels", `models: ${"[".repeat(2000)}`, /nested too deeply/],
    ["__proto__", "models: { __proto__: {}, m: {} }", /cannot be used as a key/],
    ["version: 1.10", "version: 1.10\nmodels: { m: {} }", /not allowed/],
  ])("%s: exit 2, one document, no stack", async (_, content, message) => {
    if (content !== null) folder.write(config, content);
    const { status, stdout } = await folder.run("doctor --json");
    expect(status).toBe(2);
    const document = JSON.parse(stdout);
    expect(document).toMatchObject({ kind: "error", schemaVersion: 1 });
    expect(document.problems[0].message).toMatch(message);
    const told = await folder.run("doctor");
    expect(told.stdout).toBe("");
    expect(told.stderr).toMatch(message);
    expect(told.stderr).not.toMatch(/\n\s+at /);
  });

  it("is found from a folder below, and by --config", async () => {
    folder.write(config, "models: { m: {} }\n");
    folder.write("elsewhere.yml", "models: { other: {} }\n");
    const { stdout } = await folder.run("card other --config elsewhere.yml --json");
    expect(JSON.parse(stdout)).toMatchObject({ kind: "model-card", model: "other" });
    expect((await folder.run("card other")).stderr).toContain("does not name this model");
    const nearest = JSON.parse((await folder.run("card n --json")).stdout);
    expect(nearest.problems[0]).toMatchObject({ received: "n", expected: "one of m", hint: "did you mean `m`?" });
    expect((await folder.run("card m --config nothing.yml")).status).toBe(2);
  });
});
