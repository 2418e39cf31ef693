// A registry in a repository apart from the code, shared by two; and the repositories that are told of stage moves.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { handleComment } from "../../app/handlers/issue-comment.ts";
import { openSession } from "../../app/session.ts";
import { runProgram } from "../../src/cli/program.ts";
import { createGitHubClient } from "../../src/github/client.ts";
import { openRecordedSession } from "../app/recorded-github.ts";
import { type LocalRegistry, startLocalRegistry } from "./local-registry.ts";
import { replaceAsset } from "./replace-asset.ts";

interface Run {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: one JSON document, read as the test knows it.
  readonly document: any;
}

const listener = [
  "on: { repository_dispatch: { types: [modelgate-stage] } }",
  "jobs:",
  "  follow:",
  "    runs-on: ubuntu-latest",
  "    steps:",
  '      - run: test "$VERSION" = 1.0.0',
  "        env:",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of a workflow.
  "          VERSION: ${{ github.event.client_payload.version }}",
].join("\n");

describe("a registry apart from the code", () => {
  let github: LocalRegistry;
  let owner: string;
  let writer: { readonly token: string };
  beforeAll(async () => {
    github = await startLocalRegistry();
    owner = github.github.owner;
    for (const name of ["models", "serving", "shop"])
      await github.call("POST", "/user/repos", { name, auto_init: true });
    await github.call("PUT", `/repos/${owner}/serving/contents/.github/workflows/follow.yml`, {
      message: "Follow the model",
      content: Buffer.from(listener).toString("base64"),
    });
    // May write the code, and only see the registry.
    writer = (await github.call("POST", "/_local/users", { login: "cody", repo: "rain", role: "admin" })) as never;
  });
  afterAll(() => github.stop());

  const config = (notify: string) =>
    `registry: ${owner}/models\nmodels:\n  rain: { stages: [{ name: staging }, { name: production, notify: [${notify}] }] }\n`;

  /** A command in a checkout of one of the code repositories. */
  async function run(
    repository: string,
    command: string,
    more: Record<string, string> = {},
    notify = `${owner}/serving`,
    now = () => new Date(),
  ): Promise<Run> {
    const folder = mkdtempSync(join(github.folder, "checkout-"));
    mkdirSync(join(folder, ".github"));
    writeFileSync(join(folder, ".github/modelgate.yml"), config(notify));
    writeFileSync(join(folder, "model.onnx"), `the bytes of ${repository}`);
    const environment = { ...github.context.environment, GITHUB_REPOSITORY: `${owner}/${repository}`, ...more };
    let stdout = "";
    const note = (text: string) => {
      stdout += text;
    };
    const terminal = { stdout: note, stderr: () => {} };
    const context = { ...github.context, folder, environment, now };
    const status = await runProgram([...command.split(" "), "--json"], context, terminal, "0.0.0");
    return { status, document: JSON.parse(stdout) };
  }
  const refs = async (repository: string) =>
    ((await github.call("GET", `/repos/${owner}/${repository}/branches`)) as { name: string }[]).map(
      ({ name }) => name,
    );

  it("takes publishes, and leaves the code's repository as it is", async () => {
    const { status, document } = await run("rain", "publish rain --file model.onnx");
    expect({ status, state: document.state, version: document.version }).toEqual({
      status: 0,
      state: "published",
      version: "1.0.0",
    });
    expect(document.release.url).toContain(`${owner}/models/releases`);
    expect(await refs("rain")).toEqual(["main"]);
    expect(await refs("models")).toContain("modelgate/ledger");
    const { document: shown } = await run("rain", "registry show rain");
    expect(shown.models[0].versions).toHaveLength(1);
    const { document: named } = await run("rain", `registry show rain --repo ${owner}/models`);
    expect(named).toEqual(shown);
  });

  it("moves stages and tells the repositories of the stage, whose workflows start", async () => {
    await run("rain", "promote rain 1.0.0 staging");
    const { status, document } = await run("rain", "promote rain 1.0.0 production --reason tested");
    expect(status).toBe(0);
    expect(document.notified).toEqual([{ repository: `${owner}/serving`, problem: null }]);
    await github.github.idle();
    const { workflow_runs: runs } = (await github.call("GET", `/repos/${owner}/serving/actions/runs`)) as {
      workflow_runs: { event: string; conclusion: string }[];
    };
    expect(runs.map(({ event, conclusion }) => [event, conclusion])).toEqual([["repository_dispatch", "success"]]);
  });

  it("is read, verified, examined and downloaded from a checkout of the code", async () => {
    expect((await run("rain", "registry verify")).document.holds).toBe(true);
    expect((await run("rain", "registry resolve rain@production")).document.version).toBe("1.0.0");
    const out = join(github.folder, "downloaded");
    await run("rain", `registry download rain@production --out ${out}`);
    expect(readFileSync(join(out, "model.onnx"), "utf8")).toBe("the bytes of rain");
    const { document } = await run("rain", "doctor");
    expect(document.checks.find(({ id }: { id: string }) => id === "registry").message).toMatch(/holds: 5 events/);
  });

  it("does not undo a move that somebody could not be told of, and tells them again when asked", async () => {
    const missing = `${owner}/nowhere, ${owner}/serving`;
    await run("rain", "publish rain --file model.onnx --version 1.1.0-rc.1");
    await run("rain", "promote rain 1.1.0-rc.1 staging");
    const { status, document } = await run("rain", "promote rain 1.1.0-rc.1 production", {}, missing);
    expect(status).toBe(0);
    expect(document.notified).toEqual([
      { repository: `${owner}/nowhere`, problem: expect.stringMatching(/404/) },
      { repository: `${owner}/serving`, problem: null },
    ]);
    expect((await run("rain", "registry resolve rain@production")).document.version).toBe("1.1.0-rc.1");
    expect((await run("rain", "registry notify rain@production", {}, missing)).status).toBe(1);
    const again = await run("rain", "registry notify rain@production");
    expect(again).toMatchObject({ status: 0, document: { version: "1.1.0-rc.1", notified: [{ problem: null }] } });
    expect((await run("rain", "rollback rain --reason candidate")).document).toMatchObject({
      to: "1.0.0",
      notified: [{ problem: null }],
    });
  });

  it("finds a move that nobody was told of, says so, and tells it in a repair", async () => {
    await github.setFaults([{ method: "POST", path: "/repos/*/dispatches", when: "before", times: 100, status: 500 }]);
    const { document } = await run("rain", "promote rain 1.1.0-rc.1 production");
    await github.clearFaults();
    expect(document).toMatchObject({ state: "moved", notified: [{ problem: expect.stringContaining("500") }] });
    const soon = () => new Date(Date.now() + 3_600_000);
    const examine = async (command: string, now = soon) => {
      const { document: found } = await run("rain", command, {}, undefined, now);
      return found.checks.filter(({ id }: { id: string }) => id === "lost-dispatch");
    };
    // A promotion may still be telling.
    expect(await examine("doctor", () => new Date())).toEqual([]);
    expect(await examine("doctor")).toEqual([
      {
        id: "lost-dispatch",
        outcome: "problem",
        message: expect.stringMatching(
          new RegExp(
            `^production of rain holds 1\\.1\\.0-rc\\.1 since .* and nothing says that ${owner}/serving was told$`,
          ),
        ),
        hint: expect.stringContaining("modelgate registry notify rain@production"),
      },
    ]);
    await examine("doctor --repair");
    expect(await examine("doctor")).toEqual([]);
    const { document: history } = await run("rain", "registry history rain --limit 1");
    expect(history.events).toMatchObject([
      {
        event: "note",
        version: "1.1.0-rc.1",
        stage: "production",
        reason: expect.stringMatching(/^told .*\/serving of event/),
      },
    ]);
    await run("rain", "rollback rain --reason candidate");
  });

  it("refuses a second repository that means another model by the same name, and changes nothing", async () => {
    const head = async () => await github.call("GET", `/repos/${owner}/models/branches/modelgate%2Fledger`);
    const before = await head();
    for (const command of [
      "publish rain --file model.onnx",
      "promote rain 1.0.0 staging",
      "rollback rain --reason mine",
      "registry gc rain --keep-last 1",
    ]) {
      const { status, document } = await run("shop", command);
      expect({ command, status, message: document.problems?.[0].message, hint: document.problems?.[0].hint }).toEqual({
        command,
        status: 1,
        message: `the model rain of this registry belongs to ${owner}/rain`,
        hint: expect.stringContaining("shop-rain"),
      });
    }
    expect((await run("shop", "registry gc --keep-last 1")).document.models).toEqual([]);
    expect(await head()).toEqual(before);
  });

  it("tells its own repository's models from those of the code, both ways", async () => {
    const text = "models: { rain: {}, snow: {} }\n";
    const [home, away] = [join(github.folder, "home.yml"), join(github.folder, "away.yml")];
    writeFileSync(home, text);
    writeFileSync(away, `registry: ${owner}/models\n${text}`);
    for (const command of ["publish rain --file model.onnx", "promote rain 1.0.0 staging"])
      expect(await run("models", `${command} --config ${home}`)).toMatchObject({
        status: 1,
        document: { problems: [{ message: `the model rain of this registry belongs to ${owner}/rain` }] },
      });
    expect((await run("models", `publish snow --file model.onnx --config ${home}`)).status).toBe(0);
    const own = await github.call("PUT", `/repos/${owner}/models/contents/.github/modelgate.yml`, {
      message: "Publish snow here",
      content: Buffer.from(text).toString("base64"),
    });
    const refused = await run("shop", `publish snow --file model.onnx --config ${away}`);
    expect(refused.document.problems?.[0].message).toBe(`the model snow of this registry belongs to ${owner}/models`);
    expect((await run("shop", `registry gc --keep-last 1 --config ${away}`)).document.models).toEqual([]);
    // Code that moved out of the registry's repository takes its models along.
    await github.call("DELETE", `/repos/${owner}/models/contents/.github/modelgate.yml`, {
      message: "The code lives elsewhere now",
      sha: (own as { readonly content: { readonly sha: string } }).content.sha,
    });
    expect((await run("shop", `publish snow --file model.onnx --config ${away}`)).status).toBe(0);
    expect((await run("models", `promote snow 1.0.0 staging --config ${home}`)).status).toBe(1);
  });

  it("knows the code's repository again after it was renamed", async () => {
    const { session } = openRecordedSession({
      "GET /repos/octo/weather": { full_name: "octo/rain" },
      "GET /repos/octo/shop": { full_name: "octo/shop" },
    });
    const { tenant } = session.under({ registry: "octo/models" }).ledger;
    expect(await tenant?.findOther("rain", "octo/weather")).toBeNull();
    expect(await tenant?.findOther("rain", "octo/shop")).toBe("octo/shop");
    expect(await tenant?.findOther("rain", "octo/gone")).toBe("octo/gone");
  });

  it("says which token is missing when the registry cannot be written", async () => {
    const { status, document } = await run("rain", "promote rain 1.1.0-rc.1 production", {
      MODELGATE_REGISTRY_TOKEN: writer.token,
    });
    expect(status).toBe(3);
    expect(document.problems[0].hint).toMatch(/registry-token|MODELGATE_REGISTRY_TOKEN/);
  });

  it("is written by comment only for people who may write to it themselves", async () => {
    await github.call("PUT", `/repos/${owner}/rain/contents/.github/modelgate.yml`, {
      message: "Name the registry",
      content: Buffer.from(config(`${owner}/serving`)).toString("base64"),
    });
    const issue = (await github.call("POST", `/repos/${owner}/rain/issues`, { title: "it fails" })) as {
      number: number;
    };
    const { github: server, context } = github;
    const client = createGitHubClient({ apiUrl: server.url, token: server.token });
    const payload = { id: 1, name: "rain", default_branch: "main", owner: { login: owner } };
    const identity = { appId: 1, login: "modelgate[bot]" };
    const session = openSession(payload, client, { identity, publisher: "modelgate/modelgate", context });
    const say = async (by: string, version = "1.1.0-rc.1") => {
      const body = `/promote rain ${version} production it was fine`;
      const place = { issueNumber: issue.number, isPullRequest: false, isOpen: true, commentUrl: "", byPerson: true };
      await handleComment({ ...place, body, by }, session);
      const comments = (await github.call("GET", `/repos/${owner}/rain/issues/${issue.number}/comments`)) as {
        body: string;
      }[];
      return comments.at(-1)?.body;
    };
    expect(await say("cody")).toMatch(/refused[\s\S]*cody may not write to the registry/);
    expect(await say(owner)).toMatch(/is in \*\*`?production`?\*\* now/);
    // A file of it was replaced by hand since: the comment moves nothing.
    await replaceAsset(github, `${owner}/models`, "rain@1.0.0", "model.onnx");
    expect(await say(owner, "1.0.0")).toMatch(/refused[\s\S]*bytes of model\.onnx of rain@.?1\.0\.0 are not those/);
    expect((await run("rain", "registry resolve rain@production")).document.version).toBe("1.1.0-rc.1");
  });

  it("left nothing behind in the checkouts", () => {
    expect(readdirSync(join(github.folder, "downloaded")).sort()).toEqual(["manifest.json", "model.onnx"]);
  });
});
