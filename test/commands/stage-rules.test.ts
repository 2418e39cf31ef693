// Who may move a stage, after whose word, and with which card: through the command and through the App's comment, on one ledger.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { handleComment } from "../../app/handlers/issue-comment.ts";
import { openSession } from "../../app/session.ts";
import { runProgram } from "../../src/cli/program.ts";
import { createGitHubClient } from "../../src/github/client.ts";
import { type LocalRegistry, startLocalRegistry } from "./local-registry.ts";

const config = (more = "") =>
  `models:\n  rain:${more}\n    stages:\n      - { name: staging }\n      - { name: production, promotes-from: staging, approvals: 1, who: { permission: maintain, users: [cat], teams: [ml] } }\n`;

let registry: LocalRegistry;
let at: string;
let issue: number;
const tokens = new Map<string, string>();

beforeAll(async () => {
  registry = await startLocalRegistry();
  at = `/repos/${registry.repository}`;
  mkdirSync(join(registry.folder, ".github"));
  writeFileSync(join(registry.folder, ".github/modelgate.yml"), config());
  await registry.call("PUT", `${at}/contents/.github/modelgate.yml`, {
    message: "Say who may",
    content: Buffer.from(config()).toString("base64"),
  });
  for (const [login, role] of [
    ["ann", "maintain"],
    ["bob", "write"],
    ["cat", "write"],
    ["dan", "write"],
  ] as const) {
    const made = (await registry.call("POST", "/_local/users", { login, repo: registry.repository, role })) as {
      readonly token: string;
    };
    tokens.set(login, made.token);
  }
  issue = ((await registry.call("POST", `${at}/issues`, { title: "it is time" })) as { number: number }).number;
  for (const version of ["1.0.0", "1.1.0"]) {
    await registry.publish(version, { version });
    await registry.promote(version, "staging");
  }
});
afterAll(() => registry.stop());
afterEach(() => registry.clearFaults());

/** The command with somebody's token. */
async function run(login: string, command: string) {
  let stdout = "";
  const note = (text: string) => {
    stdout += text;
  };
  const terminal = { stdout: note, stderr: () => {} };
  const own = { GITHUB_REPOSITORY: registry.repository, GITHUB_TOKEN: tokens.get(login) ?? "" };
  const context = { ...registry.context, environment: { ...registry.context.environment, ...own } };
  const status = await runProgram([...command.split(" "), "--json"], context, terminal, "0.0.0");
  const document = JSON.parse(stdout);
  return { status, document, problems: document.problems?.map(({ message }: { message: string }) => message) };
}

/** The App's answer to a comment. */
async function comment(by: string, body: string): Promise<string> {
  const { github, context } = registry;
  const client = createGitHubClient({ apiUrl: github.url, token: github.token });
  const payload = { id: 1, name: "rain", default_branch: "main", owner: { login: github.owner } };
  const identity = { appId: 1, login: "modelgate[bot]" };
  const session = openSession(payload, client, { identity, publisher: "modelgate/modelgate", context });
  const place = { issueNumber: issue, isPullRequest: false, isOpen: true, commentUrl: "", byPerson: true };
  await handleComment({ ...place, body, by }, session);
  const comments = (await registry.call("GET", `${at}/issues/${issue}/comments?per_page=100`)) as { body: string }[];
  return comments.at(-1)?.body ?? "";
}

/** What GitHub says of the team `ml`. */
async function member(login: string, state: string): Promise<void> {
  await registry.clearFaults();
  await registry.setFaults([
    {
      method: "GET",
      path: `/orgs/*/teams/ml/memberships/${login}`,
      when: "before",
      times: 100,
      status: 200,
      body: JSON.stringify({ url: "https://github.test", role: "member", state }),
    },
  ]);
}
const readStages = async () => (await run("ann", "registry show rain")).document.models[0].stages;
const readEvents = async () => (await run("ann", "registry history rain")).document.events.length;

describe("a stage with rules", () => {
  it("is moved by nobody who may not, whatever way they ask, and keeps what it holds", async () => {
    const before = await readEvents();
    const refused = await run("bob", "promote rain 1.0.0 production");
    expect(refused).toMatchObject({
      status: 1,
      problems: ["bob may not set the stage production", "rain@1.0.0 has 0 of 1 approvals for production"],
    });
    expect(refused.document.problems[0]).toMatchObject({
      expected: "permission maintain or more, cat, team ml",
      received: "permission write",
    });
    expect(await run("bob", "promote rain 1.0.0 production --approve")).toMatchObject({ status: 1 });
    expect(await comment("bob", "/promote rain 1.0.0 production now")).toMatch(
      /refused[\s\S]*bob may not set the stage/,
    );
    expect(await comment("ann", "/promote rain 1.0.0 production now")).toMatch(/refused[\s\S]*0 of 1 approvals/);
    expect((await run("ann", "promote rain 1.0.0 production")).problems).toEqual([
      "rain@1.0.0 has 0 of 1 approvals for production",
    ]);
    expect([await readStages(), await readEvents()]).toEqual([{ staging: "1.1.0" }, before]);
  });

  it("counts the word of others only, of those whom the rule names, and once", async () => {
    for (const _ of [1, 2]) expect((await run("cat", "promote rain 1.0.0 production --approve")).status).toBe(0);
    expect((await run("cat", "promote rain 1.0.0 production")).problems).toEqual([
      "rain@1.0.0 has 0 of 1 approvals for production",
    ]);
    expect(await comment("ann", "/promote rain 1.0.0 production a week on staging")).toMatch(/is in \*\*`?production/);
    const { document } = await run("ann", "registry history rain --limit 1");
    expect(document.served.find(({ stage }: { stage: string }) => stage === "production")).toMatchObject({
      version: "1.0.0",
      actor: "ann",
      reason: "a week on staging",
      approvals: [{ actor: "cat" }],
    });
  });

  it("knows members of a team, and those who were only asked to join it not", async () => {
    await member("dan", "pending");
    expect((await run("dan", "promote rain 1.1.0 production --approve")).status).toBe(1);
    await member("dan", "active");
    expect((await run("dan", "promote rain 1.1.0 production --approve")).status).toBe(0);
    await registry.clearFaults();
    expect(await run("dan", "rollback rain --reason no")).toMatchObject({
      status: 1,
      problems: ["dan may not set the stage production"],
    });
    expect((await run("ann", "promote rain 1.1.0 production")).status).toBe(0);
    expect(await comment("bob", "/rollback rain it fails")).toMatch(/refused[\s\S]*bob may not/);
    await member("dan", "active");
    expect(await comment("dan", "/rollback rain it fails")).toMatch(/1\.0\.0/);
    expect(await readStages()).toEqual({ production: "1.0.0", staging: "1.1.0" });
  });

  it("is not entered around its rules by a rollback to a version that it never held", async () => {
    await registry.publish("never there", { version: "1.2.0" });
    const before = await readEvents();
    const refused = await run("ann", "rollback rain --to 1.2.0 --reason no");
    expect(refused).toMatchObject({
      status: 1,
      problems: [
        "production never held rain@1.2.0: to go there is a promotion, and its rules say no",
        "rain@1.2.0 was never in staging, from which production takes its versions",
        "rain@1.2.0 has 0 of 1 approvals for production",
      ],
    });
    expect(refused.document.problems[0]).toMatchObject({ expected: "one that it held: 1.1.0, 1.0.0" });
    expect((await run("ann", "rollback rain --to 1.2.0 --dry-run")).status).toBe(1);
    expect(await comment("ann", "/rollback rain 1.2.0 it fails")).toMatch(/refused[\s\S]*never held/);
    expect(await readEvents()).toBe(before);
    for (const who of ["ann", "cat"]) await run(who, "promote rain 1.2.0 production --approve");
    expect((await run("ann", "promote rain 1.2.0 staging")).status).toBe(0);
    expect((await run("ann", "rollback rain --to 1.2.0 --reason now")).status).toBe(0);
    expect((await run("ann", "rollback rain --to 1.0.0 --reason back")).status).toBe(0);
  });

  it("takes only what passed its gates where it asks for them", async () => {
    const own = join(registry.folder, "gated.yml");
    const write = (gates: string) =>
      writeFileSync(own, `models:\n  rain:${gates}\n    stages: [{ name: staging, requires: [gates] }]\n`);
    const before = await readEvents();
    write("\n    task: binary\n    label: rained\n    gates: [roc_auc >= 0.8]");
    expect(await run("ann", `promote rain 1.0.0 staging --config ${own}`)).toMatchObject({
      status: 1,
      problems: ["rain@1.0.0 was never judged, and staging asks for gates that were passed"],
    });
    write("");
    expect(await run("ann", `promote rain 1.0.0 staging --config ${own}`)).toMatchObject({
      status: 2,
      problems: ["asks for gates, and the model has none"],
    });
    expect(await readEvents()).toBe(before);
  });

  it("takes no version whose published card lacks what is required now", async () => {
    const write = (card: string) => writeFileSync(join(registry.folder, ".github/modelgate.yml"), config(card));
    write("\n    card: { file: CARD.md, required: [limits, verify] }");
    const before = await readEvents();
    const refused = await run("ann", "promote rain 1.0.0 staging");
    expect(refused).toMatchObject({
      status: 1,
      problems: ["the model card of rain@1.0.0 lacks required sections: limits, verify"],
    });
    expect(refused.document.problems[0]).toMatchObject({ received: "no card.md beside the model" });
    expect((await run("ann", "promote rain 1.0.0 staging --dry-run")).status).toBe(1);
    expect(await readEvents()).toBe(before);
    writeFileSync(join(registry.folder, "CARD.md"), "## Limits\nNo snow.\n");
    writeFileSync(join(registry.folder, "carded.onnx"), "carded");
    expect((await run("ann", "publish rain --file carded.onnx --version 2.0.0")).status).toBe(0);
    expect((await run("ann", "promote rain 2.0.0 staging")).status).toBe(0);
    write("");
    expect((await run("ann", "promote rain 1.0.0 staging")).status).toBe(0);
  });
});
