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
    const { writes, replies } = await say({}, answer);
    expect(writes.map(({ route }) => route)).toEqual(["POST /repos/octo/rain/issues/4/comments"]);
    expect(replies[0]).toContain("needs the right to maintain");
    expect(replies[0]).toContain("Nothing was changed");
  });

  test.each([404, 403, 500])("is refused when GitHub answers %d to who may what", async (status) => {
    const { writes, replies, log } = await say({}, { [permission("ann")]: status });
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

  test("needs at least maintain, whichever it is", () => {
    expect(slashCommands.map(({ name, needs }) => [name, needs])).toEqual([
      ["accept", "maintain"],
      ["rollback", "maintain"],
      ["promote", "maintain"],
    ]);
  });
});
