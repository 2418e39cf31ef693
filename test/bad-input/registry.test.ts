// A registry that somebody meddled with, or that is asked for what it may not do: one clear message through the command, and
// ledger, releases and tags as they were.
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { renderCanonicalJson } from "../../src/json/canonical-json.ts";
import { createFolder, type Folder } from "../cli/run-in-folder.ts";
import { type LocalRegistry, startLocalRegistry } from "../commands/local-registry.ts";
import { replaceAsset } from "../commands/replace-asset.ts";
import { expectFailure } from "./expect-failure.ts";

let registry: LocalRegistry;
let folder: Folder;
let environment: Record<string, string>;
let at: string;
let whole: string;

interface Release {
  readonly id: number;
  readonly tag_name: string;
  readonly draft: boolean;
  readonly assets: readonly { readonly id: number; readonly name: string; readonly digest: string }[];
}

beforeAll(async () => {
  registry = await startLocalRegistry();
  at = `/repos/${registry.repository}`;
  folder = createFolder();
  const stages = "stages: [{ name: staging }, { name: production, promotes-from: staging }]";
  folder.write(".github/modelgate.yml", `models:\n  rain: { ${stages} }\n`);
  for (const name of ["one", "two", "three", "four"]) folder.write(`${name}.onnx`, name);
  environment = {
    GITHUB_API_URL: registry.github.url,
    GITHUB_TOKEN: registry.github.token,
    GITHUB_REPOSITORY: registry.repository,
    MODELGATE_RETRY_SECONDS: "2",
  };
  for (const [bytes, version] of [
    ["one", "1.0.0"],
    ["two", "1.1.0"],
  ] as const) {
    await registry.publish(bytes, { version });
    for (const stage of ["staging", "production"]) await registry.promote(version, stage);
  }
  whole = await readHead();
});
afterAll(async () => {
  folder.remove();
  await registry.stop();
});
afterEach(async () => {
  await registry.clearFaults();
  await setHead(whole);
});

const ledger = "git/refs/heads/modelgate/ledger";
const readHead = async () =>
  ((await registry.call("GET", `${at}/git/ref/heads/modelgate/ledger`)) as { object: { sha: string } }).object.sha;
const setHead = (sha: string) => registry.call("PATCH", `${at}/${ledger}`, { sha, force: true });
const readReleases = async () => {
  const text = JSON.stringify(await registry.call("GET", `${at}/releases?per_page=100`));
  return JSON.parse(text.replaceAll(/"download_count":\d+/g, '"download_count":0')) as readonly Release[];
};
const readState = async () => ({
  head: await readHead(),
  releases: await readReleases(),
  tags: await registry.call("GET", `${at}/tags`),
});

/** The command fails so, says how to go on, and leaves all on GitHub as it was. */
async function refuses(command: string, status: 1 | 2 | 3, message: RegExp, more: Record<string, string> = {}) {
  const before = await readState();
  const problems = await expectFailure(folder, command, { status, message, environment: { ...environment, ...more } });
  const [problem] = problems;
  expect(problem?.hint ?? problem?.expected, `how to mend: ${JSON.stringify(problem)}`).toBeDefined();
  expect(await readState()).toEqual(before);
  return problems;
}

describe("what may not be", () => {
  it.each<[string, 1 | 2, RegExp]>([
    [
      "publish rain --file three.onnx --version 1.0.0",
      1,
      /version 1\.0\.0 of rain exists with other bytes\n {2}expected: content/,
    ],
    ["publish rain --file three.onnx --version 1.10", 2, /not a version[\s\S]*1\.10\.0/],
    ["publish rain --file three.onnx --version v1", 2, /not a version[\s\S]*1\.0\.0/],
    ["publish rain --file three.onnx --version 01.2.3", 2, /not a version/],
    ["promote rain 1.10 staging", 2, /not a version/],
    ["registry resolve rain@01.2.3", 2, /./],
    ["publish a/b --file three.onnx", 2, /does not name this model|not a name of a model/],
    ["publish größe --file three.onnx", 2, /does not name this model|not a name of a model/],
    ["publish .. --file three.onnx", 2, /does not name this model|not a name of a model/],
    ["registry show a/b", 2, /not a name of a model/],
    ["registry show größe", 2, /not a name of a model/],
    ["registry show ..", 2, /not a name of a model/],
    ["registry download ../x@1.0.0 --out out", 2, /not a name of a model/],
  ])("`%s` exits %i", (command, status, message) => refuses(command, status, message).then(() => {}));

  it.each(["a/b", "two words", "größe", "..", "a..b"])("a config that calls a model `%s`", async (name) => {
    const file = `odd-${Buffer.from(name).toString("hex")}.yml`;
    folder.write(file, `models:\n  ${JSON.stringify(name)}: {}\n`);
    const [problem] = await refuses(`registry notify rain@staging --config ${file}`, 2, /models\./);
    expect(problem).toMatchObject({ line: 2, expected: expect.any(String) });
  });

  it("a version in the config that YAML takes for a number", async () => {
    folder.write("number.yml", "models:\n  rain: { baseline: 1.10 }\n");
    const [problem] = await refuses("registry notify rain@staging --config number.yml", 2, /baseline/);
    expect(problem).toMatchObject({ hint: 'put it in quotes: "1.10"' });
  });

  it("more files than a release holds", async () => {
    for (let number = 0; number < 1000; number += 1) folder.write(`many/part-${number}.bin`, String(number));
    await refuses("publish rain --file many", 2, /1,?000/);
    rmSync(join(folder.path, "many"), { recursive: true });
  });

  it.each(["publish rain --file three.onnx", "promote rain 1.0.0 production", "rollback rain --reason no"])(
    "`%s` with a token that may only read",
    async (command) => {
      const { token } = (await registry.call("POST", "/_local/users", {
        login: "reader",
        repo: registry.repository,
        role: "read",
      })) as { readonly token: string };
      await refuses(command, 3, /may not|no such thing, or the token may not see it/, { GITHUB_TOKEN: token });
    },
  );

  it("a tag that a ruleset forbids: the draft goes, and the publish ends well without the rule", async () => {
    const { id } = (await registry.call("POST", `${at}/rulesets`, {
      name: "no tags of models",
      target: "tag",
      enforcement: "active",
      conditions: { ref_name: { include: ["refs/tags/rain@*"], exclude: [] } },
      rules: [{ type: "creation" }],
    })) as { readonly id: number };
    const [releases, tags] = [await readReleases(), await registry.call("GET", `${at}/tags`)];
    await expectFailure(folder, "publish rain --file three.onnx", {
      status: 1,
      message: /ruleset of the repository does not let the tag rain@1\.2\.0 be made[\s\S]*Settings → Rules/,
      environment,
    });
    expect([await readReleases(), await registry.call("GET", `${at}/tags`)]).toEqual([releases, tags]);
    expect((await folder.run("registry verify", environment)).status).toBe(0);
    await registry.call("DELETE", `${at}/rulesets/${id}`);
    expect((await folder.run("publish rain --file three.onnx", environment)).stdout).toMatch(
      /rain 1\.2\.0|rain@1\.2\.0/,
    );
    whole = await readHead();
  });
});

interface Written {
  readonly message: string;
  readonly tree: string;
}

async function verify() {
  const { status, stdout } = await folder.run("registry verify --json", environment);
  const { firstBad, problems, holds } = JSON.parse(stdout);
  return { status, firstBad, problems, holds };
}

/** The ledger with its commits as `change` wants them, pushed by force; commits before the first change stay what they are. */
async function rewrite(change: (commits: readonly Written[]) => readonly Written[]): Promise<void> {
  const commits = (await registry.call("GET", `${at}/commits?sha=modelgate/ledger&per_page=100`)) as readonly {
    readonly sha: string;
    readonly commit: { readonly message: string; readonly tree: { readonly sha: string } };
  }[];
  const written = commits.map(({ sha, commit }) => ({ sha, message: commit.message, tree: commit.tree.sha })).reverse();
  let parent: string | null = null;
  let same = true;
  for (const [index, { message, tree }] of change(written).entries()) {
    const old: (typeof written)[number] | undefined = written[index];
    same &&= old?.message === message;
    if (same && old !== undefined) {
      parent = old.sha;
      continue;
    }
    const parents: readonly string[] = parent === null ? [] : [parent];
    const made = (await registry.call("POST", `${at}/git/commits`, { message, tree, parents })) as { sha: string };
    parent = made.sha;
  }
  await setHead(parent ?? "");
}

/** The doctor offers nothing that builds on what does not hold, and names the commit to go back to; from there on the registry holds. */
async function putBackAsTheDoctorSays() {
  const { stdout } = await folder.run("doctor --json", environment);
  const { checks, plan } = JSON.parse(stdout);
  const found = checks.find(({ id }: { id: string }) => id === "broken-chain" || id === "lost-events");
  const sha = /-f sha=([0-9a-f]{40}) -F force=true/.exec(found?.hint ?? "")?.[1];
  expect(sha, JSON.stringify(checks)).toBeDefined();
  expect(plan.filter(({ path }: { path: string }) => !path.startsWith(".github/"))).toEqual([]);
  await setHead(sha ?? "");
  const after = JSON.parse((await folder.run("doctor --json", environment)).stdout).checks;
  expect(after.map(({ id }: { id: string }) => id)).not.toContain("broken-chain");
  expect(after.map(({ id }: { id: string }) => id)).not.toContain("lost-events");
}

describe("a ledger that somebody pushed by force", () => {
  const edit = ({ message, tree }: Written): Written => {
    const [title = "", body = ""] = message.split("\n\n");
    const event = JSON.parse(body) as object;
    return { message: `${title}\n\n${renderCanonicalJson({ ...event, actor: "mallory" })}\n`, tree };
  };
  const swap = (list: readonly Written[], from: number): readonly Written[] =>
    list.map((commit, index) => list[index === from ? from + 1 : index === from + 1 ? from : index] ?? commit);
  it.each<[string, (list: readonly Written[]) => readonly Written[], number, RegExp]>([
    ["edited", (list) => list.map((commit, index) => (index === 4 ? edit(commit) : commit)), 5, /edited|changed/],
    ["removed", (list) => list.toSpliced(4, 1), 5, /event 6 stands in the place of event 5/],
    ["reordered", (list) => swap(list, 4), 5, /event 6 stands in the place of event 5/],
    ["there twice", (list) => list.toSpliced(5, 0, list[4] as Written), 6, /event 5 stands in the place of event 6/],
    [
      "written by somebody else",
      (list) => [...list, { message: "hello\n", tree: list.at(-1)?.tree ?? "" }],
      11,
      /carries no event/,
    ],
  ])("an event is %s: verify names it", async (_, change, sequence, problem) => {
    const before = await readReleases();
    await rewrite(change);
    const found = await verify();
    expect(found).toMatchObject({ status: 1, holds: false, firstBad: { sequence } });
    await putBackAsTheDoctorSays();
    expect(found.problems.map((each: { problem: string }) => each.problem).join("\n")).toMatch(problem);
    expect(await readReleases()).toEqual(before);
  });

  it("its end is cut: a manifest tells, and no number is given twice", async () => {
    await rewrite((list) => list.slice(0, 2));
    expect(await verify()).toMatchObject({
      status: 1,
      firstBad: { sequence: 3, problem: expect.stringMatching(/it was cut/) },
    });
    const cut = await readHead();
    await putBackAsTheDoctorSays();
    await setHead(cut);
    // The ledger has forgotten 1.1.0, the release has not.
    const before = await readReleases();
    await expectFailure(folder, "publish rain --file three.onnx --version 1.1.0", {
      status: 1,
      message: /a release with the tag rain@1\.1\.0 is published and holds other files[\s\S]*modelgate doctor/,
      environment,
    });
    expect(await readReleases()).toEqual(before);
  });

  it("its newest commit is no event: nothing is built on it", async () => {
    await rewrite((list) => [...list, { message: "hello\n", tree: list.at(-1)?.tree ?? "" }]);
    for (const command of ["publish rain --file four.onnx", "promote rain 1.0.0 staging", "rollback rain"])
      await refuses(command, 1, /newest commit of the ledger is not an event of Modelgate[\s\S]*registry verify/);
  });

  it("it is deleted: every manifest tells", async () => {
    await registry.call("DELETE", `${at}/${ledger}`);
    const found = await verify();
    expect(found).toMatchObject({ status: 1, holds: false });
    expect(found.problems[0].problem).toMatch(/it was cut/);
    const { stdout } = await folder.run("doctor --json", environment);
    expect(stdout).toMatch(/gh api repos\/[^ ]+\/git\/refs -f ref=refs\/heads\/modelgate\/ledger -f sha=[0-9a-f]{40}/);
    await registry.call("POST", `${at}/git/refs`, { ref: "refs/heads/modelgate/ledger", sha: whole });
  });
});

describe("a release that somebody changed by hand", () => {
  it("a file that the server cuts off every time: nothing is kept that could be taken for the model", async () => {
    await registry.setFaults([
      { method: "GET", path: "/repos/*/releases/assets/*", times: 1000, when: "after", truncate: true },
    ]);
    const out = join(registry.folder, "cut");
    await refuses(
      `registry download rain@1.0.0 --out ${out}`,
      3,
      /model\.onnx ended too early[\s\S]*3 bytes[\s\S]*run the same/,
    );
    expect(existsSync(out) ? readdirSync(out).filter((name) => name === "model.onnx") : []).toEqual([]);
  });

  it("an asset that was replaced: read, verified, gone back to, put into a stage, it is refused with both digests", async () => {
    await replaceAsset(registry, registry.repository, "rain@1.0.0", "model.onnx");
    const digests = { expected: expect.stringMatching(/sha256/), received: expect.stringMatching(/sha256/) };
    for (const command of [
      "rollback rain --to 1.0.0",
      "promote rain 1.0.0 staging",
      "promote rain 1.0.0 staging --dry-run",
    ]) {
      const [problem, ...more] = await refuses(
        command,
        1,
        /the bytes of model\.onnx of rain@1\.0\.0 are not those that were published/,
      );
      expect(problem).toMatchObject(digests);
      expect(more).toEqual([]);
    }
    await refuses(
      `registry download rain@1.0.0 --out ${join(registry.folder, "poisoned")}`,
      1,
      /not what was published/,
    );
    expect(await verify()).toMatchObject({ status: 1, firstBad: { problem: "rain@1.0.0: model.onnx was replaced" } });
  });

  it("a release that was deleted", async () => {
    const release = (await readReleases()).find(({ tag_name }) => tag_name === "rain@1.0.0");
    await registry.call("DELETE", `${at}/releases/${release?.id}`);
    for (const command of ["rollback rain --to 1.0.0", "promote rain 1.0.0 production"])
      await refuses(command, 1, /the release of rain@1\.0\.0 is gone/);
    await refuses(`registry download rain@1.0.0 --out ${join(registry.folder, "gone")}`, 1, /gone|no release/);
    expect(await verify()).toMatchObject({ status: 1, firstBad: { problem: "rain@1.0.0: its release is gone" } });
    // The next that was good is 1.0.0, and it cannot be served.
    await refuses("rollback rain --reason no", 1, /the release of rain@1\.0\.0 is gone/);
  });
});
