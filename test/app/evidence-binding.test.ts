// What evidence has to fit, shown by the App over HTTP: its run, a base commit, the rows the lock pins; and how the rows' uses are counted.
import { describe, expect, test } from "vitest";
import { commit, listChecks, listComments, startWorld, type World } from "./app-process.ts";

const rows = "5".repeat(64);
const evaluationData = { source: "e.csv", window: null, sha256: rows, rows: 90 };
const lock = (sha256: string) => {
  const evaluation = { source: "e.csv", window: null, sha256, rows: 90, columns: ["id", "y"] };
  return `${JSON.stringify({ version: 1, models: { rain: { train: null, evaluation } } }, null, 2)}\n`;
};
const patch = (fields: object) => ({ "model/patch.json": JSON.stringify({ rain: { evaluationData }, ...fields }) });

async function readUses(world: World) {
  const { data } = await world.owner.rest.repos.getContent({
    ...world.at,
    path: "models/rain/stages.json",
    ref: "modelgate/ledger",
    mediaType: { format: "raw" },
  });
  return JSON.parse(data as unknown as string).evaluationUses as { uses: number }[];
}

async function startPinnedWorld(): Promise<World> {
  const world = await startWorld();
  await commit(world.owner, world.at, "main", { "modelgate.lock": lock(rows) });
  await world.github.idle();
  return world;
}

const readBody = async (world: World, number: number) => (await listComments(world, number))[0]?.body ?? "";

describe("an evaluation set in the App's hands", () => {
  test("is counted once for each change it judges, and the comment says which; a ledger that cannot be written turns nothing", async () => {
    const world = await startPinnedWorld();
    const first = await world.propose("first", "pass", patch({}));
    const second = await world.propose("second", "pass", patch({}));
    expect(await readBody(world, first.number)).toContain("judged its 1st change");
    expect(await readBody(world, second.number)).toContain("judged its 2nd change");
    const [check] = await listChecks(world, first.headSha);
    await world.owner.rest.checks.rerequestRun({ ...world.at, check_run_id: check?.id ?? 0 });
    await world.github.idle();
    expect(await readBody(world, first.number)).toContain("judged its 1st change");
    expect(await readUses(world)).toMatchObject([{ sha256: rows, uses: 2 }]);
    await fetch(`${world.github.url}/_local/faults`, {
      method: "POST",
      headers: { authorization: `Bearer ${world.github.token}`, "content-type": "application/json" },
      body: JSON.stringify([{ method: "PATCH", path: "*/git/refs/heads/modelgate/ledger", times: 500, status: 403 }]),
    });
    const third = await world.propose("third", "pass", patch({}));
    expect(await listChecks(world, third.headSha)).toMatchObject([{ conclusion: "success" }]);
    expect(world.app.log()).toContain("warning: that the evaluation set of rain was used could not be counted");
    expect(await readUses(world)).toMatchObject([{ uses: 2 }]);
  }, 60_000);
});

describe("evidence in the App's hands", () => {
  test("counts only when it fits its run, its head, the base branch and the rows that the lock pins", async () => {
    const world = await startPinnedWorld();
    const cases: readonly (readonly [string, object, RegExp])[] = [
      ["other-run", { workflowRun: { id: 1, attempt: 1 } }, /says that run 1 .* made it/],
      ["foreign-base", { baseSha: "d".repeat(40) }, /commit that main does not hold/],
      [
        "other-rows",
        { rain: { evaluationData: { ...evaluationData, sha256: "6".repeat(64) } } },
        /judged on other rows than the lock/,
      ],
      ["other-head", { headSha: "e".repeat(40) }, /speaks of commit `eeeeeee`/],
    ];
    for (const [branch, fields, reason] of cases) {
      const pull = await world.propose(branch, "pass", patch(fields));
      expect(await listChecks(world, pull.headSha), branch).toMatchObject([{ conclusion: "failure" }]);
      expect((await readBody(world, pull.number)).replaceAll("\\", "")).toMatch(reason);
    }
    await expect(readUses(world)).rejects.toMatchObject({ status: 404 });
  }, 60_000);
});
