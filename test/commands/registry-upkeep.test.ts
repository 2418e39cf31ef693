// Keeping a registry in order on GitHub: the doctor through its command, rulesets as they are printed, what retention may not touch.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runProgram } from "../../src/cli/program.ts";
import { type LocalRegistry, startLocalRegistry } from "./local-registry.ts";
import { replaceAsset } from "./replace-asset.ts";

describe("upkeep of a registry", () => {
  let registry: LocalRegistry;
  beforeAll(async () => {
    registry = await startLocalRegistry();
    mkdirSync(join(registry.folder, ".github"));
    writeFileSync(join(registry.folder, ".github/modelgate.yml"), "models: { rain: {} }\n");
    for (const [bytes, version] of [
      ["one", "1.0.0"],
      ["two", "1.1.0"],
      ["three", "1.2.0"],
      ["four", "1.3.0"],
    ] as const)
      await registry.publish(bytes, { version });
    await registry.promote("1.3.0", "production");
  });
  afterAll(() => registry.stop());

  async function run(command: string, now = new Date()) {
    const out = { stdout: "", stderr: "" };
    const environment = { ...registry.context.environment, GITHUB_REPOSITORY: registry.repository };
    const note = (stream: "stdout" | "stderr") => (text: string) => {
      out[stream] += `${text}\n`;
    };
    const terminal = { stdout: note("stdout"), stderr: note("stderr") };
    const context = { ...registry.context, environment, progress: note("stderr"), now: () => now };
    const status = await runProgram(command.split(" "), context, terminal, "0.0.0");
    return { status, ...out, document: command.includes("--json") ? JSON.parse(out.stdout) : null };
  }
  const names = async (what: string) =>
    (
      (await registry.call("GET", `/repos/${registry.repository}/${what}?per_page=100`)) as Record<string, string>[]
    ).map((each) => each["name"] ?? each["tag_name"]);

  it("lets a version go with its release and its tag, but none that a deployment needs", async () => {
    const deploy = async (ref: string, state: string) => {
      const { id } = (await registry.call("POST", `/repos/${registry.repository}/deployments`, {
        ref,
        environment: ref,
        auto_merge: false,
        required_contexts: [],
      })) as { id: number };
      await registry.call("POST", `/repos/${registry.repository}/deployments/${id}/statuses`, { state });
    };
    await deploy("rain@1.0.0", "success");
    await deploy("rain@1.1.0", "failure");
    const planned = (await run("registry gc rain --keep-last 1 --dry-run --json")).document;
    expect(await names("tags")).toContain("rain@1.1.0");
    const { document } = await run("registry gc rain --keep-last 1 --json");
    expect(document.models).toEqual(planned.models);
    expect(document.models[0].versions.map(({ version, reason }: Record<string, string>) => [version, reason])).toEqual(
      [
        ["1.0.0", expect.stringMatching(/^deployed to rain@1\.0\.0 \(deployment \d+\)$/)],
        ["1.1.0", "no rule keeps it"],
        ["1.2.0", "no rule keeps it"],
        ["1.3.0", "production holds it"],
      ],
    );
    expect((await names("tags")).sort()).toEqual(["rain@1.0.0", "rain@1.3.0"]);
    expect((await names("releases")).sort()).toEqual(["rain 1.0.0", "rain 1.3.0"]);
    const { document: shown } = await run("registry show rain --json");
    const gone = shown.models[0].versions.find(({ version }: { version: string }) => version === "1.1.0");
    expect(gone).toMatchObject({
      state: "deleted",
      assets: [{ name: "model.onnx" }],
      createdBy: registry.github.owner,
    });
    expect((await run("registry verify --json")).document.holds).toBe(true);
  });

  it("finds what was left behind, says so, and sets it right in one run", async () => {
    const at = `/repos/${registry.repository}`;
    await registry.setFaults([{ method: "POST", path: "*/assets", when: "before", status: 500, times: 1000 }]);
    await registry.publish("stopped at its uploads").catch(() => {});
    await registry.clearFaults();
    const releases = (await registry.call("GET", `${at}/releases`)) as { id: number; tag_name: string }[];
    const first = releases.find(({ tag_name }) => tag_name === "rain@1.0.0");
    await registry.call("DELETE", `${at}/releases/${first?.id}`);
    const soon = new Date(Date.now() + 2 * 3_600_000);
    const { document, status } = await run("doctor --json", soon);
    expect(status).toBe(1);
    const ids = document.checks.map(({ id, outcome }: Record<string, string>) => `${id} ${outcome}`);
    expect(ids).toContain("half-done-publish problem");
    expect(ids).toContain("missing-release problem");
    expect(document.plan.map(({ done }: { done: boolean }) => done)).not.toContain(true);
    await run("doctor --repair --json", soon);
    const after = (await run("doctor --json", soon)).document;
    const left = after.checks.filter(
      ({ id, outcome }: Record<string, string>) => id === "registry" || outcome === "problem",
    );
    expect(left.map(({ message }: { message: string }) => message)).toEqual([
      expect.stringMatching(/^the registry holds: \d+ events$/),
      ...left.slice(1).map(() => expect.anything()),
    ]);
    expect(after.checks.map(({ id }: { id: string }) => id)).toContain("leftovers");
    expect((await names("tags")).sort()).toEqual(["rain@1.3.0"]);
    expect(await names("releases")).toEqual(["rain 1.3.0"]);
  });

  it("prints rulesets that GitHub takes, under which the registry works and nobody rewrites it", async () => {
    const at = `/repos/${registry.repository}`;
    const advice = (await run("doctor --json")).document.checks.find(
      ({ id }: { id: string }) => id === "ledger-protection",
    );
    expect(advice).toMatchObject({ outcome: "advice", hint: expect.stringContaining("modelgate registry rulesets") });
    const { stdout } = await run("registry rulesets");
    for (const line of stdout.trim().split("\n")) await registry.call("POST", `${at}/rulesets`, JSON.parse(line));
    await registry.publish("under rules", { version: "2.0.0" });
    await registry.publish("under rules, again", { version: "2.1.0" });
    await registry.promote("2.1.0", "production");
    const { object } = (await registry.call("GET", `${at}/git/ref/heads/main`)) as { object: { sha: string } };
    const ledger = `${at}/git/refs/heads/modelgate/ledger`;
    await expect(registry.call("PATCH", ledger, { sha: object.sha, force: true })).rejects.toThrow(/422/);
    await expect(registry.call("DELETE", ledger)).rejects.toThrow(/422/);
    await expect(registry.call("DELETE", `${at}/git/refs/tags/rain@2.0.0`)).rejects.toThrow(/422/);
    const { status, stderr } = await run("registry gc rain --keep-last 1");
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: expect.stringMatching(/rain@2\.0\.0: a ruleset keeps the tag/),
    });
    const { document } = await run("doctor --json");
    expect(document.checks.map(({ id, outcome }: Record<string, string>) => `${id} ${outcome}`)).toEqual(
      expect.arrayContaining(["registry ok", "orphan-tag advice", "ledger-protection ok"]),
    );
  });

  it("keeps what a stage took since the plan was made, and says so", async () => {
    for (const version of ["3.0.0", "3.1.0", "3.2.0"]) await registry.publish(version, { version });
    await registry.setFaults([{ method: "GET", path: "*/deployments", times: 1, when: "before", delayMs: 1500 }]);
    const before = ((await registry.call("GET", "/_local/requests")) as { n: number }[]).at(-1)?.n ?? 0;
    const running = run("registry gc rain --keep-last 1 --json");
    const asked = async () => JSON.stringify(await registry.call("GET", `/_local/requests?since=${before}`));
    while (!(await asked()).includes("/commits")) await new Promise((resolve) => setTimeout(resolve, 20));
    await new Promise((resolve) => setTimeout(resolve, 300));
    await registry.promote("3.0.0", "production");
    const { document } = await running;
    await registry.clearFaults();
    const [told] = document.models as {
      versions: { version: string; keep: boolean; reason: string; bytes: number }[];
    }[];
    const find = (wanted: string) => told?.versions.find(({ version }) => version === wanted);
    expect(find("3.0.0")).toMatchObject({ keep: true, reason: "production holds it since this was planned" });
    const gone = told?.versions.filter(({ keep }) => !keep) ?? [];
    expect(gone.map(({ version }) => version)).toContain("3.1.0");
    expect(document.freedBytes).toBe(gone.reduce((sum, { bytes }) => sum + bytes, 0));
    expect((await run("registry resolve rain@production")).stdout.trim()).toBe("3.0.0");
    expect(await names("releases")).toContain("rain 3.0.0");
  });

  it("puts a replaced file back from one that has the ledger's digest, a part and the manifest as well", async () => {
    await registry.publish("abcdefghij", { version: "4.0.0", partBytes: 4 });
    await registry.promote("4.0.0", "staging");
    const out = join(registry.folder, "copy");
    expect((await run(`registry download rain@4.0.0 --out ${out}`)).status).toBe(0);
    for (const name of ["model.onnx.part-002-of-003", "manifest.json"])
      await replaceAsset(registry, registry.repository, "rain@4.0.0", name);
    writeFileSync(join(registry.folder, "model.onnx"), "abcdefghij");
    const again = await run("publish rain --file model.onnx --version 4.0.0 --json");
    expect(again.status).toBe(1);
    expect(again.document.problems.map(({ message }: { message: string }) => message)).toEqual([
      "the bytes of model.onnx.part-002-of-003 of rain@4.0.0 are not those that were published",
      "the bytes of manifest.json of rain@4.0.0 are not those that were published",
    ]);
    expect((await run("publish rain --file model.onnx --version 4.0.0 --dry-run")).status).toBe(1);
    const find = ({ checks }: { checks: { id: string; message: string; hint?: string }[] }, wanted: string) =>
      checks.find(({ id }) => id === wanted);
    const found = find((await run("doctor --json")).document, "replaced-asset");
    expect(found?.message).toMatch(
      /rain@4\.0\.0: its release does not hold any more[\s\S]*model\.onnx .*manifest\.json/,
    );
    expect(found?.hint).toMatch(/modelgate doctor --repair --file PATH --file PATH/);
    // One of two is not enough, and nothing is done by halves.
    const half = (await run("doctor --file copy/model.onnx --json")).document;
    expect(find(half, "file")?.message).toMatch(/^copy\/model\.onnx .* is left alone/);
    const planned = (await run("doctor --file copy --json")).document.plan;
    const what =
      "rain@4.0.0: upload copy/model.onnx, copy/manifest.json to rain@4.0.0 again, as model.onnx, manifest.json";
    expect(planned).toContainEqual({ path: "replaced-asset rain@4.0.0", what, done: false });
    expect((await run("registry verify")).status).toBe(1);
    const repaired = (await run("doctor --file copy --repair --json")).document;
    expect(repaired.plan).toContainEqual(expect.objectContaining({ what, done: true }));
    // It tells what is there now, not what was.
    expect(find(repaired, "registry")).toMatchObject({ outcome: "ok" });
    expect(find(repaired, "replaced-asset")).toBeUndefined();
    expect((await run("registry verify")).status).toBe(0);
    expect((await run("publish rain --file model.onnx --version 4.0.0")).stdout).toMatch(/published already/);
    expect((await run(`registry download rain@staging --out ${join(registry.folder, "new")}`)).status).toBe(0);
    expect(await run("doctor --file nowhere.onnx --json")).toMatchObject({ status: 2 });
  });

  it("deletes nothing by a metric that no version has, and takes sizes as people write them", async () => {
    for (const [flags, message] of [
      ["--keep-best roc_acu:3", /no version was measured by this metric/],
      ["--keep-best roc_auc:0", /the rule does not fit/],
      ["--budget 1QB", /no number of bytes[\s\S]*GiB/],
    ] as const)
      expect(await run(`registry gc rain --keep-last 1 ${flags}`)).toMatchObject({
        status: 2,
        stderr: expect.stringMatching(message),
      });
    const { document } = await run("registry gc rain --keep-last 1 --budget 0.1kB --dry-run --json");
    expect(document.freedBytes).toBe(0);
    // Another model's versions count as well, and the oldest of all goes first.
    for (const version of ["1.0.0", "1.1.0"]) await registry.publish(`snow ${version}`, { model: "snow", version });
    const plan = async (budget: string) => {
      const { document, stdout } = await run(`registry gc --keep-last 1 --budget ${budget} --dry-run --json`);
      const models = document.models as { name: string; versions: { version: string; keep: boolean }[] }[];
      const gone = models.flatMap(({ name, versions }) =>
        versions.flatMap(({ version, keep }) => (keep ? [] : [`${name} ${version}`])),
      );
      return { gone, total: document.keptBytes + document.freedBytes, stdout };
    };
    const all = await plan("1B");
    expect(all.gone.at(-1)).toBe("snow 1.0.0");
    expect(all.gone.length).toBeGreaterThan(1);
    const [oldest] = all.gone;
    expect((await plan(`${all.total - 1}`)).gone).toEqual([oldest]);
    expect((await run("registry gc --keep-last 1 --budget 1B --dry-run")).stdout).toMatch(
      /\d+ bytes stay, which is more than the budget of 1: rules, stages and deployments keep them/,
    );
  });

  it("prints a third ruleset for the App, and refuses what is no id", async () => {
    const { document } = await run("registry rulesets --app 4711 --json");
    expect(document.rulesets.at(-1)).toMatchObject({
      rules: [{ type: "creation" }, { type: "update" }],
      bypass_actors: [{ actor_id: 4711, actor_type: "Integration" }],
    });
    expect(await run("registry rulesets --app me --json")).toMatchObject({ status: 2 });
  });
});
