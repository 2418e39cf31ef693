// Who may say what, where: a command is obeyed, refused once with the reason, or not a command at all.
import { describe, expect, test } from "vitest";
import { handleComment, type NewComment } from "../../app/handlers/issue-comment.ts";
import { slashCommands } from "../../app/slash-commands/catalog.ts";
import { parseSlashCommand } from "../../app/slash-commands/parse-slash-command.ts";
import { type Answers, openRecordedSession } from "./recorded-github.ts";

describe("parseSlashCommand", () => {
  test.each([
    ["/accept rain f1 why", { name: "accept", words: ["rain", "f1", "why"] }],
    ["  /rollback  rain \t now\r\nmore", { name: "rollback", words: ["rain", "now"] }],
    ["/promote", { name: "promote", words: [] }],
  ])("reads %j", (body, call) => {
    expect(parseSlashCommand(body)).toEqual(call);
  });

  test.each([
    "> /accept rain f1 quoted",
    "    /accept rain f1 code",
    "\t/accept rain f1 code",
    "```\n/accept rain f1 fenced\n```",
    "`/accept rain f1 code`",
    "<!-- /accept rain f1 hidden -->",
    "please /accept rain f1",
    "\n/accept rain f1 second line",
    "//accept rain",
    "/Accept rain f1 upper",
    `/accept rain f1 ${"x".repeat(2000)}`,
    "",
  ])("sees no command in %#", (body) => {
    expect(parseSlashCommand(body)).toBeNull();
  });
});

const permission = (login: string) => `GET /repos/octo/rain/collaborators/${login}/permission`;
const allowed = (role: string) => ({ permission: role === "maintain" ? "write" : role, role_name: role });

async function say(comment: Partial<NewComment>, answers: Answers = {}) {
  const { session, asked, log } = openRecordedSession({
    "POST /repos/octo/rain/issues/4/comments": { id: 1, html_url: "", user: null },
    ...answers,
  });
  const whole: NewComment = {
    body: "/rollback rain 1.0.0 it is wrong",
    by: "ann",
    byPerson: true,
    commentUrl: "",
    issueNumber: 4,
    isPullRequest: false,
    isOpen: true,
    ...comment,
  };
  await handleComment(whole, session);
  const writes = asked.filter(({ route }) => !route.startsWith("GET "));
  const replies = writes.map(({ body }) => String((body as { body?: string }).body));
  return { asked, log, writes, replies };
}

const acceptance = { body: "/accept rain f1 it is fine", isPullRequest: true };

describe("a slash command", () => {
  test.each([
    ["read", 200],
    ["triage", 200],
    ["write", 200],
    ["none", 200],
    ["release-manager", 200],
  ])("of somebody with the role %s is refused once and changes nothing", async (role) => {
    const answer = {
      [permission("ann")]: { ...allowed(role), permission: role === "release-manager" ? "write" : role },
    };
    const { writes, replies } = await say(acceptance, answer);
    expect(writes.map(({ route }) => route)).toEqual(["POST /repos/octo/rain/issues/4/comments"]);
    expect(replies[0]).toContain("needs the right to maintain");
    expect(replies[0]).toContain("Nothing was changed");
  });

  test.each([404, 403, 500])("is refused when GitHub answers %d to who may what", async (status) => {
    const { writes, replies, log } = await say(acceptance, { [permission("ann")]: status });
    expect(writes).toHaveLength(1);
    expect(replies[0]).toContain("did not say whether you have it");
    expect(log.join()).toContain("permission of ann");
  });

  test.each<[string, Partial<NewComment>]>([
    ["of a bot", { byPerson: false }],
    ["in a quote", { body: "> /rollback rain 1.0.0 x" }],
    ["in code", { body: "```\n/rollback rain 1.0.0 x\n```" }],
    ["that nobody knows", { body: "/merge now" }],
  ])("%s is not one: nothing is even asked", async (_, comment) => {
    const { asked } = await say(comment, { [permission("ann")]: allowed("admin") });
    expect(asked).toEqual([]);
  });

  test("on what is closed is answered and does nothing", async () => {
    const { writes, replies } = await say({ isOpen: false }, { [permission("ann")]: allowed("admin") });
    expect(writes).toHaveLength(1);
    expect(replies[0]).toContain("closed");
  });

  test.each([
    ["/rollback", "no .github/modelgate.yml"],
    ["/promote rain 1.0.0 production", "are needed"],
    ["/promote", "are needed"],
    ["/accept rain f1 why", "belongs on a pull request"],
  ])("%j of a maintainer is refused with usage", async (body, reason) => {
    const { writes, replies } = await say({ body }, { [permission("ann")]: allowed("maintain") });
    expect(writes).toHaveLength(1);
    expect(replies[0]).toContain("was refused. Nothing was changed.");
    expect(replies[0]?.replaceAll("\\", "")).toContain(reason);
    expect(replies[0]).toContain("Usage:");
  });

  test("that fails at GitHub says so without what GitHub said", async () => {
    const { replies } = await say(
      {},
      { [permission("ann")]: allowed("admin"), "GET /repos/octo/rain/contents/.github/modelgate.yml": 401 },
    );
    expect(replies).toHaveLength(1);
    expect(replies[0]).toContain("GitHub failed");
  });

  test("needs maintain, or what the stage it moves asks for", () => {
    expect(slashCommands.map(({ name, needs }) => [name, needs])).toEqual([
      ["accept", "maintain"],
      ["rollback", "stage-rule"],
      ["promote", "stage-rule"],
    ]);
  });
});

describe("a command that moves a stage", () => {
  const configOf = (who: string) => {
    const text = `version: 1\nmodels:\n  rain:\n    stages: [{ name: production${who} }]\n`;
    const content = Buffer.from(text).toString("base64");
    return { type: "file", encoding: "base64", size: text.length, content };
  };
  const inTeam = "GET /orgs/octo/teams/ops/memberships/ann";
  const ask = (body: string, who: string, more: Answers) =>
    say({ body }, { "GET /repos/octo/rain/contents/.github/modelgate.yml": configOf(who), ...more });

  describe.each(["/promote rain 1.0.0 production it is good", "/rollback rain it is bad"])("%s", (body) => {
    test.each<[string, string, Answers]>([
      ["a writer, where the config names nobody", "", { [permission("ann")]: allowed("write") }],
      [
        "a maintainer who is not the one that is named",
        ", who: { users: [bob] }",
        { [permission("ann")]: allowed("maintain") },
      ],
      ["a reader, where writers may", ", who: { permission: write }", { [permission("ann")]: allowed("read") }],
      ["a stranger, where readers may", ", who: { permission: read }", { [permission("ann")]: allowed("none") }],
      [
        "somebody outside the team",
        ", who: { teams: [ops] }",
        { [permission("ann")]: allowed("admin"), [inTeam]: 404 },
      ],
      [
        "somebody whose membership is pending",
        ", who: { teams: [ops] }",
        { [permission("ann")]: allowed("admin"), [inTeam]: { state: "pending", role: "member", url: "" } },
      ],
    ])("of %s is refused", async (_, who, more) => {
      const { writes, replies } = await ask(body, who, more);
      expect(writes).toHaveLength(1);
      expect(replies[0]).toContain("may not set the stage production");
    });

    test.each<[string, string, Answers]>([
      ["the permission", "", { [permission("ann")]: 500 }],
      ["the permission of one who is named", ", who: { users: [ann] }", { [permission("ann")]: 403 }],
      ["the team", ", who: { teams: [ops] }", { [permission("ann")]: allowed("admin"), [inTeam]: 500 }],
    ])("is refused when GitHub does not say %s", async (_, who, more) => {
      const { writes, replies } = await ask(body, who, more);
      expect(writes).toHaveLength(1);
      expect(replies[0]).toContain("GitHub did not say what ann may");
    });

    test.each<[string, string, Answers]>([
      ["a maintainer, where the config names nobody", "", { [permission("ann")]: allowed("maintain") }],
      ["a reader who is named", ", who: { users: [Ann] }", { [permission("ann")]: allowed("read") }],
      ["a writer, where writers may", ", who: { permission: write }", { [permission("ann")]: allowed("write") }],
      [
        "a reader in the team",
        ", who: { teams: [ops] }",
        { [permission("ann")]: allowed("read"), [inTeam]: { state: "active", role: "member", url: "" } },
      ],
    ])("of %s gets as far as the registry", async (_, who, more) => {
      const { asked } = await ask(body, who, more);
      expect(asked.map(({ route }) => route).join()).toContain("modelgate/ledger");
    });
  });
});
