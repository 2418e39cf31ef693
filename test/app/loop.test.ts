// The App beside a local GitHub, over HTTP with signed webhooks: a head arrives, a workflow ends, a maintainer decides.
import { describe, expect, test } from "vitest";
import { expectNoViolations } from "../github/testing.ts";
import { commit, listChecks, listComments, startWorld } from "./app-process.ts";

describe("the App", () => {
  test("shows one comment and one check, keeps them up to date, and lets a maintainer accept", async () => {
    const world = await startWorld();
    const { github, owner, at } = world;

    const good = await world.propose("better", "pass");
    const [check, ...others] = await listChecks(world, good.headSha);
    expect(world.app.log()).toBe("");
    expect(others).toEqual([]);
    expect(check).toMatchObject({ status: "completed", conclusion: "success" });
    const [comment, ...more] = await listComments(world, good.number);
    expect(more).toEqual([]);
    expect(comment?.user?.login).toBe("modelgate[bot]");
    expect(comment?.body).toMatch(/^<!-- modelgate -->/);
    expect(comment?.body).toContain("self-reported");

    const headSha = await commit(owner, at, "better", { "model/outcome": "inconclusive\n" });
    await github.idle();
    const [next] = await listChecks(world, headSha);
    expect(next).toMatchObject({ status: "completed", conclusion: "action_required" });
    const [same, ...none] = await listComments(world, good.number);
    expect(none).toEqual([]);
    expect(same?.id).toBe(comment?.id);
    expect(same?.body).toContain("inconclusive");

    const writer = await world.addPerson("writer", "write");
    const maintainer = await world.addPerson("maintainer", "maintain");
    const say = async (by: typeof owner, body: string) => {
      await by.rest.issues.createComment({ ...at, issue_number: good.number, body });
      await github.idle();
      return (await listComments(world, good.number)).at(-1)?.body ?? "";
    };
    expect(await say(writer, "/accept rain roc_auc I think it is fine")).toContain("needs the right to maintain");
    expect((await listChecks(world, headSha))[0]?.conclusion).toBe("action_required");
    expect(await say(maintainer, "/accept rain f1 it is fine")).toContain("does not stand in the way");
    expect(await say(maintainer, "/accept rain roc_auc")).toContain("was refused");
    expect(await say(maintainer, "/accept rain roc_auc the sensor changes next week")).toContain(
      "is accepted by @maintainer",
    );
    expect((await listChecks(world, headSha))[0]?.conclusion).toBe("success");
    const { data: event } = await owner.rest.repos.getContent({
      ...at,
      path: "events/000/000001.json",
      ref: "modelgate/ledger",
      mediaType: { format: "raw" },
    });
    expect(JSON.parse(event as unknown as string)).toMatchObject({
      event: "accept",
      model: "rain",
      actor: "maintainer",
      reason: "the sensor changes next week",
      details: { gate: "roc_auc drop", headSha },
    });
    expectNoViolations(github);
  }, 60_000);

  test("does not believe evidence of a pull request that changes workflows", async () => {
    const world = await startWorld();
    const pull = await world.propose("trust-me", "pass", {
      ".github/workflows/other.yml": "name: other\non: push\njobs: {}\n",
    });
    const [check] = await listChecks(world, pull.headSha);
    expect(check).toMatchObject({ conclusion: "action_required" });
    expect((await listComments(world, pull.number))[0]?.body).toContain("self-reported");
  }, 60_000);
});
